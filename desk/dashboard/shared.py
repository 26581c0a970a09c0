"""Figures that everybody who looks at the same time shares, so that ten walls cost one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from django.conf import settings

Value = TypeVar("Value")


class Shared(Generic[Value]):
    """The value of `compute`, in this process computed at most once in `seconds`.

    Whoever comes while it is being computed waits for it. A failure is not kept.
    """

    def __init__(self, compute: Callable[[], Value], seconds: float) -> None:
        self._compute, self._seconds = compute, seconds
        self._lock = threading.Lock()
        self._kept: tuple[float, Value] | None = None

    def get(self) -> Value:
        if not settings.DASHBOARD_SHARES_FIGURES:
            return self._compute()
        with self._lock:
            if self._kept is None or time.monotonic() - self._kept[0] >= self._seconds:
                self._kept = (time.monotonic(), self._compute())
            return self._kept[1]

    def forget(self) -> None:
        with self._lock:
            self._kept = None
