"""Firing claimed timers: many in one transaction, each exactly once or not at all."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from helpdesk.common import clock, reads, writes
from sla.models import SweepRun, Timer
from sla.services.claims import give_back, put_off
from sla.timers import fires_in_bulk, handler_of, locker_of

log = logging.getLogger(__name__)
Stops = type[Exception] | tuple[type[Exception], ...]


@dataclass
class SweepReport:
    """`skipped` counts timers whose subject was busy or which were disarmed meanwhile."""

    fired: int = 0
    failed: int = 0
    skipped: int = 0

    @property
    def seen(self) -> int:
        return self.fired + self.failed + self.skipped


@dataclass
class Firing:
    """One sweep's firing of what it claimed. `stopped_by` are errors that end the sweep itself."""

    run: SweepRun
    report: SweepReport
    stopped_by: Stops = ()

    def fire(self, claimed: list[Timer]) -> None:
        """Most together; a second timer of the same subject after what the first one brought about."""
        while claimed:
            first, claimed = _one_of_each_subject(claimed)
            for group in _groups(first):
                self._fire_or_part(group)

    def _fire_or_part(self, timers: list[Timer]) -> None:
        """A group that fails is undone and fired in two parts, until the one that fails is alone."""
        try:
            with transaction.atomic():
                fired, busy = self._fire_together(timers)
        except self.stopped_by:
            raise
        except Exception as error:
            if _connection_is_lost():
                raise
            if _is_contention(error):
                # Somebody holds what they need: no handler's fault, and halves would wait as long.
                give_back(timers)
                self.report.skipped += len(timers)
                return
            if len(timers) > 1:
                half = len(timers) // 2
                self._fire_or_part(timers[:half])
                self._fire_or_part(timers[half:])
                return
            log.exception("timer failed", extra={"timer": timers[0].pk, "kind": timers[0].kind})
            put_off(timers[0], error)
            self.report.failed += 1
        else:
            self.report.fired += fired
            self.report.skipped += len(timers) - fired
            if busy:
                # Only now: their rows may be locked by whoever waits for one of our subjects.
                give_back(busy)

    def _fire_together(self, timers: list[Timer]) -> tuple[int, list[Timer]]:
        """How many fired, and those whose subject is busy. What was disarmed meanwhile is neither."""
        lock = locker_of(timers[0].subject_type)
        subjects = lock(sorted(timer.subject_id for timer in timers))
        busy = [timer for timer in timers if timer.subject_id not in subjects]
        now = clock.now()
        # Terminal first: a handler may arm the next stage of the same promise.
        armed = self._end([timer for timer in timers if timer.subject_id in subjects], now)
        firing = [timer for timer in timers if timer.pk in armed]
        with _many_at_once(timers[0].kind, subjects.values()):
            for timer in firing:
                timer.state, timer.fired_at, timer.sweep = Timer.State.FIRED, now, self.run
                handler_of(timer.kind)(timer, subjects[timer.subject_id], now)
        return len(firing), busy

    def _end(self, timers: list[Timer], now: datetime) -> set[int]:
        """Make those that are still armed terminal; their ids."""
        if not timers:
            return set()
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE sla_timer SET state = 'fired', fired_at = %s, sweep_id = %s"
                " WHERE id = ANY(%s) AND state = 'armed' RETURNING id",
                [now, self.run.pk, [timer.pk for timer in timers]],
            )
            return {timer_id for (timer_id,) in cursor.fetchall()}


@contextmanager
def _many_at_once(kind: str, subjects: Collection[Any]) -> Iterator[None]:
    if not fires_in_bulk(kind):
        yield
        return
    with reads.shared(subjects), writes.gathered(rows=len(subjects)):
        yield


def _one_of_each_subject(timers: list[Timer]) -> tuple[list[Timer], list[Timer]]:
    first: dict[tuple[str, int], Timer] = {}
    for timer in timers:
        first.setdefault((timer.subject_type, timer.subject_id), timer)
    chosen = {timer.pk for timer in first.values()}
    return list(first.values()), [timer for timer in timers if timer.pk not in chosen]


def _groups(timers: list[Timer]) -> list[list[Timer]]:
    """Those that fire together: of kinds that can, and of one type of subject."""
    together: dict[str, list[Timer]] = {}
    groups = []
    for timer in timers:
        if not fires_in_bulk(timer.kind):
            groups.append([timer])
        elif timer.subject_type in together:
            together[timer.subject_type].append(timer)
        else:
            groups.append(together.setdefault(timer.subject_type, [timer]))
    return groups


def _is_contention(error: Exception) -> bool:
    """A lock that was not to be had, or a deadlock that was ended."""
    return getattr(error.__cause__, "pgcode", None) in ("55P03", "40P01")


def _connection_is_lost() -> bool:
    """The database went away: no handler's fault, and nothing can be written down now."""
    link = connection.connection
    return link is None or bool(link.closed)
