"""Time that counts: around the clock, within opening hours, or in working days (WIB)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays

WIB = ZoneInfo("Asia/Jakarta")


@lru_cache(maxsize=16)
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("ID", years=year))


def is_working_day(day: date, closures: frozenset[str] = frozenset()) -> bool:
    """Monday to Friday, no Indonesian public holiday, no closure of the company's own (ISO dates)."""
    return (
        day.weekday() < 5
        and day not in _public_holidays(day.year)
        and day.isoformat() not in closures
    )


def add_working_days(
    start: datetime, days: int, closures: frozenset[str] = frozenset()
) -> datetime:
    """The same time of day (WIB), `days` working days later; from a free day, counted from its end."""
    local = start.astimezone(WIB)
    day = local.date()
    if not is_working_day(day, closures):
        while not is_working_day(day, closures):
            day += timedelta(days=1)
        local = datetime.combine(day, time(0), WIB)
    for _step in range(days):
        day += timedelta(days=1)
        while not is_working_day(day, closures):
            day += timedelta(days=1)
    return datetime.combine(day, local.timetz().replace(tzinfo=None), WIB).astimezone(start.tzinfo)


def add_open_time(start: datetime, length: timedelta, opens: time, closes: time) -> datetime:
    """The instant at which `length` of daily opening hours (WIB) has passed since `start`."""
    moment, left = start.astimezone(WIB), length
    while True:
        begin = datetime.combine(moment.date(), opens, WIB)
        end = datetime.combine(moment.date(), closes, WIB)
        moment = max(moment, begin)
        if moment < end:
            if left <= end - moment:
                return (moment + left).astimezone(start.tzinfo)
            left -= end - moment
        moment = datetime.combine(moment.date() + timedelta(days=1), time(0), WIB)


def due_after(
    start: datetime, target: dict[str, Any], closures: frozenset[str] = frozenset()
) -> datetime:
    """`start` plus a target: {'hours'|'minutes': n, 'open': ['08:00','22:00']?} or {'working_days': n}."""
    if "working_days" in target:
        return add_working_days(start, int(target["working_days"]), closures)
    length = timedelta(hours=target.get("hours", 0), minutes=target.get("minutes", 0))
    if "open" in target:
        opens, closes = (time.fromisoformat(text) for text in target["open"])
        return add_open_time(start, length, opens, closes)
    return start + length
