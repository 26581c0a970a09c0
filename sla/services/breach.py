from __future__ import annotations

from datetime import datetime

from helpdesk.common.events import publish
from people.actors import SWEEP
from sla.events import ClockBreached
from sla.models import Clock
from tickets.models import EventKind, Ticket
from tickets.services import record, save_change


def record_breach(ticket: Ticket, clock: Clock, *, now: datetime) -> None:
    """Record a promise just found missed on a locked ticket, and tell those who escalate and notify."""
    late = (now - clock.due_at).total_seconds()
    data = {
        "metric": clock.metric,
        "due_at": clock.due_at.isoformat(),
        "late_seconds": round(late, 3),
        "clock": clock.pk,
    }
    event = record(ticket, actor=SWEEP, kind=EventKind.BREACHED, at=now, data=data)
    if ticket.breached_at is None:
        ticket.breached_at = now
        save_change(ticket, "breached_at")
    publish(ClockBreached(ticket=ticket, clock=clock, event=event))
