"""The sweep: finds what is due, and makes it happen exactly once, whoever else sweeps or dies.

1. One indexed probe. Nothing due: done.
2. Claim a batch: lease and count the attempt, committed at once (`SKIP LOCKED`: sweeps do not wait
   for each other). See `claims`, and `retries` for those that were claimed before.
3. One transaction for the batch: lock the subjects, make the timers terminal that are still armed,
   run the handlers, write everything that they brought about. See `firing`.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from socket import gethostname

from django.db import transaction

from helpdesk.common import clock
from sla.models import SweepPulse, SweepRun, Timer
from sla.services import claims
from sla.services.claims import MAX_ATTEMPTS
from sla.services.firing import Firing, Stops, SweepReport
from sla.services.retries import Retries

__all__ = ["LEASE", "MAX_ATTEMPTS", "SweepReport", "sweep"]

BATCH = 100
# Well below the time limit of a Celery task, which would end a backlog by killing its worker.
MAX_SECONDS = 20
LEASE = timedelta(seconds=30)
# How long a sweep stays with suspects alone, before it looks for others again.
SUSPECTS_SECONDS = 1


def sweep(*, limit: int = 10_000, lease: timedelta = LEASE, stopped_by: Stops = ()) -> SweepReport:
    """Fire what is due, most urgent first, at most `limit` timers and for a bounded time.

    `lease` must be longer than a batch takes: after it another sweep takes the batch for abandoned.
    `stopped_by` names errors that are no handler's failure but an order to end.
    """
    return _Sweep(limit=limit, lease=lease, stopped_by=stopped_by).until_done()


@dataclass
class _Sweep:
    limit: int
    lease: timedelta
    stopped_by: Stops
    report: SweepReport = field(default_factory=SweepReport)
    run: SweepRun | None = None

    def __post_init__(self) -> None:
        self.retries = Retries(self.lease)

    def until_done(self) -> SweepReport:
        stop_at = time.monotonic() + MAX_SECONDS
        while self._room and time.monotonic() < stop_at:
            now = clock.now()
            oldest = claims.oldest_due(now)
            self._beat(now, oldest)
            if oldest is None or not self._round(now, oldest):
                break
        if self.run is not None:
            self._beat(clock.now(), None, ended=True)
        return self.report

    @property
    def _room(self) -> int:
        return self.limit - self.report.seen

    def _round(self, now: datetime, oldest: datetime) -> bool:
        """One batch, then one suspect; suspects alone while there is nothing else."""
        self.retries.look(now)
        batch = self._batch(now)
        if not batch and not self.retries.often:
            return False
        firing = Firing(self._run(now, oldest), self.report, self.stopped_by)
        firing.fire(batch)
        self._try_suspects(firing, now, one=bool(batch))
        return True

    def _batch(self, now: datetime) -> list[Timer]:
        """The most urgent that there are, fresh or claimed once before."""
        size = min(BATCH, self._room)
        while (urgency := self.retries.urgency) is not None:
            more_urgent = claims.claim_fresh(size, now, self.lease, above=urgency)
            if batch := more_urgent or self.retries.claim_group(size, now):
                return batch
        return claims.claim_fresh(size, now, self.lease)

    def _try_suspects(self, firing: Firing, now: datetime, *, one: bool) -> None:
        stop_at = time.monotonic() + (0 if one else SUSPECTS_SECONDS)
        while self.retries.often and self._room:
            firing.fire(self.retries.claim_one(now))
            if time.monotonic() >= stop_at:
                return

    def _run(self, now: datetime, oldest: datetime) -> SweepRun:
        """Written when there is something to fire: idle sweeps leave no row."""
        if self.run is None:
            self.run = SweepRun.objects.create(
                worker=_worker(), started_at=now, oldest_due_at=oldest
            )
        return self.run

    def _beat(self, now: datetime, oldest: datetime | None, *, ended: bool = False) -> None:
        """The one row that tells that sweeps are alive, between batches too; and the run so far."""
        if self.run is None:
            _pulse(now, oldest, self.report.fired)
            return
        with transaction.atomic():
            _pulse(now, oldest, self.report.fired)
            SweepRun.objects.filter(pk=self.run.pk).update(
                fired=self.report.fired,
                failed=self.report.failed,
                skipped=self.report.skipped,
                ended_at=now if ended else None,
            )


def _pulse(now: datetime, oldest: datetime | None, fired: int) -> None:
    pulse = {"beat_at": now, "fired": fired, "oldest_due_at": oldest}
    if not SweepPulse.objects.filter(pk=1).update(**pulse):
        SweepPulse.objects.bulk_create([SweepPulse(pk=1, **pulse)], ignore_conflicts=True)


def _worker() -> str:
    """Tells processes apart without telling the name of the machine."""
    return f"{_machine()}:{os.getpid()}"


@cache
def _machine() -> str:
    return sha256(gethostname().encode()).hexdigest()[:12]
