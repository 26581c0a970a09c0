"""Counters as rows of differences: writers only ever append, so that no two wait for each other.

A reader sums the rows of a group. `compact` replaces them by their sum from time to time, so that
there are never many.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, models, transaction

from helpdesk.common.one_at_a_time import one_at_a_time

# Two at once delete different rows: whatever one has deleted, the other finds gone. A difference
# that is appended meanwhile stays as it is. So each row is summed exactly once.
_COMPACT = """
WITH gone AS (
    DELETE FROM {table} WHERE id IN (
        SELECT id FROM (
            SELECT id, count(*) OVER (PARTITION BY {keys}) AS rows FROM {table} WHERE {within}
        ) counted
        WHERE rows > 1
    )
    RETURNING {keys}, {sums}
)
INSERT INTO {table} ({keys}, {sums})
SELECT {keys}, {summed} FROM gone GROUP BY {keys} HAVING {something}
"""


def compact(
    model: type[models.Model], *, keys: Sequence[str], sums: Sequence[str], within: str = "TRUE"
) -> int:
    """One row per group of `keys` (columns) with the sums of `sums`; groups that sum to nothing
    vanish. `within` is a condition in SQL. Returns how many rows stand for the groups touched."""
    statement = _COMPACT.format(
        table=connection.ops.quote_name(model._meta.db_table),  # noqa: SLF001 - Django's documented API
        keys=", ".join(keys),
        sums=", ".join(sums),
        summed=", ".join(f"sum({name})" for name in sums),
        something=" OR ".join(f"sum({name}) <> 0" for name in sums),
        within=within,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)


# What is and what is told, in one statement and so of one instant: whoever writes meanwhile is in
# both or in neither, and nobody waits.
_CORRECT = """
INSERT INTO {table} ({keys}, n)
SELECT {keys}, sum(n) FROM (
    SELECT {keys}, count(*) AS n FROM ({counted}) counted GROUP BY {keys}
    UNION ALL
    SELECT {keys}, -sum(n) FROM {table} GROUP BY {keys}
) differences GROUP BY {keys} HAVING sum(n) <> 0
"""


@transaction.atomic
def correct(model: type[models.Model], *, keys: Sequence[str], counted: str) -> int:
    """Append what the sums of `n` lack against `counted`, a query of one row for each thing counted,
    with the columns `keys`. Returns how many groups were wrong."""
    table = connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001 - Django's documented API
    statement = _CORRECT.format(table=table, keys=", ".join(keys), counted=counted)
    # Two who correct at once would both append the same difference.
    one_at_a_time(f"correct {table}")
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)
