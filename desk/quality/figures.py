"""The figures of quality in rows: as a whole, week by week, officer by officer, squad by squad."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from agents_ops.models import QualityRules
from agents_ops.quality.first_contact import FirstContact, Share, first_contact
from agents_ops.quality.handling import Handling, Times, handling
from agents_ops.quality.scope import Scope
from agents_ops.quality.scores import Average, Scores, scores
from agents_ops.quality.spans import Span
from desk.dashboard.charts import Sparkline, sparkline
from people.models import Team, User

NO_TIMES = Times(0, None, None, 0, 0, None)


@dataclass(frozen=True)
class Row:
    """An officer's or a squad's figures. `key`: the officer's id or the squad's code."""

    key: int | str
    name: str
    contact: Share
    times: Times
    score: Average


@dataclass(frozen=True)
class Trend:
    """`points`: each week with the share (0 to 1, None of none) and of how many it is."""

    line: Sparkline
    floor: float
    goal: float | None
    points: list[tuple[date, float | None, int]]

    @property
    def since(self) -> date:
        return self.points[0][0]


@dataclass(frozen=True)
class Figures:
    contact: FirstContact
    times: Handling
    scores: Scores
    contact_trend: Trend
    times_trend: Trend
    score_trend: Trend
    officers: list[Row]
    teams: list[Row]


def figures_of(span: Span, scope: Scope) -> Figures:
    """Everything that the page shows, in about twenty short statements."""
    rules = QualityRules.in_force()
    contact = first_contact(rules, span, scope)
    times = handling(span, scope)
    marks = scores(rules, span, scope)
    known = {*contact.officers, *times.officers, *marks.officers}
    officers = [pk for pk in known if pk is not None]
    people = User.objects.filter(pk__in=officers).order_by("full_name", "pk")
    squads = Team.objects.filter(pk__in={*contact.teams, *times.teams, *marks.teams})
    return Figures(
        contact=contact,
        times=times,
        scores=marks,
        contact_trend=trend(
            span, {w: (s.share, s.all) for w, s in contact.weeks.items()}, contact.goal
        ),
        times_trend=trend(span, {w: (t.share, t.judged) for w, t in times.weeks.items()}, None),
        score_trend=trend(
            span, {w: (a.share, a.n) for w, a in marks.weeks.items()}, marks.goal / 100
        ),
        officers=[
            Row(
                each.pk,
                each.full_name,
                contact.officers.get(each.pk, Share()),
                times.officers.get(each.pk, NO_TIMES),
                marks.officers.get(each.pk, Average()),
            )
            for each in people
        ],
        teams=[
            Row(
                each.code,
                each.name,
                contact.teams.get(each.pk, Share()),
                times.teams.get(each.pk, NO_TIMES),
                marks.teams.get(each.pk, Average()),
            )
            for each in squads
        ],
    )


def trend(span: Span, weeks: dict[date, tuple[float | None, int]], goal: float | None) -> Trend:
    """A week without cases leaves a gap."""
    points = [(week, *weeks.get(week, (None, 0))) for week in span.weeks]
    shares = [share for _week, share, _n in points]
    lowest = min([0.5, *(share for share in shares if share is not None)])
    floor = int(lowest * 10) / 10
    return Trend(sparkline(shares, floor=floor, goal=goal), floor, goal, points)
