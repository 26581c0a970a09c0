"""The evaluation as one would explain it to a seller: message by message, in plain Python, slowly."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sla.calendars import WIB

DAY = timedelta(hours=24)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Said:
    """What was said: `at` is when it reached the other side."""

    sender: str
    at: datetime
    talk: int = 0
    deleted_at: datetime | None = None
    waived_at: datetime | None = None
    excluded_at: datetime | None = None


@dataclass(frozen=True)
class Story:
    said: list[Said]
    closed: list[tuple[datetime, datetime | None]] = field(default_factory=list)


def verdict_of(  # noqa: C901 - one rule after the other, as they are written
    asked: Said, story: Story, monday: datetime, free: set[date]
) -> str:
    end = monday + timedelta(days=7)
    day = asked.at.astimezone(WIB).date()
    if day.isoweekday() in (6, 7):
        return "weekend"
    if day in free:
        return "holiday"
    midnight = datetime(day.year, day.month, day.day, tzinfo=WIB)
    for begins, ends in story.closed:
        if begins < midnight + DAY and (ends is None or ends > midnight):
            return "holiday_mode"
    if asked.excluded_at is not None:
        return "excluded"
    if asked.deleted_at is not None and asked.deleted_at < end:
        return "deleted"
    if asked.waived_at is not None and asked.waived_at < end:
        return "waived"
    for answer in sorted(story.said, key=lambda each: each.at):
        if answer.sender == "buyer" or answer.talk != asked.talk:
            continue
        if asked.at <= answer.at < end:
            return "in_time" if open_time(asked.at, answer.at, story) <= DAY else "late"
    return "holiday_mode" if open_time(asked.at, end, story) <= DAY else "unanswered"


def open_time(since: datetime, until: datetime, story: Story) -> timedelta:
    """How much of the time the shop was not in Holiday Mode: from one edge to the next."""
    edges = {since, until}
    for begins, ends in story.closed:
        edges |= {edge for edge in (begins, ends) if edge and since < edge < until}
    total, points = timedelta(), sorted(edges)
    for a, b in itertools.pairwise(points):
        shut = any(begins <= a and (ends is None or b <= ends) for begins, ends in story.closed)
        total += timedelta() if shut else b - a
    return total


def counts_of(story: Story, monday: datetime, free: set[date]) -> Counter[str]:
    found: Counter[str] = Counter()
    for each in story.said:
        if each.sender == "buyer" and monday <= each.at < monday + timedelta(days=7):
            found[verdict_of(each, story, monday, free)] += 1
    return found
