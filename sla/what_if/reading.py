"""The past from the database, ticket by ticket, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import connection

from sla.what_if.replay import Line, Mark, Recast, Ticket

CHUNK = 5_000
# Only tickets with a clock that began in the span; a line needs what a policy can ask about it.
_STREAM = """
WITH chosen AS MATERIALIZED (
    SELECT DISTINCT ticket_id FROM sla_clockevent
    WHERE kind = 'started' AND at >= %(since)s AND at <= %(until)s
), lines AS (
    SELECT l.ticket_id, 0 AS source, l.id, l.kind, l.at, l.clock_id, l.metric, l.due_at,
           l.priority, l.team_id, NULL AS was, NULL AS category
    FROM sla_clockevent l JOIN chosen USING (ticket_id)
    WHERE l.kind <> 'paused' AND l.kind <> 'warned'
    UNION ALL
    SELECT e.ticket_id, 1, e.id,
           CASE WHEN e.kind IN ('confirmation_asked', 'reply_not_needed') THEN 'customer'
                WHEN e.kind = 'replied' AND (e.data->>'waiting') = 'true' THEN 'customer'
                WHEN e.kind = 'customer_wrote' AND (e.data->>'thanks') = 'true' THEN ''
                WHEN e.kind IN ('held', 'released', 'closed') THEN e.kind
                ELSE 'ours' END,
           e.at, NULL, NULL, NULL, NULL, NULL, NULL, NULL
    FROM tickets_ticketevent e JOIN chosen USING (ticket_id)
    WHERE e.kind IN ('replied', 'confirmation_asked', 'reply_not_needed', 'reply_needed',
                     'customer_wrote', 'customer_silent', 'confirmed', 'disputed', 'escalated',
                     'redirected', 'accepted', 'held', 'released', 'closed')
    UNION ALL
    SELECT e.ticket_id, 2, e.id, e.kind, e.at, NULL, NULL, NULL, e.data#>>'{to,priority}', NULL,
           e.data#>>'{from,category}', e.data#>>'{to,category}'
    FROM tickets_ticketevent e JOIN chosen USING (ticket_id)
    WHERE e.kind = 'reclassified'
)
SELECT l.ticket_id, l.source, l.kind, extract(epoch FROM l.at)::float8, l.clock_id, l.metric,
       extract(epoch FROM l.due_at)::float8, l.priority, coalesce(m.code, ''),
       t.channel, t.tier, t.category, coalesce(squad.code, ''),
       CASE WHEN m.kind = 'squad' THEN m.code ELSE '' END, l.was, l.category, t.reporter
FROM lines l
JOIN tickets_ticket t ON t.id = l.ticket_id
LEFT JOIN people_team m ON m.id = l.team_id
LEFT JOIN people_team squad ON squad.id = t.home_team_id
ORDER BY l.ticket_id, l.source, l.id
"""
_COUNT = """
SELECT count(DISTINCT ticket_id) FROM sla_clockevent
WHERE kind = 'started' AND at >= %(since)s AND at <= %(until)s
"""
Past = tuple[Ticket, list[Line], list[Mark], list[Recast]]


def count_tickets(since: datetime, until: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"since": since, "until": until})
        return int(cursor.fetchone()[0])


def read_past(since: datetime, until: datetime) -> Iterator[Past]:
    """Each ticket with its lines, marks and changes of facts, through a server-side cursor.

    Not in a transaction of its own: the caller's progress is to be seen while it reads.
    """
    with unhurried(), connection.chunked_cursor() as cursor:
        cursor.execute(_STREAM, {"since": since, "until": until})
        for _ticket, rows in groupby(_rows(cursor), key=_ticket_of):
            yield _past(list(rows))


@contextmanager
def unhurried() -> Iterator[None]:
    """Without the time limit of the web's statements."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        usual = cursor.fetchone()[0]
        cursor.execute("SET statement_timeout = 0")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, false)", [usual])


def _rows(cursor: Any) -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(CHUNK):
        yield from rows


def _ticket_of(row: tuple[Any, ...]) -> int:
    return int(row[0])


def _past(rows: list[tuple[Any, ...]]) -> Past:
    first = rows[0]
    ticket = Ticket(first[0], first[16], first[9], first[10], first[11], first[12])
    lines = [Line(r[4], r[5], r[2], r[3], r[6], r[7], r[8], r[13]) for r in rows if r[1] == 0]
    marks = [Mark(r[2], r[3]) for r in rows if r[1] == 1]
    recasts = [Recast(r[3], r[14], r[15], r[7]) for r in rows if r[1] == 2]
    return ticket, lines, marks, recasts
