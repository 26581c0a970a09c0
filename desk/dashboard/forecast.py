"""What is likely to be missed in the next four hours: deadlines against the people on shift."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import Q

from desk.dashboard.charts import Column, columns
from desk.queues import due_within
from people.models import TeamMembership, organisation
from people.selectors import shifts_between
from tickets.models import Ticket
from tickets.states import OPEN_STATES

HOURS = 4
HOUR = timedelta(hours=1)
QUARTER_MINUTES = 15
TEAM_ROWS = 5

# The nearest deadline ahead of each ticket: it stands on the ticket, unless that has missed one
# already; then it is the next of its clocks. Both are read from indexes alone.
_DUE = """
SELECT team_id, width_bucket(due_at, %(hours)s::timestamptz[]) - 1 AS hour, count(*)
FROM (
    SELECT team_id, next_due_at AS due_at FROM tickets_ticket
    WHERE state IN %(states)s AND next_due_at >= %(now)s AND next_due_at < %(until)s
    UNION ALL
    SELECT t.team_id, min(c.due_at) FROM tickets_ticket t
    JOIN sla_clock c ON c.ticket_id = t.id AND c.state = 'running'
        AND c.due_at >= %(now)s AND c.due_at < %(until)s
    WHERE t.state IN %(states)s AND t.next_due_at < %(now)s
    GROUP BY t.id, t.team_id
) ahead
GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Slot:
    """One hour of one team: deadlines that fall, people on shift, what is likely to be missed."""

    starts_at: datetime
    due: int
    people: int
    over: int

    @property
    def key(self) -> str:
        """The hour as the queue's address has it (desk.queues.narrowed)."""
        return self.starts_at.astimezone(UTC).strftime("%Y%m%d%H%M")


@dataclass(frozen=True)
class TeamForecast:
    team_id: int
    slots: list[Slot]

    @property
    def due(self) -> int:
        return sum(slot.due for slot in self.slots)

    @property
    def over(self) -> int:
        return sum(slot.over for slot in self.slots)

    def columns(self, most: int, *, width: float, height: float) -> list[tuple[Slot, Column]]:
        """Each hour with its column, drawn alone in `width` by `height`."""
        made = columns(
            [(slot.due, slot.over) for slot in self.slots], most, width=width, height=height
        )
        return list(zip(self.slots, made, strict=True))


@dataclass(frozen=True)
class Forecast:
    """`hours`: when each column begins. `planned`: whether anybody is planned to work at all."""

    hours: list[datetime]
    teams: list[TeamForecast]
    planned: bool

    @property
    def shown(self) -> list[TeamForecast]:
        """The teams in most need; where shifts are missing, a line that says so takes one's room."""
        return self.teams[: TEAM_ROWS if self.planned else TEAM_ROWS - 1]

    @property
    def more(self) -> int:
        """How many teams with deadlines in these hours are not shown."""
        return len(self.teams) - len(self.shown)

    @property
    def over(self) -> int:
        return sum(team.over for team in self.teams)

    @property
    def most(self) -> int:
        return max((slot.due for team in self.teams for slot in team.slots), default=0)


def expected_misses(due: Sequence[int], capacity: Sequence[float]) -> list[int]:
    """How many deadlines of each hour nobody has time for, when the nearest is worked on first.

    Time left over in one hour is used for what falls due later: those tickets exist already.
    """
    missed: list[int] = []
    due_so_far, done_at_most = 0, 0.0
    for falling, hands in zip(due, capacity, strict=True):
        due_so_far += falling
        done_at_most += hands
        missed.append(max(0, due_so_far - sum(missed) - int(done_at_most + 1e-9)))
    return missed


def forecast(now: datetime) -> Forecast:
    """Three reads: deadlines by index, shifts, and who works for which team."""
    base = now.replace(minute=now.minute - now.minute % QUARTER_MINUTES, second=0, microsecond=0)
    hours = [base + HOUR * place for place in range(HOURS)]
    due = _due(now, hours)
    staff = _Staff.read(hours[0], hours[-1] + HOUR)
    pace = float(organisation()["staffing"]["tickets_per_person_hour"])
    teams = []
    for team_id, falling in due.items():
        capacity = [staff.hours(team_id, max(hour, now), hour + HOUR) * pace for hour in hours]
        misses = expected_misses(falling, capacity)
        slots = [
            Slot(
                hour,
                falling[place],
                staff.people(team_id, max(hour, now), hour + HOUR),
                misses[place],
            )
            for place, hour in enumerate(hours)
        ]
        teams.append(TeamForecast(team_id, slots))
    teams.sort(key=lambda team: (-team.over, -team.due, team.team_id))
    return Forecast(hours, teams, staff.anybody)


def likely_missed(now: datetime) -> Q:
    """The tickets behind the expected misses: of each hour those that are worked on last.

    What has missed a promise already is worked on first."""
    found = Q(pk=None)
    for team in forecast(now).teams:
        for slot in team.slots:
            if slot.over:
                falling = Ticket.objects.filter(
                    due_within(slot.starts_at, now), state__in=OPEN_STATES, team_id=team.team_id
                ).order_by("-next_due_at", "-pk")
                found |= Q(pk__in=falling.values("pk")[: slot.over])
    return found


def _due(now: datetime, hours: list[datetime]) -> dict[int, list[int]]:
    """Deadlines per team and hour; the nearest one of each ticket."""
    states = tuple(str(state) for state in OPEN_STATES)
    found: dict[int, list[int]] = defaultdict(lambda: [0] * HOURS)
    with connection.cursor() as cursor:
        until = hours[-1] + HOUR
        cursor.execute(_DUE, {"hours": hours, "states": states, "now": now, "until": until})
        for team_id, hour, number in cursor.fetchall():
            if team_id is not None:
                found[team_id][hour] = number
    return dict(found)


@dataclass(frozen=True)
class _Staff:
    """Who works for each team, and from when to when; a person of two teams is half of each."""

    members: dict[int, set[int]]
    share: dict[int, float]
    shifts: dict[int, list[tuple[datetime, datetime]]]

    @classmethod
    def read(cls, start: datetime, end: datetime) -> _Staff:
        shifts: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
        for shift in shifts_between(start, end):
            shifts[shift.user_id].append((shift.starts_at, shift.ends_at))
        rows = TeamMembership.objects.filter(user__in=shifts).values_list(
            "team_id", "user_id", "leads"
        )
        members = hands_of(rows)
        share: dict[int, float] = defaultdict(float)
        for people in members.values():
            for person in people:
                share[person] += 1
        return cls(members, {person: 1 / number for person, number in share.items()}, dict(shifts))

    @property
    def anybody(self) -> bool:
        return bool(self.shifts)

    def people(self, team_id: int, start: datetime, end: datetime) -> int:
        """The team's people who work at some time between the two instants."""
        return sum(
            any(max(a, start) < min(b, end) for a, b in self.shifts[person])
            for person in self.members.get(team_id, ())
        )

    def hours(self, team_id: int, start: datetime, end: datetime) -> float:
        """Working hours that the team's people have between the two instants."""
        total = 0.0
        for person in self.members.get(team_id, ()):
            spans = ((max(a, start), min(b, end)) for a, b in self.shifts[person])
            worked = sum(max(0.0, (b - a).total_seconds()) for a, b in spans)
            total += worked / HOUR.total_seconds() * self.share[person]
        return total


def hands_of(rows: Iterable[tuple[int, int, bool]]) -> dict[int, set[int]]:
    """(team, user, leads) rows to the people who take tickets: leads only where nobody else is."""
    hands: dict[int, set[int]] = defaultdict(set)
    leads: dict[int, set[int]] = defaultdict(set)
    for team_id, user_id, is_lead in rows:
        (leads if is_lead else hands)[team_id].add(user_id)
    return {**leads, **hands}
