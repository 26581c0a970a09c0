"""All tickets' events in one row, each one, none missed: for webhooks and for whoever reads along.

Ids are given before a transaction commits, so a lower id may appear after a higher one. `settled`
tells the id up to which nothing can appear any more.
"""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from people.actors import Actor
from tickets.models import EventKind, TicketEvent
from tickets.selectors import visible_tickets
from tickets.story import INTERNAL

VERSION = "1"
PREFIX = "ticket."
PAUSE = 0.05
# What may be told outside the desk.
TOLD = tuple(kind.value for kind in EventKind if kind not in INTERNAL)

EVENTS = "tickets_ticketevent_id_seq"
_HIGHEST = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}"
# Takes a number of its own: whoever is under way has a lower one. What a snapshot calls its end
# would not do: transactions beyond the last one that ended are under way, and not in its list.
_LINE = "SELECT pg_current_xact_id()::text::bigint"
_BEFORE_IT = """
SELECT EXISTS (SELECT FROM pg_snapshot_xip(pg_current_snapshot()) AS x WHERE x::text::bigint < %s)
"""


def highest_id(sequence: str = EVENTS) -> int:
    """The highest number that the sequence gave out so far, to what is visible or not."""
    return _one(_HIGHEST.format(sequence=sequence))


def settled(*, after: int, patience: float, sequence: str = EVENTS) -> int:
    """A number up to which every row is visible now or never will be; `after` if none is higher.

    Waits for the transactions that are under way, no longer than `patience` seconds. Each statement is
    to be a transaction by itself.
    """
    highest = highest_id(sequence)
    if highest <= after:
        return after
    stop_at = time.monotonic() + patience
    line = _one(_LINE)
    while _one(_BEFORE_IT, line):
        if time.monotonic() > stop_at:
            return after
        time.sleep(PAUSE)
    return highest


def told_events(actor: Actor) -> QuerySet[TicketEvent]:
    """The events that the actor may read, of the tickets that the actor may see."""
    events = TicketEvent.objects.filter(ticket__in=visible_tickets(actor))
    return events if actor.at_desk else events.filter(kind__in=TOLD)


def event_document(event: TicketEvent, *, at_desk: bool) -> dict[str, Any]:
    """What is sent of an event: the same whenever it is sent. Words stay with the ticket."""
    number = event.ticket.number
    data: dict[str, Any] = {
        "id": event.pk,
        "ticket": number,
        "url": f"{settings.BASE_URL.rstrip('/')}/api/v1/tickets/{number}",
        "from_state": event.from_state,
        "to_state": event.to_state,
        "actor": event.actor_label,
    }
    if at_desk:
        data["details"] = event.data
    return {
        "type": f"{PREFIX}{event.kind}",
        "version": VERSION,
        "timestamp": event.at.isoformat(),
        "data": data,
    }


def _one(statement: str, *values: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.fetchone()[0])
