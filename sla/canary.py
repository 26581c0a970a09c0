"""A deadline that nobody waits for: armed every ten minutes, it must fire like all others.

The sweep's pulse tells that sweeps run; the canary that what is armed fires, from the timer's row
to its handler, and how late. Its absence is an error in the log and a line of /readyz.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Min, Q

from helpdesk.common import clock
from sla.models import Timer
from sla.timers import fires, locks

logger = logging.getLogger(__name__)

CANARY = "sla.canary"
SUBJECT = "canary"
SUBJECT_ID = 1
DUE_IN = timedelta(seconds=60)
ABSENT_AFTER = timedelta(minutes=25)
KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Canary:
    """The last one that fired (None: none yet) and how late, in seconds; `absent` says that it is missed."""

    fired_at: datetime | None
    late_seconds: float | None
    waiting_since: datetime | None
    absent: bool


@locks(SUBJECT)
def _nothing_to_lock(ids: list[int]) -> dict[int, int]:
    return {pk: pk for pk in ids}


@fires(CANARY)
def _sings(timer: Timer, subject: int, now: datetime) -> None:
    """That it fired is all: the timer's row says when."""


def arm_canary() -> None:
    """Arm the next one, unless the last still waits; report it when it is missed."""
    now = clock.now()
    if canary(now).absent:
        logger.error("the canary has not fired for %d minutes", ABSENT_AFTER.seconds // 60)
    ours = Timer.objects.filter(subject_type=SUBJECT, subject_id=SUBJECT_ID)
    ours.filter(state=Timer.State.FIRED, fired_at__lt=now - KEPT, repairs=None).delete()
    Timer.objects.bulk_create(
        [
            Timer(
                kind=CANARY,
                subject_type=SUBJECT,
                subject_id=SUBJECT_ID,
                due_at=now + DUE_IN,
                armed_at=now,
            )
        ],
        ignore_conflicts=True,
    )


def canary(now: datetime) -> Canary:
    ours = Timer.objects.filter(subject_type=SUBJECT, subject_id=SUBJECT_ID)
    last = ours.filter(state=Timer.State.FIRED).order_by("-id").first()
    seen = last.fired_at if last else None
    others = ours.filter(state__in=[Timer.State.ARMED, Timer.State.PARKED]).aggregate(
        waiting=Min("due_at", filter=Q(state=Timer.State.ARMED)),
        parked=Max("due_at", filter=Q(state=Timer.State.PARKED)),
    )
    waiting = others["waiting"]
    since = seen or waiting or others["parked"]
    return Canary(
        fired_at=seen,
        late_seconds=(seen - last.due_at).total_seconds() if last and seen else None,
        waiting_since=waiting if waiting and waiting < now else None,
        absent=since is not None and now - since > ABSENT_AFTER,
    )
