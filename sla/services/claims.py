"""Which timers a sweep may fire: found, leased, given back, put off, parked. Each is one statement.

A lease and the count of attempts are committed before anything fires. A sweep that is killed leaves
its lease to run out; `retries` says how its timers come again.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import Min, Q, QuerySet

from helpdesk.common import clock
from helpdesk.common.faults import words_of
from sla.models import Timer
from sla.timers import URGENCIES

log = logging.getLogger(__name__)

# A subject that somebody works on is tried again after this long.
BUSY = timedelta(seconds=1)
BACKOFF_SECONDS = 5
MAX_ATTEMPTS = 5
DIED = "the worker died at each attempt"
# By urgency one range of the index `timer_claim`, of which no more is read than is taken.
CLAIM_FRESH = """
WITH due AS MATERIALIZED (
    SELECT found.id FROM generate_series(%(first)s, %(last)s) AS urgent,
    LATERAL (
        SELECT id FROM sla_timer
        WHERE state = 'armed' AND urgency = urgent AND due_at <= %(now)s AND attempts = 0
            AND (leased_until IS NULL OR leased_until <= %(now)s)
        ORDER BY due_at, id LIMIT %(size)s FOR UPDATE SKIP LOCKED
    ) AS found
    LIMIT %(size)s
)
UPDATE sla_timer SET leased_until = %(until)s, attempts = attempts + 1
FROM due WHERE sla_timer.id = due.id RETURNING sla_timer.*
"""
CLAIM_TRIED = """
UPDATE sla_timer SET leased_until = %(until)s, attempts = attempts + 1
WHERE id IN (
    SELECT id FROM sla_timer
    WHERE id = ANY(%(ids)s) AND state = 'armed' AND attempts = %(attempts)s
        AND leased_until <= %(now)s FOR UPDATE SKIP LOCKED
)
RETURNING *
"""
# Whoever holds a subject may be disarming its timers at this moment; those are passed over.
GIVE_BACK = """
UPDATE sla_timer SET leased_until = %s, attempts = GREATEST(attempts - 1, 0)
WHERE id IN (
    SELECT id FROM sla_timer WHERE id = ANY(%s) AND state = 'armed' FOR UPDATE SKIP LOCKED
)
"""


def _due(now: datetime) -> QuerySet[Timer]:
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    return Timer.objects.filter(free, state=Timer.State.ARMED, due_at__lte=now)


def oldest_due(now: datetime) -> datetime | None:
    """The one probe of a sweep that finds nothing."""
    found: datetime | None = _due(now).aggregate(at=Min("due_at"))["at"]
    return found


def claim_fresh(
    size: int, now: datetime, lease: timedelta, *, above: int | None = None
) -> list[Timer]:
    """At most `size` timers that were never tried, the most urgent first, then the oldest.

    `above`: only those that are more urgent than this.
    """
    last = URGENCIES[-1] if above is None else above - 1
    named = {
        "first": URGENCIES[0],
        "last": last,
        "now": now,
        "size": size,
        "until": now + lease,
    }
    wanted = size > 0 and last >= URGENCIES[0]
    return _in_order(Timer.objects.raw(CLAIM_FRESH, named)) if wanted else []


class Tried(NamedTuple):
    """A timer that is due again after a failure or a worker's death."""

    pk: int
    attempts: int
    urgency: int


def tried_before(now: datetime, *, limit: int) -> list[Tried]:
    """The least tried first, then the most urgent, then the oldest."""
    order = ("attempts", "urgency", "due_at", "id")
    tried = _due(now).filter(attempts__gt=0).order_by(*order)
    return [Tried(*row) for row in tried.values_list("pk", "attempts", "urgency")[:limit]]


def claim_tried(ids: list[int], attempts: int, now: datetime, lease: timedelta) -> list[Timer]:
    """Those that were tried just so often and that no other sweep has.

    One that has killed too many workers is parked instead.
    """
    named = {"ids": ids, "attempts": attempts, "now": now, "until": now + lease}
    claimed = _in_order(Timer.objects.raw(CLAIM_TRIED, named))
    if attempts < MAX_ATTEMPTS:
        return claimed
    for timer in claimed:
        timer.attempts = MAX_ATTEMPTS
        _park(timer, DIED)
    return []


def _in_order(claimed: Iterable[Timer]) -> list[Timer]:
    return sorted(claimed, key=lambda timer: (timer.urgency, timer.due_at, timer.pk))


def give_back(timers: Iterable[Timer]) -> None:
    """Nothing was tried, their subjects are busy: due again in a moment."""
    with connection.cursor() as cursor:
        cursor.execute(GIVE_BACK, [clock.now() + BUSY, [timer.pk for timer in timers]])


def put_off(timer: Timer, error: Exception) -> None:
    """Try again later; after several failures park it."""
    reason = words_of(error)
    if timer.attempts >= MAX_ATTEMPTS:
        _park(timer, reason)
        return
    wait = BACKOFF_SECONDS * 2**timer.attempts * random.uniform(1, 1.25)  # noqa: S311
    Timer.objects.filter(pk=timer.pk, state=Timer.State.ARMED).update(
        last_error=reason[:300], leased_until=clock.now() + timedelta(seconds=wait)
    )


def _park(timer: Timer, reason: str) -> None:
    """Out of everybody's way, and visible."""
    parked = Timer.objects.filter(pk=timer.pk, state=Timer.State.ARMED).update(
        state=Timer.State.PARKED, attempts=timer.attempts, last_error=reason[:300]
    )
    if parked:
        log.error("timer parked", extra={"timer": timer.pk, "kind": timer.kind})
