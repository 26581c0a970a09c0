"""Leaves a system alone that does not answer, so that nobody waits for it again and again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

FAILURES = 4
REST_SECONDS = 20.0


class Breaker:
    """After FAILURES in a row nobody may ask for REST_SECONDS; then one may try, and its success
    lets all of them again. One for each process."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._failures = 0
        self._rests_until = 0.0

    def may_ask(self) -> bool:
        with self._lock:
            if self._failures < FAILURES:
                return True
            if self._now() < self._rests_until:
                return False
            # This caller tries; the others go on resting until it is known how that went.
            self._rests_until = self._now() + REST_SECONDS
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES:
                self._rests_until = self._now() + REST_SECONDS
