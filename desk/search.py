"""What the search box of the queue finds, as its list shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from desk.access import person_of
from helpdesk.common.errors import InvalidInput
from people.actors import Actor
from tickets.models import Notice, Ticket
from tickets.search.excerpts import Shown, shown
from tickets.search.finding import NOTHING, Found, Place, search_tickets
from tickets.search.typed import LONGEST
from tickets.selectors import visible_tickets

# One more than can be searched for, so that too much is told and not cut in silence.
MOST_TYPED = LONGEST + 1


def typed_in(text: str) -> str:
    """What was typed, '' for blanks. A space at the end stays: the last word is whole then."""
    return text.lstrip()[:MOST_TYPED]


@dataclass(frozen=True)
class Results:
    """`problem` says why nothing was searched for; `exactly` searches for the words as typed."""

    typed: str
    found: Found
    rows: list[Shown]
    problem: str = ""

    @property
    def tickets(self) -> list[Ticket]:
        return [row.ticket for row in self.rows]

    @property
    def exactly(self) -> str:
        return " ".join(f'"{word}"' for word in self.typed.replace('"', " ").split())


def results_for(actor: Actor, typed: str, place: str = "") -> Results:
    """A page of what the actor may see, with excerpts; an impossible search says why it is one."""
    try:
        found = search_tickets(actor, typed, internal=True, place=Place.read(place))
    except InvalidInput as refusal:
        return Results(typed, NOTHING, [], problem=str(refusal.message))
    by_id = _rows(actor, found.ids)
    tickets = [by_id[pk] for pk in found.ids if pk in by_id]
    return Results(typed, found, shown(tickets, found.wanted, internal=True))


def _rows(actor: Actor, ids: tuple[int, ...]) -> dict[int, Any]:
    """Through the funnel once more: what has moved on since the index was written stays hidden."""
    if not ids:
        return {}
    news = Notice.objects.filter(
        ticket=OuterRef("pk"), recipient=person_of(actor), read_at__isnull=True
    )
    tickets = visible_tickets(actor).select_related("customer", "assignee", "team")
    return tickets.defer("description").annotate(unread=Exists(news)).in_bulk(ids)
