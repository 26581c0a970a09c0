"""When the database refused for the moment: a lock or time limit, a restart, a session that was ended."""

from __future__ import annotations

from django.db import DatabaseError, InterfaceError, OperationalError


def is_outage(error: BaseException | None) -> bool:
    """Whether the same request may be sent again: the transaction that met this changed nothing."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    # A session cut in the middle of a statement: psycopg2 has no code for it. Django's own bare
    # DatabaseError ("did not affect any rows") has no cause.
    return type(error) is DatabaseError and error.__cause__ is not None
