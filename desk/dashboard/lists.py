"""The dashboard's lists: which deadline is next, which ticket is oldest, what escalated by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from desk.queues import escalations_of_the_day, start_of_day
from escalation.models import Escalation
from helpdesk.common.together import read_in_turn
from sla.models import Clock
from sla.selectors import at_risk
from tickets.models import Ticket
from tickets.states import OPEN_STATES

NEXT_ROWS = 6
# So many promises of one ticket run at once: an answer, the solution, a request, a team's acceptance.
AT_ONCE = 4
AUTOMATIC_ROWS = 3
OLDEST_ROWS = 5


@dataclass(frozen=True)
class Deadline:
    at_risk: bool
    number: str
    subject: str
    priority: str
    team_id: int | None
    officer: str
    metric: str
    started_at: datetime
    due_at: datetime


SHOWN = (
    *("ticket__number", "ticket__subject", "ticket__priority", "ticket__team_id"),
    *("ticket__assignee__full_name", "metric", "started_at", "due_at"),
)


def next_deadlines(now: datetime) -> list[Deadline]:
    """The promises past their last warning, the nearest deadline first; where those are few, what is due
    next behind them. Also of tickets that have missed another promise already. One row a ticket."""
    running = Clock.objects.filter(
        state=Clock.State.RUNNING, due_at__gte=now, ticket__state__in=OPEN_STATES
    ).order_by("due_at", "pk")
    near, further = running.filter(at_risk()), running.filter(~at_risk())
    size = NEXT_ROWS * AT_ONCE
    rows = read_in_turn(
        near.values_list(*SHOWN)[:size], further.values_list(*SHOWN)[:size], size=size
    )
    found: dict[str, Deadline] = {}
    for place, row in rows:
        found.setdefault(row[0], Deadline(place == 0, *row))
    return list(found.values())[:NEXT_ROWS]


@dataclass(frozen=True)
class OldTicket:
    number: str
    subject: str
    priority: str
    state: str
    received_at: datetime


def oldest_tickets() -> list[OldTicket]:
    rows = Ticket.objects.filter(state__in=OPEN_STATES).order_by("received_at", "pk")
    found = rows.values_list("number", "subject", "priority", "state", "received_at")
    return [OldTicket(*row) for row in found[:OLDEST_ROWS]]


def escalated_today(now: datetime) -> int:
    """Tickets, however often each was sent on."""
    return escalations_of_the_day(now).aggregate(Count("ticket", distinct=True))["ticket__count"]


def automatic_escalations(now: datetime) -> list[Escalation]:
    """The latest escalations that nobody asked for, of today."""
    rows = Escalation.objects.filter(requested_by__isnull=True, decided_at__gte=start_of_day(now))
    return list(rows.select_related("ticket", "to_team").order_by("-decided_at")[:AUTOMATIC_ROWS])
