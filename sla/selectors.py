"""Reads of clocks, of how promises were kept and of how late missed ones were noticed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Min, Q, QuerySet, Sum

from people.actors import Actor
from sla.models import (
    Clock,
    ClockEvent,
    Metric,
    OutcomeTally,
    SweepPulse,
    Timer,
)
from tickets.models import Ticket
from tickets.selectors import TicketCount, counts_in

SILENT_AFTER = timedelta(seconds=30)

TO_THE_CUSTOMER = (Metric.FIRST_RESPONSE, Metric.NEXT_UPDATE, Metric.RESOLUTION)


@dataclass(frozen=True)
class Lateness:
    """Seconds between a deadline and the sweep that noticed it; None where none was missed."""

    count: int
    median: float | None
    p99: float | None
    worst: float | None


_LATENESS = """
SELECT count(*), percentile_cont(ARRAY[0.5, 0.99, 1.0]) WITHIN GROUP (ORDER BY late_seconds)
FROM sla_clockevent
WHERE kind = 'breached' AND at >= %s
"""


def lateness_since(moment: datetime, *, actor: Actor) -> Lateness:
    """Over the deadlines missed since `moment`. Raises NotAllowed."""
    actor.require("view_dashboard")
    with connection.cursor() as cursor:
        cursor.execute(_LATENESS, [moment])
        count, percentiles = cursor.fetchone()
    return Lateness(count, *(percentiles or (None, None, None)))


def clocks_of(ticket: Ticket, *, actor: Actor) -> QuerySet[Clock]:
    """The promises on a ticket, the earliest first; those between teams only for the desk."""
    clocks = ticket.clocks.all()
    return clocks if actor.at_desk else clocks.filter(metric__in=TO_THE_CUSTOMER)


def log_of(ticket: Ticket, *, actor: Actor) -> QuerySet[ClockEvent]:
    """The lines of the ticket's clocks, oldest first; of the promises that `clocks_of` shows."""
    lines = ClockEvent.objects.filter(ticket=ticket).order_by("id")
    return lines if actor.at_desk else lines.filter(metric__in=TO_THE_CUSTOMER)


# Timers of promises past their last warning: what fires next is the deadline itself.
AT_RISK = Q(
    state=Timer.State.ARMED, stage=100, kind__in=[f"sla.{metric}" for metric in Metric.values]
)


def tickets_at_risk(now: datetime) -> QuerySet[Timer, Any]:
    """Their ids, as a subquery: a promise is past its last warning and not yet due."""
    return Timer.objects.filter(AT_RISK, due_at__gte=now).values("subject_id")


def risk_counts() -> list[TicketCount]:
    """Open tickets with a promise past its last warning, from their counters."""
    return counts_in("sla_risktally", sum_of="sum(n)", condition="state <> 'closed'")


class Outcome(NamedTuple):
    """Promises of one day (WIB), metric and priority: how many were kept and missed."""

    day: date
    metric: str
    priority: str
    kept: int
    missed: int


def outcomes_since(day: date) -> Iterable[Outcome]:
    rows = OutcomeTally.objects.filter(day__gte=day).values_list("day", "metric", "priority")
    summed = rows.annotate(kept_sum=Sum("kept"), missed_sum=Sum("missed")).order_by("day")
    return [Outcome(*row) for row in summed]


@dataclass(frozen=True)
class EngineState:
    """`overdue_since`: the deadline of the oldest timer that has not fired. `silent`: no sweep has
    shown itself for SILENT_AFTER."""

    beat_at: datetime | None
    silent: bool
    overdue_since: datetime | None
    parked: int


def engine_state(now: datetime) -> EngineState:
    pulse = SweepPulse.objects.first()
    overdue = Timer.objects.filter(state=Timer.State.ARMED, due_at__lt=now)
    return EngineState(
        beat_at=pulse.beat_at if pulse else None,
        silent=pulse is None or now - pulse.beat_at > SILENT_AFTER,
        overdue_since=overdue.aggregate(oldest=Min("due_at"))["oldest"],
        parked=Timer.objects.filter(state=Timer.State.PARKED).count(),
    )
