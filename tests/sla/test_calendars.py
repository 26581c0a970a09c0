"""Counting time against slow, obvious oracles."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from sla.calendars import WIB, add_open_time, add_working_days, is_working_day

ZONES = ("UTC", "Asia/Jakarta", "Asia/Jayapura", "America/New_York")
instants = st.datetimes(
    min_value=datetime(2025, 1, 1),
    max_value=datetime(2028, 12, 1),
    timezones=st.sampled_from([ZoneInfo(name) for name in ZONES]),
).map(lambda moment: moment.replace(second=0, microsecond=0))


@settings(max_examples=60, deadline=None)
@given(instants, st.integers(1, 30 * 60))
def test_open_time_equals_a_minute_by_minute_count(start: datetime, minutes: int) -> None:
    opens, closes = time(9), time(21)
    moment, left = start.astimezone(UTC), minutes
    while left:
        if opens <= moment.astimezone(WIB).time() < closes:
            left -= 1
        moment += timedelta(minutes=1)
    assert add_open_time(start, timedelta(minutes=minutes), opens, closes) == moment


@settings(max_examples=150, deadline=None)
@given(instants, st.integers(0, 15))
def test_working_days_equal_a_day_by_day_count(start: datetime, days: int) -> None:
    found = add_working_days(start, days)
    local, began = found.astimezone(WIB), start.astimezone(WIB)
    assert found.tzinfo == start.tzinfo
    assert is_working_day(local.date()) or days == 0
    between = (began.date() + timedelta(days=n) for n in range(1, 60))
    passed = sum(is_working_day(day) for day in between if day <= local.date())
    counted_from_end = not is_working_day(began.date())
    assert passed == days + counted_from_end
    assert local.time() == (time(0) if counted_from_end else began.time())
