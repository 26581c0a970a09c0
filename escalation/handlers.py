"""What happens when a timer of this app fires; those of follow-ups stand in `follow_up_timers`."""

from __future__ import annotations

from datetime import datetime

from escalation.models import Escalation
from escalation.services.firing import AGE
from escalation.services.waiting import FORMER_KINDS, moment_reached
from sla.models import Timer
from sla.timers import fires
from tickets.models import Ticket


@fires(AGE)
def _moment_of_a_trigger(timer: Timer, ticket: Ticket, now: datetime) -> None:
    """A dispute of more than 7 days, a seller silent for more than 5 (domain sections 3 and 4)."""
    moment_reached(ticket, now)
    late = round(timer.engine_late(now), 3)
    made = Escalation.objects.filter(
        ticket=ticket, requested_at=now, origin=Escalation.Origin.RULE, due_at=None
    )
    made.update(due_at=timer.due_at, late_seconds=late, sweep=timer.sweep)


for former in FORMER_KINDS:  # armed by an earlier version
    fires(former)(_moment_of_a_trigger)
