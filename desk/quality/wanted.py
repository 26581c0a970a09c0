"""What the pages of quality are asked for: how many weeks, whose work, which part of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest

from agents_ops.quality.scope import Scope, narrowed, scope_of, scope_of_own
from agents_ops.quality.spans import Span, span_of, week_of
from helpdesk.common import clock
from people.actors import Actor

WEEKS = (4, 8, 13)
USUAL = 8
NAMES = ("team", "category", "outcome", "playbook", "step", "state", "late")


@dataclass(frozen=True)
class Wanted:
    """`week` a Monday, or None for all of `weeks`; `mine` one's own work alone. Empty words are all."""

    weeks: int = USUAL
    week: date | None = None
    mine: bool = False
    officer: int | None = None
    team: str = ""
    category: str = ""
    outcome: str = ""
    playbook: str = ""
    step: str = ""
    state: str = ""
    late: str = ""

    @classmethod
    def read(cls, request: HttpRequest) -> Wanted:
        """Nonsense falls back to what is usual; nobody's work is an officer's that does not exist."""
        get = request.GET
        weeks, officer = get.get("weeks", ""), get.get("officer", "")
        try:
            week = date.fromisoformat(get.get("week", ""))
        except ValueError:
            week = None
        return cls(
            weeks=int(weeks) if weeks in map(str, WEEKS) else USUAL,
            week=week if week is None or 2000 <= week.year <= 9000 else None,
            mine=get.get("mine") == "1",
            officer=(int(officer) if officer.isdecimal() and len(officer) < 10 else 0)
            if officer
            else None,
            **{name: get.get(name, "")[:40].replace("\x00", "") for name in NAMES},
        )

    @property
    def span(self) -> Span:
        return week_of(self.week) if self.week else span_of(clock.now(), self.weeks)

    def scope(self, actor: Actor) -> Scope:
        """What the actor may look at of it. Raises Http404 for another's work, NotAllowed."""
        leads = actor.may("review_quality") or actor.may("see_all_quality")
        if self.mine or not leads:
            own = scope_of_own(actor)
            if self.officer not in (None, own.person):
                raise Http404("person")
            return own
        return narrowed(scope_of(actor), person=self.officer, team=self.team)

    def address(self, **changes: Any) -> str:
        """The query with these parts changed; what is empty or usual is left out."""
        asked = replace(self, **changes)
        parts: dict[str, Any] = {} if asked.weeks == USUAL else {"weeks": asked.weeks}
        if asked.week:
            parts["week"] = asked.week.isoformat()
        if asked.mine:
            parts["mine"] = "1"
        if asked.officer is not None:
            parts["officer"] = asked.officer
        parts |= {name: value for name in NAMES if (value := getattr(asked, name))}
        return urlencode(parts)
