"""Tickets in the order of their last change, none missed: for whoever keeps a copy of them.

As with the feed of events, a place is given before its transaction commits; `settled` tells up to
which place nothing can appear any more. A ticket that changes again moves to the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from people.actors import Actor
from tickets.event_feed import settled
from tickets.models import Ticket, TicketChange
from tickets.selectors import visible_tickets

PLACES = "tickets_ticketchange_place"
# What was changed before an instant may be committed after it; no transaction lasts so long.
MARGIN = timedelta(minutes=5)


@dataclass(frozen=True)
class Changes:
    """`cursor`: what follows is behind it. `more`: something does already."""

    tickets: list[Ticket]
    cursor: int
    more: bool


def place_before(instant: datetime) -> int:
    """A place behind which everything is that was changed, or committed, at `instant` or later."""
    earlier = TicketChange.objects.filter(at__lt=instant - MARGIN).order_by("-place")
    return earlier.values_list("place", flat=True).first() or 0


def changes_after(actor: Actor, after: int, *, size: int, patience: float) -> Changes:
    """Of the tickets that the actor may see, those changed since; outside a transaction."""
    upto = settled(after=after, patience=patience, sequence=PLACES)
    rows = visible_tickets(actor).filter(change__place__gt=after, change__place__lte=upto)
    rows = rows.select_related("team", "home_team", "assignee", "change")
    found = list(rows.order_by("change__place")[: size + 1])
    if len(found) > size:
        return Changes(found[:size], found[size - 1].change.place, more=True)
    return Changes(found, max(after, upto), more=False)
