"""The sweep: finds what is due, and makes it happen exactly once, whoever else sweeps or dies.

1. One indexed probe. Nothing due: done.
2. Claim a batch: lease and count the attempt, committed at once (`SKIP LOCKED`: sweeps do not wait
   for each other). A sweep that is killed leaves its lease to run out; another takes over.
3. Per subject one short transaction: lock the subject, look again whether its timer is still armed,
   run the handler, make the timer terminal.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from helpdesk.common import clock
from sla.models import SweepPulse, Timer
from sla.timers import handler_of, locker_of

log = logging.getLogger(__name__)

BATCH = 100
LEASE = timedelta(seconds=30)
MAX_ATTEMPTS = 5


@dataclass
class SweepReport:
    fired: int = 0
    failed: int = 0
    busy: int = 0


def sweep(*, limit: int = 10_000) -> SweepReport:
    """Fire what is due, at most `limit` timers, most urgent first."""
    report = SweepReport()
    while report.fired + report.failed + report.busy < limit and _anything_due():
        claimed = _claim(min(BATCH, limit))
        if not claimed:
            break
        for (subject_type, subject_id), timer_ids in claimed.items():
            _fire_subject(subject_type, subject_id, timer_ids, report)
    _beat(report)
    return report


def _due(now: datetime) -> Q:
    return Q(state=Timer.State.ARMED, due_at__lte=now) & (
        Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    )


def _anything_due() -> bool:
    return Timer.objects.filter(_due(clock.now())).exists()


def _claim(size: int) -> dict[tuple[str, int], list[int]]:
    now = clock.now()
    with transaction.atomic():
        rows = list(
            Timer.objects.select_for_update(skip_locked=True)
            .filter(_due(now))
            .order_by("urgency", "due_at", "id")
            .values_list("pk", "subject_type", "subject_id")[:size]
        )
        Timer.objects.filter(pk__in=[row[0] for row in rows]).update(
            leased_until=now + LEASE, attempts=F("attempts") + 1
        )
    subjects: dict[tuple[str, int], list[int]] = defaultdict(list)
    for pk, subject_type, subject_id in rows:
        subjects[subject_type, subject_id].append(pk)
    return subjects


def _fire_subject(
    subject_type: str, subject_id: int, timer_ids: list[int], report: SweepReport
) -> None:
    for timer_id in timer_ids:
        try:
            with transaction.atomic():
                fired = _fire(subject_type, subject_id, timer_id)
        except Exception as error:
            log.exception("timer failed", extra={"timer": timer_id})
            _put_off(timer_id, error)
            report.failed += 1
        else:
            report.fired += fired
            report.busy += not fired


def _fire(subject_type: str, subject_id: int, timer_id: int) -> bool:
    """Fire one timer; False when its subject is busy now or somebody disarmed it meanwhile."""
    subject = locker_of(subject_type)(subject_id)
    if subject is None:
        Timer.objects.filter(pk=timer_id).update(leased_until=None, attempts=F("attempts") - 1)
        return False
    timer = Timer.objects.select_for_update().get(pk=timer_id)
    if timer.state != Timer.State.ARMED:
        return False
    now = clock.now()
    # Terminal first: the handler may arm the next stage of the same promise.
    timer.state, timer.fired_at = Timer.State.FIRED, now
    timer.save(update_fields=["state", "fired_at"])
    handler_of(timer.kind)(timer, subject, now)
    return True


def _put_off(timer_id: int, error: Exception) -> None:
    """Try again later; after several failures park it, so that it cannot hold up its neighbours."""
    with transaction.atomic():
        timer = Timer.objects.select_for_update().get(pk=timer_id)
        if timer.state != Timer.State.ARMED:
            return
        timer.last_error = f"{type(error).__name__}: {error}"[:300]
        timer.leased_until = clock.now() + timedelta(seconds=5 * 2**timer.attempts)
        if timer.attempts >= MAX_ATTEMPTS:
            timer.state = Timer.State.PARKED
            log.error("timer parked", extra={"timer": timer_id, "kind": timer.kind})
        timer.save(update_fields=["last_error", "leased_until", "state"])


def _beat(report: SweepReport) -> None:
    now = clock.now()
    SweepPulse.objects.update_or_create(pk=1, defaults={"beat_at": now, "fired": report.fired})
