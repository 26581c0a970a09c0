"""Whose turn a ticket is: what was said last, and whether it still wants an answer of ours."""

from __future__ import annotations

from collections.abc import Sequence

from people.roles import DESK
from tickets.models import EventKind, Ticket, TicketEvent

# What decides whether somebody owes somebody an answer.
_TALK = (
    EventKind.CUSTOMER_WROTE,
    EventKind.CUSTOMER_SILENT,
    EventKind.REPLIED,
    EventKind.REPLY_NOT_NEEDED,
    EventKind.REPLY_NEEDED,
    EventKind.CONFIRMATION_ASKED,
    EventKind.CONFIRMED,
    EventKind.DISPUTED,
    EventKind.REOPENED,
)


def last_said(ticket: Ticket) -> TicketEvent | None:
    """The latest event of the conversation; None where no answer was given yet. At most one query."""
    if not ticket.is_open or ticket.first_response_at is None:
        return None
    return ticket.events.filter(kind__in=_TALK).order_by("-id").first()


def last_of(ticket: Ticket, events: Sequence[TicketEvent]) -> TicketEvent | None:
    """The same from all events of the ticket in order, where they are at hand."""
    if not ticket.is_open or ticket.first_response_at is None:
        return None
    return next((event for event in reversed(events) if event.kind in _TALK), None)


def may_be_left(ticket: Ticket, last: TicketEvent | None) -> bool:
    """Whether the customer's last words may be marked as wanting no answer: it is our turn, they
    have had a first answer, and they did not insist."""
    if last is None or ticket.waiting_for_customer_since is not None:
        return False
    reconsidered = last.kind == EventKind.REPLY_NEEDED and last.actor_label in DESK
    return last.kind == EventKind.CUSTOMER_WROTE or reconsidered


def is_left(ticket: Ticket, last: TicketEvent | None) -> bool:
    """Whether nobody answers the customer's last words: a closing thanks, or an officer says so."""
    if last is None or ticket.waiting_for_customer_since is None:
        return False
    return last.kind == EventKind.REPLY_NOT_NEEDED or bool(last.data.get("thanks"))
