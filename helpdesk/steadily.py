"""Every so many seconds by a clock that nobody sets.

Celery's beat asks the wall clock when to wake whom. Set back by an hour (by NTP, by hand) it would
be silent for that hour. Here its time begins with the wall clock and goes on by itself.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from celery.schedules import schedule

_began, _counted_from = datetime.now(UTC), time.monotonic()


def steady_now() -> datetime:
    """When this process began by the wall clock, plus what it counted since."""
    return _began + timedelta(seconds=time.monotonic() - _counted_from)


class Steadily(schedule):
    run_every: timedelta  # unknown to the stubs

    def __init__(self, run_every: float | timedelta) -> None:
        super().__init__(run_every, nowfun=steady_now)

    def __reduce__(self) -> tuple[type[Steadily], tuple[timedelta]]:
        """Beat keeps it in a file."""
        return type(self), (self.run_every,)

    def is_due(self, last_run_at: datetime) -> Any:
        """Last run in the future: its file was written before the clock was set back. Then now."""
        last = self.maybe_make_aware(last_run_at)
        return super().is_due(last if last <= self.now() else self.now() - self.run_every)
