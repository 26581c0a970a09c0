"""A buyer begins a conversation: about an order, or a product of a shop."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helpdesk.common.errors import InvalidInput, NotAllowed, Refusal, TooMany
from people.commerce import CommerceUnavailable, Order, Who, look_up
from people.models import Customer, Shop, shop_name_key
from seller_chat.models import Conversation
from seller_chat.services import open_conversation, send_message
from seller_chat.talk_forms import BeginForm
from seller_chat.talks import own_customer
from seller_chat.views.edge import ChatRequest, chat_page


@chat_page
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: ChatRequest) -> HttpResponse:
    buyer = own_customer(request.actor)
    if buyer is None:
        raise PermissionDenied
    orders = _orders_of(buyer)
    choices = [(each.number, _words(each)) for each in orders]
    posted = request.POST if request.method == "POST" else None
    form = BeginForm(posted, orders=choices, initial={"order": ""})
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("chat:buyer", _begin(request, buyer, form, orders).key)
        except (NotAllowed, TooMany):
            raise
        except Refusal as refusal:
            form.take(refusal)
    status = 400 if form.errors else 200
    return render(request, "seller_chat/begin.html", {"form": form}, status=status)


def _orders_of(buyer: Customer) -> list[Order]:
    """The latest ones at shops that are here; none while they cannot be looked up."""
    try:
        found = look_up(Who(email=buyer.email or "", phone=buyer.phone or "")).orders
    except CommerceUnavailable:
        return []
    keys = {shop_name_key(order.shop) for order in found}
    known = set(Shop.objects.filter(name_key__in=keys).values_list("name_key", flat=True))
    return [order for order in found if shop_name_key(order.shop) in known]


def _words(order: Order) -> str:
    goods = ", ".join(item.name for item in order.items)
    return f"{order.shop}: {goods} ({order.number})"


def _begin(
    request: ChatRequest, buyer: Customer, form: BeginForm, orders: list[Order]
) -> Conversation:
    said = form.cleaned_data
    order = next((each for each in orders if each.number == said["order"]), None)
    name = order.shop if order else said["shop"]
    shop = Shop.objects.filter(name_key=shop_name_key(name)).first()
    if shop is None:
        message = _("There is no shop of this name.")
        raise InvalidInput(message, code="unknown_shop", fields={"shop": message})
    conversation = open_conversation(
        actor=request.actor,
        shop=shop,
        order_number=order.number if order else "",
        product="" if order else said["product"],
        buyer=buyer,
    )
    send_message(
        actor=request.actor,
        conversation_id=conversation.pk,
        body=said["body"],
        submission_key=form.key,
    )
    return conversation
