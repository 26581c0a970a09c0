"""The 24-hour rule as arithmetic: pure, so that anyone can check a deadline by hand.

The time runs day and night from the moment at which the opening message reached the shop. It stands
still in Holiday Mode and goes on with what was left when that ends. An answer in the very instant of
the deadline is in time; a microsecond later is late.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

# What is due fires when its instant has passed, not in it.
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Closed:
    """A span of Holiday Mode; `ends` is None while nobody knows when it ends."""

    begins: datetime
    ends: datetime | None


def moment_after(start: datetime, span: timedelta, closed: Iterable[Closed]) -> datetime | None:
    """When `span` has run since `start`; None where a Holiday Mode of unknown end comes before."""
    at, left = start, span
    for holiday in sorted(closed, key=lambda each: each.begins):
        if holiday.ends is not None and holiday.ends <= at:
            continue
        if holiday.begins > at:
            if at + left <= holiday.begins:
                break
            left -= holiday.begins - at
        if holiday.ends is None:
            return None
        at = holiday.ends
    return at + left


def running_time(start: datetime, end: datetime, closed: Iterable[Closed]) -> timedelta:
    """How much of the time from `start` to `end` counts."""
    at, total = start, timedelta()
    for holiday in sorted(closed, key=lambda each: each.begins):
        if holiday.begins >= end:
            break
        if holiday.begins > at:
            total += holiday.begins - at
        if holiday.ends is None:
            return total
        at = max(at, holiday.ends)
    return total + max(end - at, timedelta())
