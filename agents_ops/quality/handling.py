"""Handling time per step against its standard, from the records of the playbooks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Aggregate, Avg, Count, F, FloatField, Min, Q, QuerySet

from agents_ops.models import PlaybookRun, StepRecord
from agents_ops.quality.scope import Scope
from agents_ops.quality.spans import Span, week_in
from agents_ops.states import How, RunState

WITHIN = Q(seconds__lte=F("standard"))
JUDGED = Q(standard__isnull=False)


class Percentile(Aggregate):
    """The value below which `share` (0 to 1) of the rows lie, as PostgreSQL interpolates it."""

    function = "PERCENTILE_CONT"
    name = "Percentile"
    output_field = FloatField()

    def __init__(self, column: str, share: float, **options: Any) -> None:
        template = f"%(function)s({float(share)}) WITHIN GROUP (ORDER BY %(expressions)s)"
        super().__init__(column, template=template, **options)


@dataclass(frozen=True)
class Times:
    """Of `n` times in seconds the middle one, the one that nine of ten stay below; of the `judged`,
    which have a standard, `within` kept it. `least`: the standard, the
    shortest where there are several."""

    n: int
    median: float | None
    p90: float | None
    judged: int
    within: int
    least: int | None

    @property
    def share(self) -> float | None:
        """Within the standard, 0 to 1; None where nothing has one."""
        return self.within / self.judged if self.judged else None


@dataclass(frozen=True)
class Handling:
    """`steps` by (playbook, step). `case_seconds`: mean of whole cases, of `ended` that ended."""

    whole: Times
    weeks: dict[date, Times]
    steps: dict[tuple[str, str], Times]
    playbooks: dict[str, Times]
    officers: dict[int, Times]
    teams: dict[int, Times]
    ended: int
    case_seconds: float | None


_MEASURED: dict[str, Any] = {
    "n": Count("pk"),
    "median": Percentile("seconds", 0.5),
    "p90": Percentile("seconds", 0.9),
    "judged": Count("pk", filter=JUDGED),
    "within": Count("pk", filter=JUDGED & WITHIN),
    "least": Min("standard"),
}


def handling(span: Span, scope: Scope) -> Handling:
    """Seven statements, each over an index of the records' time."""
    rows = steps_done(span, scope)
    ended = runs_ended(span, scope).aggregate(
        n=Count("pk"), mean=Avg(F("ended_at") - F("started_at"))
    )
    mean: timedelta | None = ended["mean"]
    return Handling(
        whole=Times(**rows.aggregate(**_MEASURED)),
        weeks=_by(rows, "week"),
        steps=_by(rows, "run__playbook", "step"),
        playbooks=_by(rows, "run__playbook"),
        officers=_by(rows, "by"),
        teams=_by(rows, "run__ticket__home_team"),
        ended=ended["n"],
        case_seconds=mean.total_seconds() if mean is not None else None,
    )


def steps_done(span: Span, scope: Scope) -> QuerySet[StepRecord, Any]:
    """The records that are counted: steps done, not skipped, each with its `week`."""
    rows = StepRecord.objects.filter(
        scope.where("by", "run__ticket__home_team"),
        how=How.DONE,
        at__gte=span.since,
        at__lt=span.until,
    )
    return rows.annotate(week=week_in("at")).order_by()


def runs_ended(span: Span, scope: Scope) -> QuerySet[PlaybookRun]:
    """Cases whose playbook came to its end; they are the officer's who began it."""
    return PlaybookRun.objects.filter(
        scope.where("started_by", "ticket__home_team"),
        state=RunState.FINISHED,
        ended_at__gte=span.since,
        ended_at__lt=span.until,
    ).order_by()


def _by(rows: QuerySet[StepRecord, Any], *columns: str) -> dict[Any, Times]:
    counted = rows.values(*columns).annotate(**_MEASURED)
    return {
        tuple(row[each] for each in columns) if len(columns) > 1 else row[columns[0]]: Times(
            **{name: row[name] for name in _MEASURED}
        )
        for row in counted
    }
