"""A missed promise: recorded first, told when the clocks are written."""

from __future__ import annotations

from datetime import datetime, timedelta

from helpdesk.common.events import publish
from people.actors import SWEEP
from sla.events import ClockBreached
from sla.models import Clock, SweepRun
from tickets.models import EventKind, Ticket, TicketEvent
from tickets.services import record, save_change


def record_breach(
    ticket: Ticket, clock: Clock, *, now: datetime, known_since: datetime
) -> TicketEvent:
    """The event of a promise just found missed on a locked ticket.

    It tells the seconds past the deadline, and those since that was both due and known to the engine.
    """
    owed_at = max(clock.due_at, known_since)
    data = {
        "metric": clock.metric,
        "due_at": clock.due_at.isoformat(),
        "late_seconds": _seconds(now - clock.due_at),
        "engine_late_seconds": _seconds(now - owed_at),
        "clock": clock.pk,
    }
    if ticket.breached_at is None:
        ticket.breached_at = now
        save_change(ticket, "breached_at")
    return record(ticket, actor=SWEEP, kind=EventKind.BREACHED, at=now, data=data)


def _seconds(span: timedelta) -> float:
    return round(max(0.0, span.total_seconds()), 3)


def tell_breach(
    ticket: Ticket, clock: Clock, event: TicketEvent, *, escalates: bool, sweep: SweepRun | None
) -> None:
    """To those who escalate and notify."""
    publish(
        ClockBreached(ticket=ticket, clock=clock, event=event, escalates=escalates, sweep=sweep)
    )
