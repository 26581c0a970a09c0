"""Beginning a conversation, and having seen it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from helpdesk.common import clock
from helpdesk.common.contact import normalise_email, normalise_phone
from helpdesk.common.errors import InvalidInput, NotAllowed
from helpdesk.common.text import clean_text
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.commerce import CommerceUnavailable, Who, look_up
from people.models import Customer, Shop, shop_name_key
from people.services import NewCustomer, know_customer
from seller_chat.masking import mask_contacts
from seller_chat.models import Conversation
from seller_chat.services.parts import Sender, State, feeds, record, side_of

MAX_ORDER, MAX_PRODUCT = 40, 120


def open_conversation(
    *, actor: Actor, shop: Shop, order_number: str = "", product: str = "", buyer: Customer
) -> Conversation:
    """The conversation of this buyer with the shop about one order or one product, new or not.

    The buyer opens it, or a connected system for them. Raises InvalidInput where the order is not
    this buyer's with this shop.
    """
    if not feeds(actor) and (actor.user is None or buyer.user_id != actor.user.pk):
        raise NotAllowed(_("Only buyers begin a conversation."))
    if actor.user is not None and shop.sellers.filter(pk=actor.user.pk).exists():
        raise NotAllowed(_("This is your own shop."))
    number = clean_text(order_number, field="order_number", max_length=MAX_ORDER)
    name = mask_contacts(clean_text(product, field="product", max_length=MAX_PRODUCT)).text
    if bool(number) == bool(name):
        message = _("Choose one of your orders, or name a product.")
        raise InvalidInput(message, code="about_what", fields={"product": message})
    if number and not feeds(actor):
        _require_own_order(buyer, shop, number)
    with transaction.atomic():
        now = clock.now()
        conversation, made = Conversation.objects.get_or_create(
            shop=shop,
            buyer=buyer,
            order_number=number,
            product=name[:MAX_PRODUCT],
            defaults={
                "stage": Conversation.Stage.AFTER_SALE if number else Conversation.Stage.PRE_SALE,
                "opened_at": now,
                "last_message_at": now,
            },
        )
        if made:
            record(conversation, actor=actor, kind="opened", at=now, stage=conversation.stage)
    return conversation


def buyer_known_by(*, actor: Actor, name: str = "", email: str = "", phone: str = "") -> Customer:
    """The buyer for whom a connected system opens a conversation, made known if new."""
    if not feeds(actor):
        raise NotAllowed(_("Only connected systems name the buyer."))
    address = normalise_email(email) if email else ""
    number = normalise_phone(phone) if phone else ""
    if not address and not number:
        message = _("Name the buyer by an e-mail address or a phone number.")
        raise InvalidInput(message, code="no_contact", fields={"buyer": message})
    known_as = clean_text(name, field="buyer.name", max_length=150) or address or number
    return know_customer(NewCustomer(name=known_as, email=address, phone=number))


def _require_own_order(buyer: Customer, shop: Shop, number: str) -> None:
    who = Who(email=buyer.email or "", phone=buyer.phone or "", order_number=number)
    try:
        orders = look_up(who).orders
    except CommerceUnavailable as error:
        message = _("Your orders cannot be looked up right now. Name the product instead.")
        raise InvalidInput(message, code="orders_unavailable") from error
    own = (order for order in orders if order.number == number)
    if not any(shop_name_key(order.shop) == shop.name_key for order in own):
        message = _("You have no such order with this shop.")
        raise InvalidInput(message, code="unknown_order", fields={"order_number": message})


def mark_seen(*, actor: Actor, conversation_id: int, up_to: int, side: str = "") -> None:
    """The actor's side has had the messages up to this id on screen. Never goes back."""
    conversation = Conversation.objects.select_related("buyer").get(pk=conversation_id)
    whose = side_of(actor, conversation, side)
    delivered = conversation.messages.filter(pk__lte=up_to).exclude(
        state__in=[State.HELD, State.REFUSED]
    )
    newest = delivered.aggregate(pk=Max("pk"))["pk"] or 0
    field = "buyer_seen" if whose == Sender.BUYER else "shop_seen"
    rows = Conversation.objects.filter(pk=conversation_id, **{f"{field}__lt": newest})
    rows.update(**{field: newest})
