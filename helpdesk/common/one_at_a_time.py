"""What only one may do at a time in the whole installation, each under a lock of its own name.

Named, not numbered: of two numbers that happen to be the same strangers would wait for each other.
"""

from __future__ import annotations

from django.db import connection


def one_at_a_time(what: str) -> None:
    """Wait until nobody else does `what`; others wait until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [what])


def got_alone(what: str) -> bool:
    """As one_at_a_time, without waiting: False when somebody else is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [what])
        return bool(cursor.fetchone()[0])
