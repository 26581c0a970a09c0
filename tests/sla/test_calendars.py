"""Counting time against slow, obvious oracles: over zones, midnights, holidays, clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla.calendars import ALWAYS, WHOLE_DAY, Block, Calendar, NeverOpen

ZONES = ("Asia/Jakarta", "Asia/Jayapura", "America/New_York")
MINUTE = timedelta(minutes=1)
instants = st.datetimes(
    min_value=datetime(2025, 1, 1),
    max_value=datetime(2028, 12, 1),
    timezones=st.sampled_from([ZoneInfo(name) for name in ("UTC", *ZONES)]),
).map(lambda moment: moment.replace(second=0, microsecond=0))


@st.composite
def days_of_blocks(draw: st.DrawFn) -> tuple[Block, ...]:
    edges = sorted(draw(st.sets(st.integers(0, 48), max_size=6)))
    pairs = list(pairwise(edges))[::2]
    return tuple((_half_hour(a) or time(0), _half_hour(b)) for a, b in pairs)


def _half_hour(n: int) -> time | None:
    return None if n == 48 else time(n // 2, n % 2 * 30)


calendars = st.builds(
    Calendar,
    week=st.tuples(*[days_of_blocks()] * 7).filter(any),
    zone=st.sampled_from([ZoneInfo(name) for name in ZONES]),
    holidays=st.booleans(),
    closures=st.frozensets(
        st.dates(min_value=date(2025, 1, 1), max_value=date(2028, 12, 1)), max_size=3
    ),
)


def counts(calendar: Calendar, moment: datetime) -> bool:
    """Whether the minute that begins at `moment` is counted; by the wall clock, nothing else."""
    local = moment.astimezone(calendar.zone)
    return calendar.is_open(local.date()) and any(
        opens <= local.time() and (closes is None or local.time() < closes)
        for opens, closes in calendar.week[local.weekday()]
    )


@settings(max_examples=80, deadline=None)
@given(calendars, instants, st.integers(1, 12 * 60))
def test_added_time_equals_a_minute_by_minute_count(
    calendar: Calendar, start: datetime, minutes: int
) -> None:
    moment, left, patience = start.astimezone(UTC), minutes, 40 * 24 * 60
    while left and patience:
        left -= counts(calendar, moment)
        moment += MINUTE
        patience -= 1
    if patience:
        assert calendar.add(start, timedelta(minutes=minutes)) == moment


@settings(max_examples=80, deadline=None)
@given(calendars, instants, st.integers(0, 4 * 24 * 60))
def test_time_between_equals_a_minute_by_minute_count(
    calendar: Calendar, start: datetime, minutes: int
) -> None:
    first = start.astimezone(UTC)
    counted = sum(counts(calendar, first + n * MINUTE) for n in range(minutes))
    assert calendar.between(start, first + minutes * MINUTE) == counted * MINUTE


@settings(max_examples=150, deadline=None)
@given(calendars, instants, st.timedeltas(min_value=timedelta(), max_value=timedelta(days=9)))
def test_adding_and_counting_are_each_others_inverse(
    calendar: Calendar, start: datetime, length: timedelta
) -> None:
    end = calendar.add(start, length)
    assert end.tzinfo == start.tzinfo
    assert calendar.between(start, end) == length


@given(instants, st.timedeltas(min_value=timedelta(), max_value=timedelta(days=400)))
def test_around_the_clock_is_plain_time(start: datetime, length: timedelta) -> None:
    end = start.astimezone(UTC) + length
    assert ALWAYS.between(start.astimezone(UTC), end) == length
    assert ALWAYS.add(start.astimezone(UTC), length) == end


def test_backwards_nothing_is_counted() -> None:
    now = datetime(2026, 11, 4, tzinfo=UTC)
    assert ALWAYS.between(now, now - MINUTE) == timedelta()


def test_whole_days_keep_the_days_and_forget_the_hours() -> None:
    office = Calendar(week=((((time(8), time(17))),),) * 5 + ((),) * 2, holidays=True)
    assert office.whole_days().week == (WHOLE_DAY,) * 5 + ((),) * 2
    assert office.whole_days().holidays


def test_a_calendar_that_never_opens_is_a_mistake_not_a_deadline() -> None:
    never = Calendar(week=((),) * 7)
    with pytest.raises(NeverOpen):
        never.add(datetime(2026, 11, 4, tzinfo=UTC), MINUTE)
