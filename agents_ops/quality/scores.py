"""Scores of reviews: averages and how they move over the weeks, from when the officer was told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Avg, Count, Exists, OuterRef, Q, QuerySet

from agents_ops.models import QaMark, QaReview, QualityRules
from agents_ops.quality.scope import Scope
from agents_ops.quality.spans import Span, week_in
from agents_ops.quality.states import ReviewState


@dataclass(frozen=True)
class Average:
    """Of `n` reviews with a score (0 to 100): the mean; how many failed, how many are not settled."""

    n: int = 0
    mean: float | None = None
    failed: int = 0
    unsettled: int = 0

    @property
    def share(self) -> float | None:
        return None if self.mean is None else self.mean / 100


@dataclass(frozen=True)
class CriterionMean:
    """How well one criterion was met, 0 to 100, in `n` reviews where it applied."""

    name: str
    code: str
    n: int
    mean: float
    lost: int


@dataclass(frozen=True)
class Scores:
    """`goal`: 0 to 100. By Monday, officer's id and squad's id."""

    goal: int
    whole: Average
    weeks: dict[date, Average]
    officers: dict[int, Average]
    teams: dict[int, Average]
    criteria: list[CriterionMean]


_MEANS: dict[str, Any] = {
    "n": Count("pk"),
    "mean": Avg("score"),
    "missed": Count("pk", filter=Q(failed=True)),
    "unsettled": Count("pk", filter=~Q(state=ReviewState.SETTLED)),
}


def scores(rules: QualityRules, span: Span, scope: Scope) -> Scores:
    """Five statements."""
    rows = told_reviews(span, scope).filter(score__isnull=False)
    return Scores(
        goal=rules.body["goal_percent"],
        whole=_average(rows.aggregate(**_MEANS)),
        weeks=_by(rows, "week"),
        officers=_by(rows, "officer"),
        teams=_by(rows, "team"),
        criteria=_criteria(rules, span, scope),
    )


def told_reviews(span: Span, scope: Scope) -> QuerySet[QaReview, Any]:
    """Reviews of which the officer was told in the span, each with its `week`."""
    rows = QaReview.objects.exclude(state=ReviewState.OPEN).filter(
        scope.where("officer", "team"), told_at__gte=span.since, told_at__lt=span.until
    )
    return rows.annotate(week=week_in("told_at")).order_by()


def marks_that_count(span: Span, scope: Scope) -> QuerySet[QaMark, Any]:
    """Of each review those of its latest round that apply."""
    later = QaMark.objects.filter(review=OuterRef("review"), round__gt=OuterRef("round"))
    reviews = told_reviews(span, scope).values("pk")
    return QaMark.objects.filter(~Exists(later), review__in=reviews, percent__isnull=False)


def _criteria(rules: QualityRules, span: Span, scope: Scope) -> list[CriterionMean]:
    """In the order of the sheet in force; what an older one had besides is left out."""
    rows = marks_that_count(span, scope).order_by().values("criterion")
    lost = Count("pk", filter=Q(percent__lt=100))
    found = {
        row["criterion"]: row
        for row in rows.annotate(n=Count("pk"), mean=Avg("percent"), lost=lost)
    }
    return [
        CriterionMean(each.name, each.code, row["n"], row["mean"], row["lost"])
        for each in rules.sheet.criteria.values()
        if (row := found.get(each.code))
    ]


def _by(rows: QuerySet[QaReview, Any], column: str) -> dict[Any, Average]:
    return {row[column]: _average(row) for row in rows.values(column).annotate(**_MEANS)}


def _average(row: dict[str, Any]) -> Average:
    mean = row["mean"]
    return Average(row["n"], None if mean is None else float(mean), row["missed"], row["unsettled"])
