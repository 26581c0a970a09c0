"""At which moments a clock fires: its warnings, then its deadline; one timer is armed for the next."""

from __future__ import annotations

from datetime import datetime

from sla.models import Clock, Timer
from sla.rules import BREACH
from tickets.models import Ticket
from tickets.states import rank_of

TICKET = "ticket"


def timer_kind(metric: str) -> str:
    return f"sla.{metric}"


def armed_since(ticket: Ticket, metric: str) -> datetime | None:
    """When the timer of this promise that waits now was armed."""
    waiting = Timer.objects.filter(
        kind=timer_kind(metric),
        subject_type=TICKET,
        subject_id=ticket.pk,
        state=Timer.State.ARMED,
    )
    return waiting.values_list("armed_at", flat=True).first()


def next_level(clock: Clock, now: datetime) -> int:
    """The next share of the time that has not warned yet; the deadline itself at last.

    Of those that a new deadline has put into the past, the highest: it warns at once, for all of them.
    """
    if clock.due_at <= now:
        return BREACH
    ahead = [level for level in clock.decided_by.warn if level > clock.level]
    passed = [level for level in ahead if clock.moment_of(level) <= now]
    return max(passed) if passed else min(ahead, default=BREACH)


def next_timer(
    ticket: Ticket, clock: Clock, *, now: datetime, armed_at: datetime | None = None
) -> Timer:
    """The clock's next firing point, known since `armed_at` (`now` where it is not given)."""
    level = next_level(clock, now)
    return Timer(
        kind=timer_kind(clock.metric),
        subject_type=TICKET,
        subject_id=ticket.pk,
        stage=level,
        due_at=clock.due_at if level == BREACH else clock.moment_of(level),
        urgency=rank_of(ticket.priority),
        policy_version=clock.policy_version,
        armed_at=armed_at or now,
    )
