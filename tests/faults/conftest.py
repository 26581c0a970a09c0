from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from kombu import Connection

from helpdesk.celery import app, broker_address
from helpdesk.embedded.valkey import Valkey
from tests.concurrency.conftest import at_once_fixture
from tests.faults.house import house
from tests.faults.programs import Program, Programs, launcher, programs
from tests.support.servers import place, valkey
from tests.support.stages import stage

__all__ = ["at_once_fixture", "house", "launcher", "place", "programs", "stage", "valkey"]
AtOnce = Callable[[Iterable[Callable[[], Any]]], list[Any]]


class Fleet:
    """Celery as in production: real beats and workers, on a broker of their own."""

    def __init__(self, programs: Programs, broker: str) -> None:
        self._programs, self.broker = programs, broker_address(broker)
        self.wait_until = programs.wait_until

    def worker(self, name: str = "worker", *words: str, clock_wrong_by: int = 0) -> Program:
        """A worker with one process for its tasks; it is ready when this returns."""
        options = (
            *("worker", "--concurrency", "1", "--loglevel", "INFO", "-n", f"{name}@here"),
            *("--without-gossip", "--without-mingle", *words),
        )
        if clock_wrong_by:
            worker = self._programs.start(
                *(name, "-m", "tests.faults.shifted", str(clock_wrong_by)),
                *(*self._options, *options),
            )
        else:
            worker = self._celery(name, *options)
        self.wait_until(lambda: worker.says("ready."))
        return worker

    def beat(self, name: str = "beat") -> Program:
        schedule = self._programs.folder / f"{name}.schedule"
        return self._celery(name, "beat", "--loglevel", "WARNING", "-s", str(schedule))

    def wake(self, task: str, **limits: float) -> None:
        """What a beat does, unless an earlier wake-up still waits."""
        with Connection(self.broker) as line, line.channel() as channel:
            if not channel.client.llen("celery"):
                app.send_task(task, connection=line, **limits)

    @property
    def _options(self) -> tuple[str, ...]:
        return "-A", "helpdesk", "-b", self.broker, "--quiet"

    def _celery(self, name: str, *words: str) -> Program:
        return self._programs.fork(name, "tests.faults.launcher:celery", *self._options, *words)


@pytest.fixture
def fleet(programs: Programs, valkey: Valkey) -> Fleet:
    return Fleet(programs, valkey.url)
