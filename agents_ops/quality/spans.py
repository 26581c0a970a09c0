"""Weeks in WIB, Monday to Sunday: the span of a figure and the points of a trend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import DateField
from django.db.models.functions import TruncWeek

from helpdesk.common.durations import WIB

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Span:
    """Whole weeks; the last one may still run. `weeks` are their Mondays, the oldest first."""

    weeks: tuple[date, ...]

    @property
    def since(self) -> datetime:
        return datetime.combine(self.weeks[0], time(), tzinfo=WIB)

    @property
    def until(self) -> datetime:
        return datetime.combine(self.weeks[-1] + WEEK, time(), tzinfo=WIB)


def span_of(now: datetime, weeks: int) -> Span:
    """The week of `now` and those before it."""
    today = now.astimezone(WIB).date()
    monday = today - timedelta(days=today.weekday())
    return Span(tuple(monday - WEEK * back for back in reversed(range(weeks))))


def week_of(monday: date) -> Span:
    return Span((monday - timedelta(days=monday.weekday()),))


def week_in(column: str) -> TruncWeek:
    """The Monday of an instant's week, as a date."""
    return TruncWeek(column, output_field=DateField(), tzinfo=WIB)
