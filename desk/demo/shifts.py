"""Two weeks of shifts for the demonstration: last week, this one and the next days."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from helpdesk.common.durations import WIB
from people.models import Shift, User
from people.roles import DESK
from people.services import start_of_week

DAY = timedelta(days=1)
DAYS = 21
# Morning, afternoon and evening; who looks at the demo by night finds somebody at work too.
HOURS = ((7, 15), (9, 18), (14, 22), (22, 7))


def make_shifts(now: datetime) -> int:
    """Plans them once, from the week before on; returns how many."""
    if Shift.objects.exists():
        return 0
    monday = start_of_week(now.astimezone(WIB).date()) - 7 * DAY
    people = User.objects.filter(is_demo=True, groups__name__in=[role.value for role in DESK])
    shifts = [
        _shift(person, monday + DAY * day, HOURS[(place + day // 7) % len(HOURS)])
        for place, person in enumerate(people.order_by("pk").distinct())
        for day in range(DAYS)
        # Two days off in seven, not the same ones for all.
        if (day + place) % 7 < 5
    ]
    return len(Shift.objects.bulk_create(shifts))


def _shift(person: User, midnight: datetime, hours: tuple[int, int]) -> Shift:
    begins, ends = hours
    day = midnight.date()
    return Shift(
        user=person,
        starts_at=datetime.combine(day, time(begins), tzinfo=WIB),
        ends_at=datetime.combine(day if ends > begins else day + DAY, time(ends), tzinfo=WIB),
    )
