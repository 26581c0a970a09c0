"""Arming and disarming timers, and the registry of those who answer when one fires."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from helpdesk.common import clock
from sla.models import Timer

Handler = Callable[[Timer, Any, datetime], None]
_handlers: dict[str, Handler] = {}
_lockers: dict[str, Callable[[int], Any]] = {}


def fires(kind: str) -> Callable[[Handler], Handler]:
    """Register the decorated function for timers of `kind`.

    It is called with the timer, its locked subject and the instant of firing, inside the one
    transaction that also makes the timer terminal.
    """

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def locks(subject_type: str) -> Callable[[Callable[[int], Any]], Callable[[int], Any]]:
    """Register how a subject of this type is locked; the function returns None to skip it for now."""

    def register(locker: Callable[[int], Any]) -> Callable[[int], Any]:
        _lockers[subject_type] = locker
        return locker

    return register


def handler_of(kind: str) -> Handler:
    return _handlers[kind]


def locker_of(subject_type: str) -> Callable[[int], Any]:
    return _lockers[subject_type]


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
    if replaces:
        disarm(subject_type, subject_id, kind)
    return Timer.objects.create(
        kind=kind,
        subject_type=subject_type,
        subject_id=subject_id,
        due_at=due_at,
        urgency=urgency,
        armed_at=at or clock.now(),
    )


def disarm(subject_type: str, subject_id: int, *kinds: str) -> int:
    """Cancel the armed timers of these kinds (all kinds when none is named)."""
    armed = Timer.objects.filter(
        subject_type=subject_type, subject_id=subject_id, state=Timer.State.ARMED
    )
    if kinds:
        armed = armed.filter(kind__in=kinds)
    return armed.update(state=Timer.State.CANCELLED)
