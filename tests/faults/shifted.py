"""Runs `celery …` on a host whose clock is wrong: `python -m tests.faults.shifted FILE WORD…`.

Everything that Python says of the time of day is off by the seconds that stand in FILE at that
moment (`set_clock` writes it: a step like NTP's); the database's clock is right.
"""

from __future__ import annotations

import copyreg
import datetime as dt
import sys
import time
from pathlib import Path
from typing import Any

_time, _datetime = time.time, dt.datetime


class _LooksLikeItself(type):
    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, _datetime)

    def __subclasscheck__(cls, subclass: Any) -> bool:
        return issubclass(subclass, _datetime)


def set_clock(file: Path, seconds: float) -> None:
    """At once: nobody reads half a number."""
    new = file.with_suffix(".new")
    new.write_text(str(seconds))
    new.replace(file)


def moment_of(text: str) -> dt.datetime:
    return _datetime.fromisoformat(text)


def shift_by(file: Path) -> None:
    def off() -> float:
        return float(file.read_text())

    class Shifted(_datetime, metaclass=_LooksLikeItself):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return _datetime.now(tz) + dt.timedelta(seconds=off())

        @classmethod
        def utcnow(cls) -> Any:
            return cls.now(dt.UTC).replace(tzinfo=None)

    # Beat writes moments into a file; pickle would look for their class under its own name.
    copyreg.pickle(_datetime, lambda moment: (moment_of, (moment.isoformat(),)))
    time.time = lambda: _time() + off()
    dt.datetime = Shifted  # type: ignore[misc]


if __name__ == "__main__":
    shift_by(Path(sys.argv[1]))
    from celery.bin.celery import main

    sys.argv = ["celery", *sys.argv[2:]]
    sys.exit(main())  # type: ignore[no-untyped-call]
