"""The sweep: finds what is due, and makes it happen exactly once, whoever else sweeps or dies.

1. One indexed probe. Nothing due: done.
2. Claim a batch: lease and count the attempt, committed at once (`SKIP LOCKED`: sweeps do not wait
   for each other). A sweep that is killed leaves its lease to run out; another takes over, and from
   then on claims these timers one by one: the one that kills its worker takes no neighbour along.
3. Per timer one short transaction: lock the subject, make the timer terminal if it is still armed,
   run the handler.
"""

from __future__ import annotations

import logging
import random
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Min, Q

from helpdesk.common import clock
from sla.models import SweepPulse, Timer
from sla.timers import handler_of, locker_of

log = logging.getLogger(__name__)

BATCH = 100
# Well below the time limit of a Celery task, which would end a backlog by killing its worker.
MAX_SECONDS = 20
LEASE = timedelta(seconds=30)
# A subject that somebody works on is tried again after this long.
BUSY = timedelta(seconds=1)
BACKOFF_SECONDS = 5
MAX_ATTEMPTS = 5


@dataclass
class SweepReport:
    """`skipped` counts timers whose subject was busy or which were disarmed meanwhile."""

    fired: int = 0
    failed: int = 0
    skipped: int = 0

    @property
    def seen(self) -> int:
        return self.fired + self.failed + self.skipped


def sweep(*, limit: int = 10_000, lease: timedelta = LEASE) -> SweepReport:
    """Fire what is due, most urgent first, at most `limit` timers and for a bounded time.

    `lease` must be longer than a batch takes: after it another sweep takes the batch for abandoned.
    """
    report = SweepReport()
    stop_at = time.monotonic() + MAX_SECONDS
    while report.seen < limit and time.monotonic() < stop_at:
        now = clock.now()
        _beat(now, report, oldest := _oldest_due(now))
        claimed = _claim(min(BATCH, limit - report.seen), now, lease) if oldest else []
        if not claimed:
            break
        for timer in claimed:
            _fire_or_put_off(timer, report)
    return report


def _due(now: datetime) -> Q:
    unclaimed = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    return Q(state=Timer.State.ARMED, due_at__lte=now) & unclaimed


def _oldest_due(now: datetime) -> datetime | None:
    found: datetime | None = Timer.objects.filter(_due(now)).aggregate(at=Min("due_at"))["at"]
    return found


def _claim(size: int, now: datetime, lease: timedelta) -> list[Timer]:
    with transaction.atomic():
        due = Timer.objects.select_for_update(skip_locked=True).filter(_due(now))
        rows = list(due.order_by("urgency", "due_at", "id")[:size])
        # Whoever was claimed before may have killed its worker.
        claimed = [timer for timer in rows if not timer.attempts] or rows[:1]
        if claimed and claimed[0].attempts >= MAX_ATTEMPTS:
            _park(claimed[0], "the worker died at each attempt")
            return _claim(size, now, lease)
        Timer.objects.filter(pk__in=[timer.pk for timer in claimed]).update(
            leased_until=now + lease, attempts=F("attempts") + 1
        )
    return claimed


def _fire_or_put_off(timer: Timer, report: SweepReport) -> None:
    try:
        with transaction.atomic():
            fired = _fire(timer)
    except Exception as error:
        log.exception("timer failed", extra={"timer": timer.pk, "kind": timer.kind})
        _put_off(timer.pk, error)
        report.failed += 1
    else:
        report.fired += fired
        report.skipped += not fired


def _fire(timer: Timer) -> bool:
    """Fire one timer; False when its subject is busy now or somebody disarmed it meanwhile."""
    subject = locker_of(timer.subject_type)(timer.subject_id)
    now = clock.now()
    still_armed = Timer.objects.filter(pk=timer.pk, state=Timer.State.ARMED)
    if subject is None:
        still_armed.update(leased_until=now + BUSY, attempts=F("attempts") - 1)
        return False
    # Terminal first: the handler may arm the next stage of the same promise.
    if not still_armed.update(state=Timer.State.FIRED, fired_at=now):
        return False
    handler_of(timer.kind)(timer, subject, now)
    return True


def _put_off(timer_id: int, error: Exception) -> None:
    """Try again later; after several failures park it, so that it cannot hold up its neighbours."""
    with transaction.atomic():
        timer = Timer.objects.select_for_update().get(pk=timer_id)
        if timer.state != Timer.State.ARMED:
            return
        reason = f"{type(error).__name__}: {error}"
        if timer.attempts >= MAX_ATTEMPTS:
            _park(timer, reason)
            return
        wait = BACKOFF_SECONDS * 2**timer.attempts * random.uniform(1, 1.25)  # noqa: S311
        timer.last_error = reason[:300]
        timer.leased_until = clock.now() + timedelta(seconds=wait)
        timer.save(update_fields=["last_error", "leased_until"])


def _park(timer: Timer, reason: str) -> None:
    timer.state, timer.last_error = Timer.State.PARKED, reason[:300]
    timer.save(update_fields=["state", "last_error"])
    log.error("timer parked", extra={"timer": timer.pk, "kind": timer.kind})


def _beat(now: datetime, report: SweepReport, oldest_due_at: datetime | None) -> None:
    """The one row that tells that sweeps are alive; between batches too, for a backlog takes long."""
    pulse = {"beat_at": now, "fired": report.fired, "oldest_due_at": oldest_due_at}
    if not SweepPulse.objects.filter(pk=1).update(**pulse):
        SweepPulse.objects.bulk_create([SweepPulse(pk=1, **pulse)], ignore_conflicts=True)
