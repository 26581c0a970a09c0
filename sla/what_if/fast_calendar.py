"""A calendar as two rising columns, so that adding time is one search and no walk over days.

Equal to `sla.calendars.Calendar` (tests/sla/what_if). Instants are seconds since 1970, UTC.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, timedelta

from sla.calendars import LONGEST_CLOSURE, ONE_DAY, Calendar, NeverOpen
from sla.calendars import _blocks as spans_of

GROW = timedelta(days=120)


class FastCalendar:
    """Counts from `first` on; an instant before it is a mistake of the caller's."""

    def __init__(self, calendar: Calendar, first: datetime) -> None:
        self._calendar = calendar
        self._next: date = first.astimezone(calendar.zone).date() - ONE_DAY
        self._known_to = float("-inf")
        self._opens: list[float] = []
        self._closes: list[float] = []
        self._before: list[float] = []  # counted seconds before the span begins
        self._after: list[float] = []  # ... and when it has ended

    def add(self, start: float, seconds: float) -> float:
        """The first instant at which `seconds` (more than none) of counted time have passed."""
        wanted = self._counted(start) + seconds
        while not self._after or self._after[-1] < wanted:
            self._grow()
        place = bisect_left(self._after, wanted)
        return self._opens[place] + wanted - self._before[place]

    def between(self, start: float, end: float) -> float:
        return max(0.0, self._counted(end) - self._counted(start))

    def _counted(self, moment: float) -> float:
        while self._known_to < moment:
            self._grow()
        place = bisect_right(self._opens, moment) - 1
        if place < 0:
            return 0.0
        return self._before[place] + min(moment, self._closes[place]) - self._opens[place]

    def _grow(self) -> None:
        last = self._next + GROW
        while self._next < last:
            for opens, closes in spans_of(self._calendar, self._next):
                before = self._after[-1] if self._after else 0.0
                self._opens.append(opens.timestamp())
                self._closes.append(closes.timestamp())
                self._before.append(before)
                self._after.append(before + (closes - opens).total_seconds())
            self._next += ONE_DAY
        midnight = datetime(self._next.year, self._next.month, self._next.day, tzinfo=UTC)
        # The furthest zone lies 14 hours ahead: until then every span is surely listed.
        self._known_to = (midnight - timedelta(hours=14)).timestamp()
        open_to = self._closes[-1] if self._closes else float("-inf")
        if self._known_to - open_to > timedelta(days=LONGEST_CLOSURE).total_seconds():
            raise NeverOpen(last.isoformat())
