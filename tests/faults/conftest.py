from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection

from helpdesk.celery import app, broker_address
from helpdesk.embedded.valkey import Valkey
from tests.concurrency.conftest import at_once_fixture
from tests.faults.house import house
from tests.faults.programs import Program, Programs, launcher, programs
from tests.faults.shifted import set_clock
from tests.support.servers import place, valkey
from tests.support.stages import stage

__all__ = ["at_once_fixture", "house", "launcher", "place", "programs", "stage", "valkey"]
AtOnce = Callable[[Iterable[Callable[[], Any]]], list[Any]]


@dataclass(frozen=True)
class Host:
    """A machine whose clock is wrong by what stands in the file `off`."""

    off: Path

    def set_clock(self, wrong_by: float) -> None:
        set_clock(self.off, wrong_by)


class Fleet:
    """Celery as in production: real beats and workers, on a broker of their own."""

    def __init__(self, programs: Programs, broker: str) -> None:
        self._programs, self.broker = programs, broker_address(broker)
        self.wait_until = programs.wait_until

    def worker(self, name: str = "worker", *words: str, host: Host | None = None) -> Program:
        """A worker with one process for its tasks, for every queue unless `words` name one; it is
        ready when this returns."""
        options = (
            *("worker", "--concurrency", "1", "--loglevel", "INFO", "-n", f"{name}@here"),
            *("--without-gossip", "--without-mingle", *words),
        )
        worker = self._celery(name, *options, host=host)
        self.wait_until(lambda: worker.says("ready."))
        return worker

    def beat(self, name: str = "beat", *, host: Host | None = None) -> Program:
        schedule = self._programs.folder / f"{name}.schedule"
        return self._celery(name, "beat", "--loglevel", "WARNING", "-s", str(schedule), host=host)

    def host(self, *, wrong_by: float = 0) -> Host:
        """Where a clock can be set."""
        host = Host(self._programs.folder / "clock")
        host.set_clock(wrong_by)
        return host

    def wake(self, task: str, **limits: float) -> None:
        """What a beat does, unless an earlier wake-up still waits."""
        with Connection(self.broker) as line, line.channel() as channel:
            if not any(channel.client.llen(queue.name) for queue in app.conf.task_queues):
                self.send(task, **limits)

    def send(self, task: str, **options: float) -> None:
        with Connection(self.broker) as line:
            app.send_task(task, connection=line, **options)

    @property
    def _options(self) -> tuple[str, ...]:
        return "-A", "helpdesk", "-b", self.broker, "--quiet"

    def _celery(self, name: str, *words: str, host: Host | None) -> Program:
        words = (*self._options, *words)
        if host is None:
            return self._programs.fork(name, "tests.faults.launcher:celery", *words)
        return self._programs.start(name, "-m", "tests.faults.shifted", str(host.off), *words)


@pytest.fixture
def fleet(programs: Programs, valkey: Valkey) -> Fleet:
    return Fleet(programs, valkey.url)
