"""Calendars: which time counts. Around the clock, or weekly blocks less holidays and closures.

Everything is a function of instants: `add` and `between` are each other's inverse, and equal a
minute-by-minute count (tests/sla/test_calendars.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

WIB = ZoneInfo("Asia/Jakarta")
ONE_DAY = timedelta(days=1)
# A calendar that is closed for so long never opens again: a mistake in it, not a deadline.
LONGEST_CLOSURE = 400

Block = tuple[time, time | None]  # from, to; None is midnight at the day's end
WHOLE_DAY: tuple[Block, ...] = ((time(0), None),)


class NeverOpen(ValueError):
    """A calendar without any counted time ahead."""


@lru_cache(maxsize=16)
def public_holidays(year: int) -> dict[date, str]:
    """Indonesia's, with their names."""
    return dict(holidays.country_holidays("ID", years=year))


@dataclass(frozen=True)
class Calendar:
    """`week`: seven tuples of blocks, Monday first, each in order and apart from the next."""

    week: tuple[tuple[Block, ...], ...] = (WHOLE_DAY,) * 7
    zone: ZoneInfo = WIB
    holidays: bool = False
    closures: frozenset[date] = frozenset()

    @property
    def always(self) -> bool:
        return not self.holidays and not self.closures and self.week == (WHOLE_DAY,) * 7

    def whole_days(self) -> Calendar:
        """The same days, each from midnight to midnight: what 'working days' count."""
        week = tuple(WHOLE_DAY if blocks else () for blocks in self.week)
        return replace(self, week=week)

    def is_open(self, day: date) -> bool:
        return bool(
            self.week[day.weekday()]
            and day not in self.closures
            and not (self.holidays and day in public_holidays(day.year))
        )

    def add(self, start: datetime, length: timedelta) -> datetime:
        """The first instant at which `length` of counted time has passed since `start`."""
        if self.always or not length:
            return start + length
        left, day, empty = length, start.astimezone(self.zone).date(), 0
        while empty < LONGEST_CLOSURE:
            blocks = _blocks(self, day)
            empty = 0 if blocks else empty + 1
            for opens, closes in blocks:
                begin = max(opens, start)
                if begin >= closes:
                    continue
                if left <= closes - begin:
                    return (begin + left).astimezone(start.tzinfo)
                left -= closes - begin
            day += ONE_DAY
        raise NeverOpen(day.isoformat())

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The counted time from `start` to `end`; none when `end` is the earlier."""
        if self.always:
            return max(end - start, timedelta())
        total, day = timedelta(), start.astimezone(self.zone).date()
        last = end.astimezone(self.zone).date()
        while day <= last:
            for opens, closes in _blocks(self, day):
                total += max(min(closes, end) - max(opens, start), timedelta())
            day += ONE_DAY
        return total


ALWAYS = Calendar()


@lru_cache(maxsize=8192)
def _blocks(calendar: Calendar, day: date) -> tuple[tuple[datetime, datetime], ...]:
    """The day's counted spans in UTC; where clocks are put forward or back, as long as they were."""
    if not calendar.is_open(day):
        return ()
    spans = (
        (_instant(calendar, day, opens), _instant(calendar, day, closes))
        for opens, closes in calendar.week[day.weekday()]
    )
    return tuple((opens, closes) for opens, closes in spans if opens < closes)


def _instant(calendar: Calendar, day: date, moment: time | None) -> datetime:
    local = datetime.combine(day + ONE_DAY if moment is None else day, moment or time(0))
    return local.replace(tzinfo=calendar.zone).astimezone(UTC)
