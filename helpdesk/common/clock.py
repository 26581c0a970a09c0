"""The one source of time: the database's clock, so that two hosts never disagree about a deadline.

`at(moment)` lets the demonstration player and the tests live through past days in order; nothing
else may use it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.db import connection

_moment: datetime | None = None
_offset = timedelta()


def now() -> datetime:
    """The current instant (aware, UTC) by the database's clock."""
    if _moment is not None:
        return _moment
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment + _offset


SKEW_SECONDS = 60
_skew: tuple[float, timedelta] | None = None


def for_display() -> datetime:
    """The database's instant to within milliseconds, asking it only once a minute in each process.

    For what a page shows; whatever is decided or stored asks `now`.
    """
    global _skew
    if _moment is not None:
        return _moment
    if _skew is None or _skew[0] < time.monotonic():
        _skew = (time.monotonic() + SKEW_SECONDS, now() - _offset - datetime.now(UTC))
    return datetime.now(UTC) + _skew[1] + _offset


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Stand still at `moment` in this process."""
    global _moment
    before, _moment = _moment, moment
    try:
        yield
    finally:
        _moment = before


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Let time run on, but `by` later, in this process (nests)."""
    global _offset
    _offset += by
    try:
        yield
    finally:
        _offset -= by
