"""How a list is sorted, and where in it a page ends (keyset paging).

An order walks one part after the other, each along an index: two subselects cost less than one sort
by two columns, however many tickets are open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tickets.models import Ticket
from tickets.states import Priority


@dataclass(frozen=True)
class Order:
    label: Any
    column: str
    parts: tuple[Q, ...] = (Q(),)
    descending: bool = False

    def sorted(self, tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
        if self.descending:
            return tickets.order_by(F(self.column).desc(nulls_last=True), "-pk")
        return tickets.order_by(F(self.column).asc(nulls_last=True), "pk")

    def behind(self, place: Place) -> Q:
        """The tickets of the same part that come after the place."""
        side, unset = "lt" if self.descending else "gt", f"{self.column}__isnull"
        same = Q(**{self.column: place.value}) if place.value else Q(**{unset: True})
        behind = same & Q(**{f"pk__{side}": place.pk})
        if place.value:
            behind |= Q(**{f"{self.column}__{side}": place.value}) | Q(**{unset: True})
        return behind

    def place_of(self, part: int, ticket: Ticket) -> Place:
        return Place(part, getattr(ticket, self.column), ticket.pk)


@dataclass(frozen=True)
class Place:
    """The last row of a page, in which part of the order it lay: the next page begins after it."""

    part: int
    value: datetime | None
    pk: int

    def __str__(self) -> str:
        return f"{self.part}_{self.value.isoformat() if self.value else ''}_{self.pk}"

    @classmethod
    def read(cls, text: str) -> Place | None:
        """None for the first page and for anything that is no place."""
        try:
            part, value, pk = text.split("_")
            moment = datetime.fromisoformat(value) if value else None
            if (moment is not None and moment.tzinfo is None) or not 0 <= int(pk) < 2**63:
                return None
            return cls(int(part), moment, int(pk))
        except (ValueError, OverflowError):
            return None


DEADLINE = Order(
    _("nearest deadline first"), "next_due_at", (Q(expedited=True), Q(expedited=False))
)
ORDERS: Mapping[str, Order] = {
    "deadline": DEADLINE,
    "newest": Order(_("latest received first"), "received_at", descending=True),
    "oldest": Order(_("first received first"), "received_at"),
    "priority": Order(
        _("most urgent first"),
        "next_due_at",
        tuple(Q(priority=priority) for priority in (*Priority.values, "")),
    ),
}
