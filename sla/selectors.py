"""Reads of clocks and of how promises were kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Concat

from people.actors import Actor
from sla.models import (
    Clock,
    ClockEvent,
    Metric,
    OutcomeTally,
    Timer,
)
from tickets.models import Ticket
from tickets.selectors import TicketCount, counts_in

TO_THE_CUSTOMER = (Metric.FIRST_RESPONSE, Metric.NEXT_UPDATE, Metric.RESOLUTION)


def clocks_of(ticket: Ticket, *, actor: Actor) -> QuerySet[Clock]:
    """The promises on a ticket, the earliest first; those between teams only for the desk."""
    clocks = ticket.clocks.all()
    return clocks if _sees_all(actor) else clocks.filter(metric__in=TO_THE_CUSTOMER)


def clocks_of_each(tickets: Sequence[Ticket], actor: Actor) -> dict[int, list[Clock]]:
    """As `clocks_of`, for many tickets at once."""
    rows = Clock.objects.filter(ticket__in=tickets)
    found: dict[int, list[Clock]] = {ticket.pk: [] for ticket in tickets}
    for clock in rows if _sees_all(actor) else rows.filter(metric__in=TO_THE_CUSTOMER):
        found[clock.ticket_id].append(clock)
    return found


def log_of(ticket: Ticket, *, actor: Actor) -> QuerySet[ClockEvent]:
    """The lines of the ticket's clocks, oldest first; of the promises that `clocks_of` shows."""
    lines = ClockEvent.objects.filter(ticket=ticket).order_by("id")
    return lines if _sees_all(actor) else lines.filter(metric__in=TO_THE_CUSTOMER)


def _sees_all(actor: Actor) -> bool:
    return actor.at_desk or actor.may("read_engine")


# Timers of promises past their last warning: what fires next is the deadline itself.
AT_RISK = Q(
    state=Timer.State.ARMED, stage=100, kind__in=[f"sla.{metric}" for metric in Metric.values]
)


def tickets_at_risk(now: datetime) -> QuerySet[Timer, Any]:
    """Their ids, as a subquery: a promise is past its last warning and not yet due."""
    return Timer.objects.filter(AT_RISK, due_at__gte=now).values("subject_id")


def at_risk() -> Exists:
    """For clocks: it is past its last warning."""
    of_clock = Timer.objects.filter(
        AT_RISK,
        subject_type="ticket",
        subject_id=OuterRef("ticket_id"),
        kind=Concat(Value("sla."), OuterRef("metric")),
    )
    return Exists(of_clock)


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
