"""Timers and tasks that harm whoever runs them; `celery worker -I tests.faults.poison` loads them."""

from __future__ import annotations

import os
import signal
import time

from celery import shared_task

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


@shared_task(name="poison.long_work", time_limit=900)
def _long_work() -> None:
    print("long work has begun", flush=True)
    time.sleep(600)
