"""A team's week: who works when, and what the page needs to change it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest

from desk.shift_form import ShiftForm
from helpdesk.common import clock
from helpdesk.common.durations import WIB
from people.actors import Actor
from people.models import Shift, Team, User
from people.selectors import shifts_between
from people.services import start_of_week
from people.services.shifts import PERMISSION

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
EARLIEST, LATEST = date(2000, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True)
class Row:
    """A member and their shifts on each of the week's seven days (by the day on which they begin)."""

    person: User
    days: list[list[Shift]]
    hours: float


@dataclass(frozen=True)
class WantedWeek:
    """`monday` is midnight in WIB."""

    team: Team
    monday: datetime

    @classmethod
    def read(cls, request: HttpRequest) -> WantedWeek:
        """From the address or the form; nonsense falls back to the first team and this week."""
        asked = request.POST if request.method == "POST" else request.GET
        teams = Team.objects.all()
        code = asked.get("team", "").replace("\x00", "")[:40]
        team = teams.filter(code=code).first() or teams.first()
        if team is None:
            raise Http404("team")
        return cls(team, start_of_week(_day_of(asked.get("week", ""))))

    @property
    def dates(self) -> list[date]:
        return [self.monday.date() + DAY * place for place in range(7)]


def _day_of(text: str) -> date:
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return clock.for_display().astimezone(WIB).date()
    return day if EARLIEST < day < LATEST else clock.for_display().astimezone(WIB).date()


def members_of(team: Team) -> list[User]:
    return list(
        User.objects.filter(memberships__team=team, is_active=True).order_by("full_name", "pk")
    )


def week_context(actor: Actor, wanted: WantedWeek, form: ShiftForm | None = None) -> dict[str, Any]:
    """The context of `desk/shifts/page.html`."""
    members = members_of(wanted.team)
    monday = wanted.monday.date()
    return {
        "section": "dashboard",
        "wanted": wanted,
        "teams": list(Team.objects.all()),
        "rows": _rows(members, wanted),
        "today": clock.for_display().astimezone(WIB).date(),
        "before": (monday - WEEK).isoformat(),
        "after": (monday + WEEK).isoformat(),
        "may_plan": actor.may(PERMISSION),
        "form": form or ShiftForm(members=members, monday=monday, auto_id="shift_%s"),
    }


def _rows(members: list[User], wanted: WantedWeek) -> list[Row]:
    rows = {person.pk: Row(person, [[] for _day in range(7)], 0) for person in members}
    hours = dict.fromkeys(rows, 0.0)
    found = shifts_between(wanted.monday, wanted.monday + WEEK).filter(
        user__in=members, starts_at__gte=wanted.monday
    )
    for shift in found:
        place = (shift.starts_at.astimezone(WIB).date() - wanted.monday.date()).days
        rows[shift.user_id].days[place].append(shift)
        hours[shift.user_id] += (shift.ends_at - shift.starts_at).total_seconds() / 3600
    return [Row(row.person, row.days, hours[pk]) for pk, row in rows.items()]
