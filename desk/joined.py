"""What the ticket page tells of the tickets that belong to this one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from helpdesk.common import clock
from tickets.models import EventKind, Ticket, TicketEvent, TicketLink
from tickets.services import undo_until

Kind = TicketLink.Kind
# From the other end of the link.
_BACKWARD: dict[str, Any] = {
    Kind.DUPLICATE: _("same problem as"),
    Kind.RELATED: _("related to"),
    Kind.CAUSED_BY: _("cause of"),
    Kind.SPLIT_FROM: _("split off here"),
    Kind.MERGED_INTO: _("merged in here"),
}


@dataclass(frozen=True)
class Joined:
    """A ticket at the other end of a link. `seen`: the reader may open it; else only its number is
    told. `undo_until`: of a merge that can still be undone."""

    link: TicketLink
    ticket: Ticket
    words: Any
    seen: bool
    undo_until: datetime | None = None

    @property
    def is_merge(self) -> bool:
        return self.link.kind == Kind.MERGED_INTO

    @property
    def by_hand(self) -> bool:
        """Those who see both ends may untie it."""
        return self.seen and self.link.kind in TicketLink.BY_HAND


def joined(ticket: Ticket, links: Sequence[TicketLink], seen: Collection[int]) -> list[Joined]:
    """In the order in which they came to be."""
    now = clock.now() if any(link.kind == Kind.MERGED_INTO for link in links) else None
    return [_joined(ticket, link, seen, now) for link in links]


def other_end(ticket: Ticket, link: TicketLink) -> Ticket:
    return link.to_ticket if link.from_ticket_id == ticket.pk else link.from_ticket


def words_of(ticket: Ticket, link: TicketLink) -> Any:
    """How the link reads from this ticket's end."""
    return kind_words(link.kind, forward=link.from_ticket_id == ticket.pk)


def kind_words(kind: str, *, forward: bool) -> Any:
    """The kind's label, from either end; an unknown kind is told as it is."""
    if kind not in Kind.values:
        return kind
    return Kind(kind).label if forward else _BACKWARD[kind]


def merge_among(ticket: Ticket, rows: Iterable[Joined]) -> Joined | None:
    """Where this one goes on, if it was merged."""
    return next(
        (row for row in rows if row.is_merge and row.link.from_ticket_id == ticket.pk), None
    )


def split_offs(events: Iterable[TicketEvent]) -> dict[int, str]:
    """The number of the ticket that was made of a message, by the message's id; the latest of them."""
    made = [event.data for event in events if event.kind == EventKind.SPLIT]
    return {pk: data["number"] for data in made for pk in data["messages"]}


def origins(ticket: Ticket, links: Iterable[TicketLink]) -> dict[int, str]:
    """The numbers of the tickets merged into this one, by their ids."""
    merged = (x for x in links if x.kind == Kind.MERGED_INTO and x.to_ticket_id == ticket.pk)
    return {link.from_ticket_id: link.from_ticket.number for link in merged}


def _joined(
    ticket: Ticket, link: TicketLink, seen: Collection[int], now: datetime | None
) -> Joined:
    other, words = other_end(ticket, link), words_of(ticket, link)
    until = undo_until(link) if link.kind == Kind.MERGED_INTO else None
    still = until is not None and now is not None and now <= until
    return Joined(link, other, words, other.pk in seen, until if still else None)
