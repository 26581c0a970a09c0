"""Arming and disarming timers, and the registry of those who answer when one fires."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Q

from helpdesk.common import clock, reads, writes
from sla.models import Timer

Handler = Callable[[Timer, Any, datetime], None]
Locker = Callable[[list[int]], dict[int, Any]]
# Most urgent first; the claim walks one index range for each.
URGENCIES = range(4)
WAITING = (Timer.State.ARMED, Timer.State.PARKED)
_handlers: dict[str, Handler] = {}
_lockers: dict[str, Locker] = {}
_in_bulk: set[str] = set()


def fires(kind: str, *, in_bulk: bool = False) -> Callable[[Handler], Handler]:
    """Register the decorated function for timers of `kind`.

    It is called with the timer (`timer.sweep` is the run that fired it), its locked subject and the
    instant of firing, inside the one transaction that also makes the timer terminal. `in_bulk`: it
    writes through `helpdesk.common.writes` and reads nothing back, so that many fire together.
    """

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        if in_bulk:
            _in_bulk.add(kind)
        return handler

    return register


def locks(subject_type: str) -> Callable[[Locker], Locker]:
    """Register how subjects of this type are locked, in the order of their ids.

    The function returns by id those that are free; the others are tried again soon.
    """

    def register(locker: Locker) -> Locker:
        _lockers[subject_type] = locker
        return locker

    return register


def handler_of(kind: str) -> Handler:
    return _handlers[kind]


def locker_of(subject_type: str) -> Locker:
    return _lockers[subject_type]


def fires_in_bulk(kind: str) -> bool:
    return kind in _in_bulk


def known_kinds() -> frozenset[str]:
    return frozenset(_handlers)


def arm(
    kind: str,
    subject_type: str,
    subject_id: int,
    due_at: datetime,
    *,
    urgency: int = 2,
    at: datetime | None = None,
    replaces: bool = True,
) -> Timer:
    """Arm the one timer of this promise, replacing an armed one. Call under the subject's lock.

    `replaces=False` says that none can be armed (a new subject).
    """
    if urgency not in URGENCIES:
        raise ValueError(f"urgency {urgency} is none of {URGENCIES}")
    if replaces:
        disarm(subject_type, subject_id, kind)
    timer = Timer(
        kind=kind,
        subject_type=subject_type,
        subject_id=subject_id,
        due_at=due_at,
        urgency=urgency,
        armed_at=at or reads.once(clock.now),
    )
    writes.insert(timer)
    return timer


def disarm(subject_type: str, subject_id: int, *kinds: str) -> None:
    """Cancel the timers of these kinds that wait (all kinds when none is named), parked ones too."""
    for timer in writes.waiting(Timer):
        ours = (timer.subject_type, timer.subject_id) == (subject_type, subject_id)
        if ours and (not kinds or timer.kind in kinds):
            timer.state = Timer.State.CANCELLED
    writes.at_end(_cancel, (subject_type, subject_id, kinds))


def rank(subject_type: str, subject_id: int, urgency: int, kind: str) -> None:
    """The armed timer of this promise has another place in a backlog; when it is due stays."""
    for timer in writes.waiting(Timer):
        if (timer.subject_type, timer.subject_id, timer.kind) == (subject_type, subject_id, kind):
            timer.urgency = urgency
    writes.at_end(_rank, (subject_type, subject_id, urgency, kind))


def _rank(places: list[tuple[str, int, int, str]]) -> None:
    groups: dict[tuple[str, int, str], list[int]] = {}
    for subject_type, subject_id, urgency, kind in places:
        groups.setdefault((subject_type, urgency, kind), []).append(subject_id)
    for (subject_type, urgency, kind), ids in groups.items():
        Timer.objects.filter(
            kind=kind, subject_type=subject_type, subject_id__in=ids, state=Timer.State.ARMED
        ).update(urgency=urgency)


def _cancel(promises: list[tuple[str, int, tuple[str, ...]]]) -> None:
    """One statement for all subjects whose timers of the same kinds are no longer wanted."""
    subjects: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for subject_type, subject_id, kinds in promises:
        subjects.setdefault((subject_type, kinds), []).append(subject_id)
    for (subject_type, kinds), ids in subjects.items():
        of_kinds = Q(kind__in=kinds) if kinds else Q()
        waiting = Timer.objects.filter(of_kinds, subject_type=subject_type, subject_id__in=ids)
        waiting.filter(state__in=WAITING).update(state=Timer.State.CANCELLED)
