"""Reads of clocks and of how late missed deadlines were noticed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from people.actors import Actor
from sla.models import Clock, ClockEvent, Metric
from tickets.models import Ticket

TO_THE_CUSTOMER = (Metric.FIRST_RESPONSE, Metric.NEXT_UPDATE, Metric.RESOLUTION)


@dataclass(frozen=True)
class Lateness:
    """Seconds between a deadline and the sweep that noticed it; None where none was missed."""

    count: int
    median: float | None
    worst: float | None


_LATENESS = """
SELECT count(*),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY (data->>'late_seconds')::float),
       max((data->>'late_seconds')::float)
FROM tickets_ticketevent
WHERE kind = 'breached' AND at >= %s
"""


def lateness_since(moment: datetime, *, actor: Actor) -> Lateness:
    """Over the deadlines missed since `moment`. Raises NotAllowed."""
    actor.require("view_dashboard")
    with connection.cursor() as cursor:
        cursor.execute(_LATENESS, [moment])
        return Lateness(*cursor.fetchone())


def clocks_of(ticket: Ticket, *, actor: Actor) -> QuerySet[Clock]:
    """The promises on a ticket, the earliest first; those between teams only for the desk."""
    clocks = ticket.clocks.all()
    return clocks if actor.at_desk else clocks.filter(metric__in=TO_THE_CUSTOMER)


def log_of(ticket: Ticket, *, actor: Actor) -> QuerySet[ClockEvent]:
    """The lines of the ticket's clocks, oldest first; of the promises that `clocks_of` shows."""
    lines = ClockEvent.objects.filter(ticket=ticket).order_by("id")
    return lines if actor.at_desk else lines.filter(metric__in=TO_THE_CUSTOMER)
