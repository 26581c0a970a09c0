"""How many promises were kept: today, in 7 and in 30 days, per priority and per metric."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from desk.dashboard.charts import Sparkline, sparkline
from people.models import organisation
from sla.models import Metric
from sla.selectors import Outcome, outcomes_since
from tickets.states import Priority

DAYS = 30
WEEK = 7
METRIC_ROWS = 5


@dataclass
class Kept:
    kept: int = 0
    missed: int = 0

    @property
    def all(self) -> int:
        return self.kept + self.missed

    @property
    def share(self) -> float | None:
        """0 to 1; None where no promise ended."""
        return self.kept / self.all if self.all else None


@dataclass
class Record:
    """`days`: one entry per day of the last 30, the oldest first, today last."""

    label: str
    today: Kept = field(default_factory=Kept)
    week: Kept = field(default_factory=Kept)
    month: Kept = field(default_factory=Kept)
    days: list[Kept] = field(default_factory=lambda: [Kept() for _day in range(DAYS)])

    def add(self, outcome: Outcome, days_ago: int) -> None:
        spans = [self.month, self.days[DAYS - 1 - days_ago]]
        spans += [self.week] if days_ago < WEEK else []
        spans += [self.today] if days_ago == 0 else []
        for span in spans:
            span.kept += outcome.kept
            span.missed += outcome.missed

    @property
    def is_empty(self) -> bool:
        return not self.month.all


@dataclass(frozen=True)
class Compliance:
    """`goal`: the share (0 to 1) below which a record is marked."""

    today: date
    goal: float
    priorities: dict[str, Record]
    metrics: dict[str, Record]

    @property
    def most_common(self) -> dict[str, Record]:
        """The promises of which most ended, in the order in which they are always named."""
        ranked = sorted(self.metrics, key=lambda name: (-self.metrics[name].month.all, name))
        return {name: self.metrics[name] for name in self.metrics if name in ranked[:METRIC_ROWS]}

    @property
    def more_metrics(self) -> int:
        return max(0, len(self.metrics) - METRIC_ROWS)

    @cached_property
    def floor(self) -> float:
        """The lower edge of every trend line, so that they compare: the lowest share, rounded down to a
        tenth, and at most 0.8."""
        shares = [day.share for record in self.priorities.values() for day in record.days]
        return min([0.8, *(int(share * 10) / 10 for share in shares if share is not None)])

    def trend(self, priority: str) -> Sparkline:
        days = self.priorities[priority].days[-self.trend_days :]
        return sparkline([day.share for day in days], floor=self.floor, goal=self.goal)

    @property
    def trend_days(self) -> int:
        """How many days the lines cover: 30, or since the house began, but at least a week."""
        seen = [
            DAYS - place
            for record in self.priorities.values()
            for place, day in enumerate(record.days)
            if day.all
        ]
        return max([WEEK, *seen])

    @property
    def trend_since(self) -> date:
        return self.today - timedelta(days=self.trend_days - 1)

    def dated(self, priority: str) -> list[tuple[date, Kept]]:
        """The same as a table: each day on which a promise ended."""
        first = self.today - timedelta(days=DAYS - 1)
        days = enumerate(self.priorities[priority].days)
        return [(first + timedelta(days=place), day) for place, day in days if day.all]


def compliance(today: date) -> Compliance:
    """One read of the day's counters. `today` is the date in WIB."""
    return summed(outcomes_since(today - timedelta(days=DAYS - 1)), today)


def summed(outcomes: Iterable[Outcome], today: date) -> Compliance:
    priorities = {str(priority): Record(str(priority)) for priority in Priority}
    metrics: dict[str, Record] = defaultdict(lambda: Record(""))
    for outcome in outcomes:
        days_ago = (today - outcome.day).days
        if not 0 <= days_ago < DAYS:
            continue
        metrics[outcome.metric].add(outcome, days_ago)
        if outcome.priority in priorities:
            priorities[outcome.priority].add(outcome, days_ago)
    known = {metric: metrics[metric] for metric in Metric.values if metric in metrics}
    goal = organisation()["compliance_goal_percent"] / 100
    return Compliance(today, goal, priorities, known)
