"""Whether the engine of deadlines runs, and how punctual it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from people.actors import SWEEP
from sla.punctuality import Lateness, engine_state, lateness_since
from tickets.models import OutgoingMail

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Engine:
    """`beat_at` alone is no news: whoever compares figures leaves it out."""

    beat_at: datetime | None = field(repr=False)
    silent: bool
    stalled: bool
    overdue_since: datetime | None
    parked: int
    failed_mails: int


def engine(now: datetime) -> Engine:
    state = engine_state(now)
    # A timer that fires with the next sweep is not overdue.
    grace = timedelta(seconds=5)
    overdue = state.overdue_since
    return Engine(
        beat_at=state.beat_at,
        silent=state.silent,
        stalled=state.stalled,
        overdue_since=overdue if overdue is not None and now - overdue > grace else None,
        parked=state.parked,
        failed_mails=OutgoingMail.objects.filter(state=OutgoingMail.State.FAILED).count(),
    )


def lateness_of_the_day(now: datetime) -> Lateness:
    return lateness_since(now - DAY, actor=SWEEP)
