"""What every verb of Buyer Messages begins and ends with: the locks, and the event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from helpdesk.common.errors import InvalidInput, NotAllowed
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import Shop, organisation
from seller_chat.models import ChatEvent, ChatMessage, Conversation, HolidayMode
from seller_chat.rule import Closed

Sender = ChatMessage.Sender
State = ChatMessage.State
_HOLIDAYS = "seller_chat holiday mode"


def profile() -> dict[str, Any]:
    """The numbers of Buyer Messages, as the organisation's profile has them."""
    numbers: dict[str, Any] = organisation()["buyer_messages"]
    return numbers


def hold_holidays(shop_id: int) -> None:
    """Nobody switches the shop's Holiday Mode until this transaction ends; others may hold it too.

    Taken before the conversation by whoever may open a clock: then no clock opens between a switch
    and the clocks that it moves.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock_shared(hashtext(%s), %s)", [_HOLIDAYS, shop_id]
        )


def hold_holidays_alone(shop_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [_HOLIDAYS, shop_id])


def lock_conversation(pk: int) -> Conversation:
    """The conversation, locked until the transaction ends; first of all rows that a verb locks."""
    return (
        Conversation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("shop", "buyer")
        .get(pk=pk)
    )


def closed_spans(shop_id: int, since: datetime) -> Sequence[Closed]:
    """The shop's Holiday Mode from an instant on, begun or planned."""
    rows = HolidayMode.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=since), shop=shop_id)
    return [Closed(*row) for row in rows.values_list("begins_at", "ends_at")]


def is_buyer(actor: Actor, conversation: Conversation) -> bool:
    return actor.user is not None and conversation.buyer.user_id == actor.user.pk


def sells_in(actor: Actor, shop_id: int) -> bool:
    return actor.user is not None and Shop.objects.filter(pk=shop_id, sellers=actor.user).exists()


def feeds(actor: Actor) -> bool:
    """Another system that hands on what both sides write elsewhere."""
    return actor.is_system or actor.may("receive_for_others")


def side_of(actor: Actor, conversation: Conversation, claimed: str = "") -> str:
    """For whom the actor speaks: 'buyer' or 'seller'. A connected system says it (`claimed`).

    Raises NotAllowed to strangers, InvalidInput (`side_needed`) where a system does not say it.
    """
    if is_buyer(actor, conversation):
        return str(Sender.BUYER)
    if sells_in(actor, conversation.shop_id):
        return str(Sender.SELLER)
    if feeds(actor):
        if claimed in (Sender.BUYER, Sender.SELLER):
            return claimed
        message = _("Say for which side you speak: buyer or seller.")
        raise InvalidInput(message, code="side_needed", fields={"side": message})
    raise NotAllowed(_("Only the buyer and the shop can do this."))


def require_side(actor: Actor, conversation: Conversation, side: str, claimed: str = "") -> None:
    if side_of(actor, conversation, claimed or side) != side:
        raise NotAllowed(_("This is for the other side of the conversation."))


def record(
    conversation: Conversation, *, actor: Actor, kind: str, at: datetime, **data: Any
) -> ChatEvent:
    return ChatEvent.objects.create(
        shop_id=conversation.shop_id,
        conversation=conversation,
        at=at,
        kind=kind,
        actor=actor.user,
        actor_label=label_of(actor),
        data=data,
    )


def record_of_shop(
    shop_id: int, *, actor: Actor, kind: str, at: datetime, **data: Any
) -> ChatEvent:
    return ChatEvent.objects.create(
        shop_id=shop_id,
        at=at,
        kind=kind,
        actor=actor.user,
        actor_label=label_of(actor),
        data=data,
    )


def label_of(actor: Actor) -> str:
    return actor.label[:24]
