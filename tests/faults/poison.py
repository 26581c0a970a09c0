"""Timers that harm whoever fires them; loaded into a worker by `celery worker -I tests.faults.poison`."""

from __future__ import annotations

import os
import signal

from sla.timers import fires, locks


@locks("poison")
def _lock(ids: list[int]) -> dict[int, int]:
    return {pk: pk for pk in ids}


@fires("poison.raises")
def _raises(*_timer: object) -> None:
    raise ValueError("poison")


@fires("poison.kills")
def _kills(*_timer: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@fires("poison.loops")
def _loops(*_timer: object) -> None:
    while True:
        pass
