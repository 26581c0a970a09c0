"""Keeping the search index true: what a trigger marked is read again, and its entry written anew.

A mark is written in the transaction of the change; whoever dies in between leaves it standing.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable

from django.db import DataError, connection, transaction

from helpdesk.common.one_at_a_time import one_at_a_time
from tickets.models import Message, SearchMark, SearchWord, SearchWordChange, Ticket
from tickets.search.entry import entry_of

log = logging.getLogger(__name__)
BATCH = 400
# A step costs by the words that it rewrites, whatever the number of changes.
CHANGES = 50_000
_WRITING = "search index"

# The newest first: after an upgrade a million marks may wait before a ticket filed just now.
_TAKE = "SELECT id, ticket_id FROM tickets_searchmark ORDER BY id DESC LIMIT %s"
_WRITE = """
INSERT INTO tickets_searchentry (ticket_id, received_at, vector)
SELECT ticket_id, received_at, vector::tsvector
FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[]) AS new (ticket_id, received_at, vector)
ON CONFLICT (ticket_id) DO UPDATE SET received_at = excluded.received_at, vector = excluded.vector
WHERE (tickets_searchentry.vector, tickets_searchentry.received_at)
    IS DISTINCT FROM (excluded.vector, excluded.received_at)
"""
_ADD_UP = """
WITH gone AS (
    DELETE FROM tickets_searchwordchange
    WHERE id IN (SELECT id FROM tickets_searchwordchange ORDER BY id LIMIT %s)
    RETURNING words, n
), sums AS (
    SELECT word, sum(n) AS n FROM gone, unnest(words) AS word GROUP BY word HAVING sum(n) <> 0
), written AS (
    INSERT INTO tickets_searchword (word, seen) SELECT word, n FROM sums ORDER BY word
    ON CONFLICT (word) DO UPDATE SET seen = tickets_searchword.seen + excluded.seen
    RETURNING word, seen
)
SELECT word FROM written WHERE seen <= 0
"""


def index_marked(*, most: int = 20_000, tell: Callable[[int], object] | None = None) -> int:
    """Write the entries of tickets that were marked, at most about `most`; returns how many.

    `tell` hears after each batch how many were written so far.
    """
    done = 0
    while done < most:
        written = _index_batch()
        if written == 0:
            break
        done += written
        if tell:
            tell(done)
    if done:
        add_up_words()
    return done


def mark_all() -> int:
    """Have every entry written anew; returns how many tickets were marked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_searchmark (ticket_id) SELECT id FROM tickets_ticket ORDER BY id"
        )
        return int(cursor.rowcount)


def marks_waiting() -> int:
    return SearchMark.objects.count()


def add_up_words() -> int:
    """Add what came and went to the table of words; returns how many steps it took.

    Each is a transaction of its own: after a million new entries the index is not locked for minutes,
    and what every step rewrites, the words that are everywhere, can be cleaned up in between.
    """
    steps = 0
    while _add_up_some():
        steps += 1
    return steps


@transaction.atomic
def _add_up_some() -> bool:
    """The oldest changes; whether there were any."""
    one_at_a_time(_WRITING)
    if not SearchWordChange.objects.exists():
        return False
    with connection.cursor() as cursor:
        cursor.execute(_ADD_UP, [CHANGES])
        nowhere = [word for (word,) in cursor.fetchall()]
    SearchWord.objects.filter(word__in=nowhere).delete()
    return True


@transaction.atomic
def _index_batch() -> int:
    # Two who read a ticket at different moments must not write in the other order.
    one_at_a_time(_WRITING)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [BATCH])
        marks = cursor.fetchall()
        if not marks:
            return 0
        _write(list({ticket_id for _mark, ticket_id in marks}))
        cursor.execute(
            "DELETE FROM tickets_searchmark WHERE id = ANY(%s)", [[m for m, _t in marks]]
        )
    return len(marks)


def _write(ticket_ids: list[int]) -> None:
    """All at once; one by one when an entry is refused, so that it costs no other ticket its own."""
    try:
        with transaction.atomic():
            _write_together(ticket_ids)
    except DataError:
        for ticket_id in ticket_ids:
            try:
                with transaction.atomic():
                    _write_together([ticket_id])
            except DataError:
                log.exception("ticket %s cannot be searched", ticket_id)


def _write_together(ticket_ids: list[int]) -> None:
    tickets = list(
        Ticket.objects.filter(pk__in=ticket_ids)
        .select_related("customer", "shop", "agent")
        .defer("description")
    )
    said = _messages_of(ticket_ids)
    involved: defaultdict[int, list[int]] = defaultdict(list)
    through = Ticket.involved_teams.through.objects.filter(ticket_id__in=ticket_ids)
    for ticket_id, team_id in through.values_list("ticket_id", "team_id"):
        involved[ticket_id].append(team_id)
    rows = [(t.pk, t.received_at, entry_of(t, said[t.pk], involved[t.pk])) for t in tickets]
    gone = set(ticket_ids).difference(row[0] for row in rows)
    with connection.cursor() as cursor:
        if rows:
            cursor.execute(_WRITE, [list(column) for column in zip(*rows, strict=True)])
        if gone:
            cursor.execute(
                "DELETE FROM tickets_searchentry WHERE ticket_id = ANY(%s)", [list(gone)]
            )


def _messages_of(ticket_ids: list[int]) -> defaultdict[int, list[tuple[str, str]]]:
    """The complaint itself first, then the latest: what is left out of an endless talk is its middle."""
    found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = Message.objects.filter(ticket_id__in=ticket_ids).order_by("-id")
    for ticket_id, kind, body in rows.values_list("ticket_id", "kind", "body"):
        found[ticket_id].append((kind, body))
    for said in found.values():
        said.insert(0, said.pop())
    return found
