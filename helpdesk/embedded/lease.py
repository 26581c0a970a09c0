"""Several processes share one embedded server: the first starts it, the last stops it.

Each user holds a shared lock on one file for as long as it lives; the kernel lets go of it however
the process ends, so a killed user is never counted. A second lock, the gate, lets one process at a
time start or stop. A server whose users were all killed runs on and is found by the next one.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from helpdesk.embedded.places import Place


class Server(Protocol):
    place: Place

    @property
    def data(self) -> Path: ...

    def answers(self) -> bool: ...

    def ensure(self) -> None:
        """Makes it answer: reuses it where it runs, else starts it."""

    def stop(self) -> None:
        """Ends it cleanly where it runs."""


class Lease:
    def __init__(self, server: Server) -> None:
        self.server = server
        self._held: int | None = None
        self._owner = 0

    def take(self) -> None:
        with self._gate():
            held = _opened(self.server.place.lock("users"))
            fcntl.flock(held, fcntl.LOCK_SH)
            try:
                self.server.ensure()
            except BaseException:
                os.close(held)
                raise
            self._held, self._owner = held, os.getpid()

    def revive(self) -> bool:
        """Starts the server again if it died while leased; True when it had to."""
        if self.server.answers():
            return False
        with self._gate():
            self.server.ensure()
        return True

    def give_back(self) -> None:
        """Stops the server if this was its last user. A forked child has nothing to give back."""
        if self._held is None or self._owner != os.getpid():
            return
        with self._gate():
            os.close(self._held)
            self._held = None
            if self._nobody_else():
                self.server.stop()

    def _nobody_else(self) -> bool:
        alone = _opened(self.server.place.lock("users"))
        try:
            fcntl.flock(alone, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(alone)
        return True

    @contextmanager
    def _gate(self) -> Iterator[None]:
        gate = _opened(self.server.place.lock("gate"))
        try:
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield
        finally:
            os.close(gate)


def _opened(path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
