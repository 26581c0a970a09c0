"""All of the dashboard's figures at one moment, shared by everybody who looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import get_language

from desk.dashboard.compliance import Compliance, compliance
from desk.dashboard.counts import OpenTickets, Tally, open_tickets
from desk.dashboard.engine import Engine, engine, lateness_of_the_day
from desk.dashboard.forecast import Forecast, forecast
from desk.dashboard.lists import (
    Deadline,
    OldTicket,
    automatic_escalations,
    escalated_today,
    next_deadlines,
    oldest_tickets,
)
from desk.dashboard.shared import Shared
from desk.dashboard.workload import Workload, workload
from escalation.models import Escalation
from helpdesk.common import clock
from helpdesk.common.durations import WIB
from people.models import Team
from people.selectors import on_shift
from sla.canary import canary
from sla.punctuality import Lateness

# What changes with every ticket, and what may lag a little.
LIVE_SECONDS = 1.0
SLOW_SECONDS = 5.0
TEAM_ROWS = 9


@dataclass(frozen=True)
class TeamName:
    code: str
    name_id: str
    name_en: str

    @property
    def name(self) -> str:
        return self.name_en if (get_language() or "id").startswith("en") else self.name_id


@dataclass(frozen=True)
class Slow:
    """What is read every few seconds."""

    teams: dict[int, TeamName]
    forecast: Forecast
    lateness: Lateness
    canary_absent: bool
    oldest: list[OldTicket]
    automatic: list[Escalation]


@dataclass(frozen=True)
class Figures:
    """Its `repr` tells whether anything changed, so what is no news by itself stays out of it."""

    at: datetime = field(repr=False)
    open: OpenTickets
    workload: Workload
    on_shift: int
    next: list[Deadline]
    escalated_today: int
    compliance: Compliance
    engine: Engine
    slow: Slow

    @property
    def teams(self) -> list[tuple[TeamName, Tally]]:
        """Teams that hold open tickets, in their own order."""
        return [
            (team, self.open.teams[pk])
            for pk, team in self.slow.teams.items()
            if pk in self.open.teams and self.open.teams[pk].open > 0
        ]

    @property
    def busiest_teams(self) -> list[tuple[TeamName, Tally]]:
        """Those with most late and most open tickets, still in their own order, so that none jumps."""
        ranked = sorted(self.teams, key=lambda each: (-each[1].late, -each[1].open))
        chosen = {team.code for team, _tally in ranked[:TEAM_ROWS]}
        return [each for each in self.teams if each[0].code in chosen]

    @property
    def more_at_risk(self) -> int:
        """How many tickets at risk the list has no room for."""
        return max(0, self.open.total.risk - len({row.number for row in self.next if row.at_risk}))

    @property
    def today(self) -> date:
        return self.at.astimezone(WIB).date()

    @property
    def more_teams(self) -> int:
        return max(0, len(self.teams) - TEAM_ROWS)


def _live() -> Figures:
    now = clock.now()
    tickets = open_tickets(now)
    at_work = on_shift(now)
    return Figures(
        at=now,
        open=tickets,
        workload=workload(tickets.officers, at_work, now),
        on_shift=len(at_work),
        next=next_deadlines(now),
        escalated_today=escalated_today(now),
        compliance=compliance(now.astimezone(WIB).date()),
        engine=engine(now),
        slow=_slow_figures.get(),
    )


def _slow() -> Slow:
    now = clock.now()
    return Slow(
        teams={
            team.pk: TeamName(team.code, team.name_id, team.name_en) for team in Team.objects.all()
        },
        forecast=forecast(now),
        lateness=lateness_of_the_day(now),
        canary_absent=canary(now).absent,
        oldest=oldest_tickets(),
        automatic=automatic_escalations(now),
    )


_slow_figures = Shared(_slow, SLOW_SECONDS)
_live_figures = Shared(_live, LIVE_SECONDS)


def figures() -> Figures:
    return _live_figures.get()


def forget_figures() -> None:
    """For measurements: the next look computes everything anew."""
    _slow_figures.forget()
    _live_figures.forget()
