"""What the customer may count on next: our next news, or that it is their turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from helpdesk.common import clock
from tickets.models import Ticket
from tickets.turns import is_left, last_said

# The promises whose keeping the customer hears. The sla app keeps the clocks and lies above this
# one, so they are reached through the ticket and named by their codes.
_HEARD = ("first_response", "next_update")
_OWED = Q(state="running") | Q(state="breached", met_at__isnull=True)


@dataclass(frozen=True)
class Promise:
    """`kind`: 'news' by `due_at`, 'late' (it was due at `due_at`), 'answer' or 'confirm' (the
    customer's turn), 'left' (their last words were taken as wanting no answer), 'held' (we wait,
    until `due_at`), 'closed', or 'soon' where no time is promised."""

    kind: str
    due_at: datetime | None = None


def promise_of(ticket: Ticket) -> Promise:
    if not ticket.is_open:
        return Promise("closed")
    if ticket.confirmation_asked_at:
        return Promise("confirm")
    if ticket.waiting_for_customer_since:
        return Promise("left" if is_left(ticket, last_said(ticket)) else "answer")
    owed = ticket.clocks.filter(_OWED, metric__in=_HEARD).order_by("due_at").first()
    if owed is None and ticket.held_until:
        return Promise("held", ticket.held_until)
    if owed is None:
        return Promise("soon")
    return Promise("late" if owed.due_at < clock.now() else "news", owed.due_at)
