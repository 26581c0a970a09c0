"""Processes that are kept running: started again with a growing pause, ended with a patient stop."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

from deploy import console

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
STEADY_SECONDS = 60.0


@dataclass
class Child:
    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    _started: float = 0.0
    _pause: float = FIRST_PAUSE
    _start_again: float | None = field(default=None)

    def start(self) -> None:
        self._started, self._start_again = time.monotonic(), None
        # A session of its own: Ctrl-C reaches the supervisor alone, which then stops in order.
        # Through deploy.tied, so that a killed supervisor leaves none of them behind.
        self.process = subprocess.Popen(
            [sys.executable, "-m", "deploy.tied", *self.command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
        if self.process.stdout is not None:
            console.follow(self.name, self.process.stdout)

    def tend(self) -> None:
        """Notices an end that nobody asked for, and starts the process again after a pause."""
        now = time.monotonic()
        if self._start_again is not None:
            if now >= self._start_again:
                self.start()
            return
        if self.process is None or self.process.poll() is None:
            return
        if now - self._started > STEADY_SECONDS:
            self._pause = FIRST_PAUSE
        self._start_again = now + self._pause
        console.say(
            "tuntas",
            f"{self.name} ended with code {self.process.returncode}; "
            f"starting it again in {self._pause:g} s",
        )
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def ended(self) -> int | None:
        """The exit code; None while it runs or has not been started."""
        return self.process.poll() if self.process else None

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def wait(self, until: float) -> None:
        """Waits for the end up to the monotonic time `until`, then ends it and its children."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            console.say("tuntas", f"{self.name} did not stop in time: ended")
        _kill_session(self.process.pid)
        self.process.wait()


def _kill_session(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def stop_all(children: list[Child], within: float) -> None:
    for child in children:
        child.ask_to_stop()
    until = time.monotonic() + within
    for child in children:
        child.wait(until)
