"""A page of the list's rows, with what a row shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet

from desk.orders import DEADLINE, Order, Place
from helpdesk.common.together import Shelf, Subselect, read_in_turn
from people.models import User
from tickets.models import Draft, Notice, Ticket

if TYPE_CHECKING:
    from desk.queues import QueueView

PAGE_SIZE = 40
_SHELF = Shelf()


def page_of(
    tickets: QuerySet[Ticket],
    user: User,
    after: Place | None,
    size: int = PAGE_SIZE,
    order: Order = DEADLINE,
) -> tuple[list[Ticket], Place | None]:
    """`size` tickets after `after`, and where the next page begins (None at the end)."""
    return _read(_parts(tickets, user, after, size, order), after, size, order)


def first_page_of(view: QueueView, user: User) -> tuple[list[Ticket], Place | None]:
    """As `page_of`: what everybody asks for all day, so its SQL is made but once."""
    if view.key is None:
        return page_of(view.tickets, user, None, order=view.order)
    parts = _SHELF.parts(
        (view.code, view.key, view.order.column),
        lambda now: _named(_parts(view.holds(now), user, None, PAGE_SIZE, view.order)),
        view.now,
    )
    return _read(list(parts.values()), None, PAGE_SIZE, view.order)


def _named(parts: list[QuerySet[Ticket]]) -> dict[str, QuerySet[Ticket]]:
    return {str(place): part for place, part in enumerate(parts)}


def _parts(
    tickets: QuerySet[Ticket], user: User, after: Place | None, size: int, order: Order
) -> list[QuerySet[Ticket]]:
    begin = after.part if after else 0
    parts = []
    for number, part in enumerate(order.parts[begin:], start=begin):
        rows = tickets.filter(part)
        if after is not None and number == after.part:
            rows = rows.filter(order.behind(after))
        parts.append(order.sorted(_shown(rows, user))[: size + 1])
    return parts


def _read(
    parts: Sequence[QuerySet[Ticket] | Subselect], after: Place | None, size: int, order: Order
) -> tuple[list[Ticket], Place | None]:
    begin = after.part if after else 0
    numbered = [(begin + place, row) for place, row in read_in_turn(*parts, size=size + 1)]
    more = order.place_of(*numbered[size - 1]) if len(numbered) > size else None
    return [row for _number, row in numbered[:size]], more


SHOWN = (
    *("number", "version", "state", "priority", "category", "expedited", "subject", "channel"),
    *("tier", "order_number", "received_at", "waiting_for_customer_since", "held_until", "tags"),
    *("next_due_at", "next_due_kind", "next_due_from"),
    *("customer__name", "assignee__full_name", "assignee__email"),
    *("team__code", "team__name_id", "team__name_en"),
)


def _shown(tickets: QuerySet[Ticket], user: User) -> QuerySet[Ticket]:
    """With what a row shows, and whether there is news for the reader, who asked for him, and what
    he has begun to write."""
    news = Notice.objects.filter(ticket=OuterRef("pk"), recipient=user, read_at__isnull=True)
    asked_for = news.filter(mention=True)
    begun = Draft.objects.filter(ticket=OuterRef("pk"), user=user)
    return (
        tickets.select_related("customer", "assignee", "team")
        .only(*SHOWN)
        .annotate(unread=Exists(news), mentioned=Exists(asked_for), begun=Exists(begun))
    )
