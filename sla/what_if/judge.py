"""A policy's rules in the form that judges a million clocks: seconds, and calendars by search."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sla.rules import Rules
from sla.what_if.fast_calendar import FastCalendar

# From when to when a clock ran, in seconds; the last one may be open.
Span = tuple[float, float | None]


class Facts(NamedTuple):
    """What a target's conditions look at."""

    priority: str
    reporter: str
    channel: str
    tier: str
    category: str
    team: str


class _Target(NamedTuple):
    seconds: float
    calendar: FastCalendar | None  # None: around the clock


class Verdict(NamedTuple):
    """When the promise ran out, and whether that lay inside a run (a paused clock misses nothing)."""

    due: float
    passed: bool


class Judge:
    """`first` is the earliest instant that will be asked about."""

    def __init__(self, body: dict[str, Any], first: datetime) -> None:
        self._rules = Rules.read(body)
        self._first = first
        self._calendars: dict[Any, FastCalendar] = {}
        self._found: dict[tuple[str, Facts], tuple[_Target, ...]] = {}
        self._agreed: dict[str, bool] = {}
        self.pauses = self._rules.pauses

    def due(self, metric: str, facts: Facts, runs: Sequence[Span]) -> Verdict:
        """The earliest of all targets that match, as `sla.targets.deadline_for` finds it."""
        targets = self._found.get((metric, facts))
        if targets is None:
            targets = self._found[metric, facts] = self._targets(metric, facts)
        return min(_moment(target, runs) for target in targets)

    def agrees_with(self, other: Judge, metric: str) -> bool:
        """Whether both, always the same two, say the same of every clock of this promise."""
        if metric not in self._agreed:
            mine, theirs = self._rules, other._rules
            self._agreed[metric] = mine.targets[metric] == theirs.targets[
                metric
            ] and mine.pauses.get(metric) == theirs.pauses.get(metric)
        return self._agreed[metric]

    def _targets(self, metric: str, facts: Facts) -> tuple[_Target, ...]:
        named = facts._asdict()
        found = [target for target in self._rules.targets[metric] if target.matches(named)]
        return tuple(
            _Target(target.length.total_seconds(), self._calendar(target.calendar))
            for target in found
        )

    def _calendar(self, calendar: Any) -> FastCalendar | None:
        if calendar.always:
            return None
        if calendar not in self._calendars:
            self._calendars[calendar] = FastCalendar(calendar, self._first)
        return self._calendars[calendar]


def _moment(target: _Target, runs: Sequence[Span]) -> Verdict:
    left, calendar = target
    for start, end in runs:
        if calendar is None:
            if end is None or end - start >= left:
                return Verdict(start + left, passed=True)
            left -= end - start
        else:
            if end is None:
                return Verdict(calendar.add(start, left), passed=True)
            used = calendar.between(start, end)
            if used >= left:
                return Verdict(calendar.add(start, left), passed=True)
            left -= used
    last = runs[-1][1] or runs[-1][0]
    due = last + left if calendar is None else calendar.add(last, left)
    return Verdict(due, passed=False)
