"""Which deadline holds: the earliest of all targets that match (domain section 6). Pure.

A clock's time is a list of runs: from when to when it ran; the last one is open while it runs, and
ends at the pause while it stands still. Policy, facts and runs together decide the deadline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sla.rules import Rules, Target

Run = tuple[datetime, datetime | None]
Runs = Sequence[Run]


@dataclass(frozen=True)
class Deadline:
    """`used`: the counted time before the last run, by the calendar of the target that decided."""

    due_at: datetime
    target: Target
    used: timedelta


def deadline_for(rules: Rules, metric: str, facts: Mapping[str, str], runs: Runs) -> Deadline:
    """The deadline of `metric` for these facts (`rules.CONDITIONS` by name) and runs."""
    found = [
        Deadline(due_at=moment_of(target, runs), target=target, used=used_before_last(target, runs))
        for target in rules.targets[metric]
        if target.matches(facts)
    ]
    return min(found, key=lambda deadline: deadline.due_at)


def moment_of(target: Target, runs: Runs, percent: int = 100) -> datetime:
    """When `percent` of the target's time is used. A paused clock: as if it went on at the pause."""
    left = target.length * percent / 100
    for start, end in runs:
        if end is None:
            return target.calendar.add(start, left)
        used = target.calendar.between(start, end)
        if used >= left:
            return target.calendar.add(start, left)
        left -= used
    return target.calendar.add(runs[-1][1] or runs[-1][0], left)


def used_before_last(target: Target, runs: Runs) -> timedelta:
    """The counted time of all runs that have ended."""
    spans = (target.calendar.between(start, end) for start, end in runs if end is not None)
    return sum(spans, timedelta())
