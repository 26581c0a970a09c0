"""A missed promise: recorded first, told when the clocks are written."""

from __future__ import annotations

from datetime import datetime

from helpdesk.common.events import publish
from people.actors import SWEEP
from sla.events import ClockBreached
from sla.models import Clock, SweepRun
from tickets.models import EventKind, Ticket, TicketEvent
from tickets.services import record, save_change


def record_breach(ticket: Ticket, clock: Clock, *, now: datetime, late: float) -> TicketEvent:
    """The event of a promise just found missed on a locked ticket; `late` in seconds."""
    data = {
        "metric": clock.metric,
        "due_at": clock.due_at.isoformat(),
        "late_seconds": round(late, 3),
        "clock": clock.pk,
    }
    if ticket.breached_at is None:
        ticket.breached_at = now
        save_change(ticket, "breached_at")
    return record(ticket, actor=SWEEP, kind=EventKind.BREACHED, at=now, data=data)


def tell_breach(
    ticket: Ticket, clock: Clock, event: TicketEvent, *, escalates: bool, sweep: SweepRun | None
) -> None:
    """To those who escalate and notify."""
    publish(
        ClockBreached(ticket=ticket, clock=clock, event=event, escalates=escalates, sweep=sweep)
    )
