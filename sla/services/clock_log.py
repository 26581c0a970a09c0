"""A clock's log, read back: what its row must say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sla.models import Clock, ClockEvent
from sla.targets import Run, Runs, used_before_last

State, Kind = Clock.State, ClockEvent.Kind


@dataclass
class Story:
    """What the lines of one log, oldest first, add up to."""

    state: str = ""
    started_at: datetime | None = None
    due_at: datetime | None = None
    basis: str = ""
    policy_version: int = 0
    level: int = 0
    paused_at: datetime | None = None
    met_at: datetime | None = None
    breached_at: datetime | None = None
    cancelled_at: datetime | None = None
    runs: list[Run] = field(default_factory=list)
    _before_end: dict[str, Any] = field(default_factory=dict)

    def read(self, lines: Iterable[ClockEvent]) -> Story:
        for line in lines:
            self._read(line)
        return self

    def _read(self, line: ClockEvent) -> None:
        self.due_at, self.basis = line.due_at, line.basis
        self.policy_version = line.policy_version
        self.level = max(self.level, line.level or 0)
        if line.kind in (Kind.STARTED, Kind.RESUMED):
            self.started_at = self.started_at or line.at
            self.state, self.paused_at, self.met_at = State.RUNNING, None, None
            self.runs.append((line.at, None))
        elif line.kind == Kind.PAUSED:
            self.state, self.paused_at = State.PAUSED, line.at
            self._stop(line.at)
        elif line.kind == Kind.BREACHED:
            self.state, self.breached_at = State.BREACHED, line.at
            self._stop(line.at)
        elif line.kind in (Kind.SATISFIED, Kind.CANCELLED):
            self._before_end = {name: getattr(self, name) for name in _ENDS} | {
                "runs": list(self.runs)
            }
            self._end(line)
        elif line.kind == Kind.RESTORED:
            vars(self).update(self._before_end)

    def _end(self, line: ClockEvent) -> None:
        self._stop(line.at)
        self.paused_at = None
        if self.state == State.BREACHED:
            self.met_at = line.at
        elif line.kind == Kind.SATISFIED:
            self.state, self.met_at = State.MET, line.at
        else:
            self.state, self.cancelled_at = State.CANCELLED, line.at

    @property
    def stood_still(self) -> timedelta:
        gaps = (after[0] - (before[1] or after[0]) for before, after in pairwise(self.runs))
        return sum(gaps, timedelta())

    def _stop(self, at: datetime) -> None:
        start, end = self.runs[-1]
        if end is None:
            self.runs[-1] = (start, at)


def differences(clock: Clock, lines: Iterable[ClockEvent]) -> list[str]:
    """Where the row does not say what its log says."""
    story = Story().read(lines)
    expected = {name: getattr(story, name) for name in _NAMES}
    if story.basis == clock.basis:
        expected["used"] = used_before_last(clock.decided_by, story.runs)
    expected["stood_still"] = story.stood_still
    return [
        f"{name} is {getattr(clock, name)}, the log says {value}"
        for name, value in expected.items()
        if getattr(clock, name) != value
    ]


_ENDS = ("state", "paused_at", "met_at", "cancelled_at")
_NAMES = (
    "state",
    "started_at",
    "due_at",
    "basis",
    "policy_version",
    "level",
    "paused_at",
    "met_at",
    "breached_at",
    "cancelled_at",
)


def runs_of(clocks: Iterable[Clock]) -> Mapping[int, Runs]:
    """The runs of each clock, by its key; the log is read only for those that ever stood still."""
    found: dict[int, Runs] = {}
    paused = {}
    for clock in clocks:
        if clock.state == Clock.State.RUNNING and clock.running_since == clock.started_at:
            found[clock.pk] = [(clock.started_at, None)]
        else:
            paused[clock.pk] = Story()
    if paused:
        for line in ClockEvent.objects.filter(clock__in=paused).order_by("id"):
            paused[line.clock_id].read([line])
    return found | {pk: story.runs for pk, story in paused.items()}
