"""Dropping indexes of big tables without a lock, for migrations."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import migrations
from django.db.migrations.operations.base import Operation


def drop_indexes(
    indexes: dict[str, str], state: Sequence[Operation] = ()
) -> migrations.SeparateDatabaseAndState:
    """Drop each index; `indexes` has what follows ON to make it again. `state`: what Django is to know.

    Django's own `db_index=False` on a foreign key takes the key off and checks all rows anew.
    For migrations with `atomic = False`.
    """
    return migrations.SeparateDatabaseAndState(
        [
            migrations.RunSQL(
                f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
                f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {made}",
            )
            for name, made in indexes.items()
        ],
        list(state),
    )
