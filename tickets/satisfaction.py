"""How satisfied customers were: CSAT is the share of 4 and 5 among the marks, told with their number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Avg, Count, Q, QuerySet

from people.actors import Actor
from people.models import Team, User
from tickets.models import ClosingForm, SatisfactionSurvey

SATISFIED = 4
LOW_SHOWN = 20


@dataclass(frozen=True)
class Csat:
    """Of `count` marks, `satisfied` were 4 or 5. No share of none."""

    count: int
    satisfied: int
    average: float | None

    @property
    def share(self) -> float | None:
        """Between 0 and 1."""
        return self.satisfied / self.count if self.count else None


@dataclass(frozen=True)
class TeamCsat:
    team: Team
    csat: Csat


@dataclass(frozen=True)
class PersonCsat:
    person: User
    csat: Csat


@dataclass(frozen=True)
class Figures:
    """Marks given in a span, by the squad of the ticket and by who prepared the closing.

    `closings` counts what was closed in the same span: how many customers could have answered.
    """

    whole: Csat
    closings: int
    teams: list[TeamCsat]
    people: list[PersonCsat]
    low: list[SatisfactionSurvey]


def figures(since: datetime, until: datetime, *, actor: Actor, low_up_to: int) -> Figures:
    """Marks answered from `since` to before `until`. Raises NotAllowed. Six statements."""
    actor.require("view_dashboard")
    marks = SatisfactionSurvey.objects.filter(answered_at__gte=since, answered_at__lt=until)
    by_team = {row["ticket__home_team"]: _csat(row) for row in _counted(marks, "ticket__home_team")}
    by_person = {
        row["closing__prepared_by"]: _csat(row) for row in _counted(marks, "closing__prepared_by")
    }
    teams = Team.objects.filter(pk__in=[pk for pk in by_team if pk])
    people = User.objects.filter(pk__in=[pk for pk in by_person if pk]).order_by("full_name", "pk")
    low = marks.filter(score__lte=low_up_to).select_related("ticket", "closing__prepared_by")
    return Figures(
        whole=_csat(marks.aggregate(**_NUMBERS)),
        closings=ClosingForm.objects.filter(event__at__gte=since, event__at__lt=until).count(),
        teams=[TeamCsat(team, by_team[team.pk]) for team in teams],
        people=[PersonCsat(person, by_person[person.pk]) for person in people],
        low=list(low.order_by("-answered_at", "-pk")[:LOW_SHOWN]),
    )


_NUMBERS: dict[str, Any] = {
    "n": Count("pk"),
    "good": Count("pk", filter=Q(score__gte=SATISFIED)),
    "average": Avg("score"),
}


def _counted(marks: QuerySet[SatisfactionSurvey], by: str) -> Any:
    return marks.order_by().values(by).annotate(**_NUMBERS)


def _csat(row: dict[str, Any]) -> Csat:
    average = row["average"]
    return Csat(row["n"], row["good"], None if average is None else float(average))
