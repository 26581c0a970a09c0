"""Who watches a ticket hears of what happens on it; who may not see it any more does not."""

from __future__ import annotations

from tickets.models import EventKind, Ticket, TicketEvent
from tickets.selectors import watchers_of
from tickets.services.notices import notify

TOLD = frozenset(
    {
        EventKind.REPLIED,
        EventKind.CUSTOMER_WROTE,
        EventKind.CONFIRMED,
        EventKind.DISPUTED,
        EventKind.ESCALATED,
        EventKind.REDIRECTED,
        EventKind.RETURNED,
        EventKind.BREACHED,
        EventKind.MERGED,
        EventKind.CLOSED,
        EventKind.REOPENED,
    }
)


def tell_watchers(ticket: Ticket, event: TicketEvent) -> None:
    """A notice to each; whoever gets one of this event anyway gets no second."""
    if ticket.watched and event.kind in TOLD:
        notify(ticket, event, watchers_of(ticket))
