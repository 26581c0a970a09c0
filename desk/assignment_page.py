"""A team's way of giving tickets out: its mode, and its members with status, load and skills."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404

from desk.assignment_form import ModeForm, skill_word
from helpdesk.common import clock
from people.actors import Actor
from people.availability import Standing
from people.models import Team, User
from tickets.choice import SKILLS, Candidate
from tickets.services.assigning import candidates, members_of
from tickets.services.profiles import PERMISSION


@dataclass(frozen=True)
class Row:
    """`takes`: what the person limits themselves to, in words."""

    person: User
    candidate: Candidate
    standing: Standing
    takes: list[str]


def team_wanted(code: str) -> Team:
    """Nonsense falls back to the first team."""
    teams = Team.objects.all()
    team = teams.filter(code=code.replace("\x00", "")[:40]).first() or teams.first()
    if team is None:
        raise Http404("team")
    return team


def assignment_context(actor: Actor, team: Team, form: ModeForm | None = None) -> dict[str, Any]:
    """The context of `desk/assignment/page.html`."""
    return {
        "section": "dashboard",
        "team": team,
        "teams": list(Team.objects.all()),
        "rows": _rows(team),
        "may_change": actor.may(PERMISSION),
        "form": form or ModeForm(initial={"mode": team.assignment}, auto_id="mode_%s"),
    }


def _rows(team: Team) -> list[Row]:
    members = members_of(team)
    known = candidates(members, clock.now())
    rows = [
        Row(person, known[pk].candidate, known[pk].standing, _takes(known[pk].candidate))
        for pk, person in members.items()
    ]
    return sorted(rows, key=lambda row: (row.person.full_name, row.person.pk))


def _takes(candidate: Candidate) -> list[str]:
    return [
        ", ".join(skill_word(name, value) for value in sorted(candidate.skills[name]))
        for name in SKILLS
        if candidate.skills.get(name)
    ]
