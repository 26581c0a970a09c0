"""Long work of which one piece at a time is done in the whole installation.

A database lock that belongs to the connection says who works: it ends with a killed worker, and the
next wake-up goes on. It ends with a lost connection too, and the next statement opens a new one
without a word; so whoever works asks `still_alone` before each step that it commits.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection

# The very connection that holds the lock.
_holder: ContextVar[Any] = ContextVar("holder", default=None)


class NotAlone(Exception):
    """The connection was lost and the lock with it: another worker may be at it by now."""


@contextmanager
def alone(lock: int) -> Iterator[bool]:
    """Whether this worker has the lock, until the block ends or its connection does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock])
        held = bool(cursor.fetchone()[0])
    token = _holder.set(connection.connection if held else None)
    try:
        yield held
    finally:
        if held and _same_connection():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])
        _holder.reset(token)


def still_alone() -> None:
    """Raises NotAlone when the work has to be left to whoever has the lock now."""
    if not _same_connection():
        raise NotAlone("the connection that held the lock is gone")


def _same_connection() -> bool:
    link = _holder.get()
    return link is not None and connection.connection is link and not link.closed
