"""The supervisor's figures. One grouped read of open tickets, the rest by index; closed ones are
never scanned."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Min
from django.utils.translation import get_language

from desk.queues import at_risk, late, start_of_day
from escalation.models import Escalation
from sla.models import Clock, SweepPulse, Timer
from tickets.models import Ticket
from tickets.states import OPEN_STATES, Priority

NEXT_ROWS = 8
SILENT_AFTER = timedelta(seconds=30)


@dataclass
class Tally:
    """How many open tickets, and how many of them are at risk or late."""

    label: str = ""
    open: int = 0
    risk: int = 0
    late: int = 0

    def add(self, row: dict[str, Any]) -> None:
        self.open += row["open"]
        self.risk += row["risk"]
        self.late += row["late"]


@dataclass
class OpenTickets:
    """The tallies by state, priority and team, and of all."""

    total: Tally = field(default_factory=Tally)
    states: dict[str, Tally] = field(default_factory=dict)
    priorities: dict[str, Tally] = field(default_factory=dict)
    teams: dict[str, Tally] = field(default_factory=dict)

    @property
    def on_time(self) -> int:
        return self.total.open - self.total.risk - self.total.late

    @property
    def largest_team(self) -> int:
        return max((team.open for team in self.teams.values()), default=1) or 1


def open_tickets(now: datetime) -> OpenTickets:
    """One query."""
    tally = OpenTickets(
        states={state: Tally() for state in OPEN_STATES},
        priorities={priority: Tally() for priority in Priority.values},
    )
    name = "team__name_en" if (get_language() or "id").startswith("en") else "team__name_id"
    rows = (
        Ticket.objects.filter(state__in=OPEN_STATES)
        .values("state", "priority", "team__code", "team__position", name)
        .annotate(
            open=Count("pk"),
            risk=Count("pk", filter=at_risk(now)),
            late=Count("pk", filter=late(now)),
        )
        .order_by("team__position", "team__code")
    )
    for row in rows:
        tally.total.add(row)
        tally.states.setdefault(row["state"], Tally()).add(row)
        if row["priority"]:
            tally.priorities[row["priority"]].add(row)
        if row["team__code"]:
            team = tally.teams.setdefault(row["team__code"], Tally(label=row[name]))
            team.add(row)
    return tally


# Lateness: seconds between a deadline and the sweep that noticed it (TicketEvent 'breached').
_EVENTS = """
SELECT
  count(*) FILTER (WHERE kind IN ('escalated', 'redirected') AND at >= %(today)s),
  count(*) FILTER (WHERE kind = 'breached' AND at >= %(today)s),
  count(*) FILTER (WHERE kind = 'breached' AND at >= %(day)s),
  percentile_cont(ARRAY[0.5, 0.99, 1.0]) WITHIN GROUP (ORDER BY (data->>'late_seconds')::float)
    FILTER (WHERE kind = 'breached' AND at >= %(day)s),
  count(*) FILTER (WHERE kind = 'breached'),
  percentile_cont(ARRAY[0.5, 0.99, 1.0]) WITHIN GROUP (ORDER BY (data->>'late_seconds')::float)
    FILTER (WHERE kind = 'breached')
FROM tickets_ticketevent
WHERE kind IN ('breached', 'escalated', 'redirected') AND at >= %(week)s
"""


@dataclass(frozen=True)
class Lateness:
    """How late missed deadlines were noticed, in seconds."""

    count: int
    median: float | None
    p99: float | None
    worst: float | None


@dataclass(frozen=True)
class Today:
    escalated: int
    breached: int
    day: Lateness
    week: Lateness


def today_figures(now: datetime) -> Today:
    """One query over the events of seven days of three kinds, by index."""
    spans = {
        "today": start_of_day(now),
        "day": now - timedelta(days=1),
        "week": now - timedelta(days=7),
    }
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, spans)
        escalated, breached, day_count, day, week_count, week = cursor.fetchone()
    return Today(
        escalated=escalated,
        breached=breached,
        day=Lateness(day_count, *(day or (None, None, None))),
        week=Lateness(week_count, *(week or (None, None, None))),
    )


@dataclass(frozen=True)
class Health:
    """Whether the sweep runs: its last beat and the oldest timer that is overdue."""

    beat_at: datetime | None
    fired: int
    oldest_overdue: datetime | None
    silent: bool


def health(now: datetime) -> Health:
    pulse = SweepPulse.objects.first()
    armed = Timer.objects.filter(state=Timer.State.ARMED, due_at__lt=now)
    oldest = armed.aggregate(oldest=Min("due_at"))["oldest"]
    return Health(
        beat_at=pulse.beat_at if pulse else None,
        fired=pulse.fired if pulse else 0,
        oldest_overdue=oldest,
        silent=pulse is None or now - pulse.beat_at > SILENT_AFTER,
    )


def breaches_next(now: datetime) -> list[Clock]:
    """The promises that end next, by index; also of tickets that have missed another one already."""
    rows = Clock.objects.filter(
        state=Clock.State.RUNNING, due_at__gte=now, ticket__state__in=OPEN_STATES
    )
    return list(
        rows.select_related("ticket__team", "ticket__assignee")
        .defer("ticket__description")
        .order_by("due_at", "pk")[:NEXT_ROWS]
    )


def automatic_escalations(now: datetime) -> list[Escalation]:
    """The latest escalations that nobody asked for, of today."""
    rows = Escalation.objects.filter(requested_by__isnull=True, decided_at__gte=start_of_day(now))
    return list(rows.select_related("ticket", "to_team").order_by("-decided_at")[:NEXT_ROWS])


def dashboard_context(now: datetime) -> dict[str, Any]:
    """The context of `desk/dashboard/live.html`."""
    figures = open_tickets(now)
    return {
        "now": now,
        "figures": figures,
        "today": today_figures(now),
        "health": health(now),
        "next": breaches_next(now),
        "automatic": automatic_escalations(now),
    }
