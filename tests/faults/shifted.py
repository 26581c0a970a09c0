"""Runs `celery …` on a host whose clock is wrong: `python -m tests.faults.shifted SECONDS WORD…`.

Everything that Python says of the time of day is off by so much; the database's clock is right.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from typing import Any

_time, _datetime = time.time, dt.datetime


class _LooksLikeItself(type):
    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, _datetime)

    def __subclasscheck__(cls, subclass: Any) -> bool:
        return issubclass(subclass, _datetime)


def shift(seconds: float) -> None:
    by = dt.timedelta(seconds=seconds)

    class Shifted(_datetime, metaclass=_LooksLikeItself):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return _datetime.now(tz) + by

        @classmethod
        def utcnow(cls) -> Any:
            return _datetime.now(dt.UTC).replace(tzinfo=None) + by

    time.time = lambda: _time() + seconds
    dt.datetime = Shifted  # type: ignore[misc]


if __name__ == "__main__":
    shift(float(sys.argv[1]))
    from celery.bin.celery import main

    sys.argv = ["celery", *sys.argv[2:]]
    sys.exit(main())  # type: ignore[no-untyped-call]
