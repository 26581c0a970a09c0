"""How late the engine is: what fired, what is overdue, and whether it fires at all.

The engine owes a timer from the moment at which it was both due and known: a deadline may lie in
the past when it is set (a priority raised late, a complaint received before it was filed). How late
the promise itself was is another figure and stands on each breach.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import connection
from django.db.models import Max

from people.actors import Actor
from sla.models import SweepPulse, Timer

SILENT_AFTER = timedelta(seconds=30)
STALLED_AFTER = timedelta(seconds=60)
# So many that failed, and nothing else that fires, are no single poison.
FAILING = 5
LATEST = 10_000


@dataclass(frozen=True)
class Lateness:
    """Seconds from due and known to fired; `count` timers, LATEST at most; None where none fired."""

    count: int
    median: float | None
    p99: float | None
    worst: float | None

    promised: ClassVar[float] = 2.0

    @property
    def is_late(self) -> bool:
        """One timer in a hundred took longer than `promised` seconds."""
        return self.p99 is not None and self.p99 > self.promised

    @property
    def is_capped(self) -> bool:
        return self.count == LATEST


_LATENESS = """
SELECT count(*), percentile_cont(ARRAY[0.5, 0.99, 1.0]) WITHIN GROUP (ORDER BY late)
FROM (
    SELECT GREATEST(0, EXTRACT(EPOCH FROM fired_at - GREATEST(due_at, armed_at)))::float8 AS late
    FROM sla_timer WHERE state = 'fired' AND fired_at >= %s ORDER BY fired_at DESC LIMIT %s
) AS latest
"""
# By the index `timer_due`, and never more of it than LATEST.
_OVERDUE = """
SELECT min(owed), min(owed) FILTER (WHERE attempts = 0),
    count(*) FILTER (WHERE attempts > 0 AND owed < %(long_ago)s)
FROM (
    SELECT GREATEST(due_at, armed_at) AS owed, attempts
    FROM sla_timer WHERE state = 'armed' AND due_at < %(now)s ORDER BY due_at LIMIT %(latest)s
) AS overdue
"""


def lateness_since(moment: datetime, *, actor: Actor) -> Lateness:
    """Over the latest timers that fired since `moment`. Raises NotAllowed."""
    actor.require_any("view_dashboard", "read_engine")
    with connection.cursor() as cursor:
        cursor.execute(_LATENESS, [moment, LATEST])
        count, percentiles = cursor.fetchone()
    return Lateness(count, *(percentiles or (None, None, None)))


# Of the same timers as _LATENESS.
_LATE = """
SELECT * FROM (
    SELECT * FROM sla_timer WHERE state = 'fired' AND fired_at >= %s ORDER BY fired_at DESC LIMIT %s
) AS latest
WHERE fired_at - GREATEST(due_at, armed_at) > %s ORDER BY fired_at DESC LIMIT %s
"""


def late_timers(moment: datetime, *, actor: Actor, most: int) -> list[Timer]:
    """Those that fired since `moment` later than promised, the latest first. Raises NotAllowed."""
    actor.require_any("view_dashboard", "read_engine")
    promised = timedelta(seconds=Lateness.promised)
    return list(Timer.objects.raw(_LATE, [moment, LATEST, promised, most]))


@dataclass(frozen=True)
class EngineState:
    """`overdue_since`: since when the oldest timer is owed that has not fired. `silent`: no sweep has
    shown itself for SILENT_AFTER. `stalled`: sweeps or none, what is due does not fire."""

    beat_at: datetime | None
    silent: bool
    overdue_since: datetime | None
    stalled: bool
    parked: int


def engine_state(now: datetime) -> EngineState:
    pulse = SweepPulse.objects.first()
    named: dict[str, Any] = {"now": now, "long_ago": now - STALLED_AFTER, "latest": LATEST}
    with connection.cursor() as cursor:
        cursor.execute(_OVERDUE, named)
        overdue_since, fresh_since, failing = cursor.fetchone()
    waits_long = fresh_since is not None and now - fresh_since > STALLED_AFTER
    return EngineState(
        beat_at=pulse.beat_at if pulse else None,
        silent=pulse is None or now - pulse.beat_at > SILENT_AFTER,
        overdue_since=overdue_since,
        stalled=waits_long or (failing >= FAILING and _none_fired(now - STALLED_AFTER)),
        parked=Timer.objects.filter(state=Timer.State.PARKED).count(),
    )


def _none_fired(since: datetime) -> bool:
    fired = Timer.objects.filter(state=Timer.State.FIRED)
    last = fired.aggregate(at=Max("fired_at"))["at"]
    return last is None or last < since
