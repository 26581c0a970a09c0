"""Tickets that may be the same, in words, with what can be done about each in one press."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from people.actors import Actor
from tickets.duplicates import CONTACT, ORDER, PERSON, Alike, alike
from tickets.models import Ticket


@dataclass(frozen=True)
class Row:
    """`keep`: which of the two goes on where they can be merged ('this', 'other'), else nothing."""

    ticket: Ticket
    why: str
    keep: str


def rows_for(actor: Actor, ticket: Ticket) -> list[Row]:
    return [
        Row(each.ticket, _why(each), _keep(ticket, each.ticket)) for each in alike(actor, ticket)
    ]


def _why(each: Alike) -> str:
    words = {
        PERSON: _("the same person"),
        ORDER: _("the same order"),
        CONTACT: _("a contact of one is named in the other"),
    }
    similar = _("%(percent)s %% of the words are the same") % {"percent": each.percent}
    return ", ".join(words.get(reason, similar) for reason in each.reasons)


def _keep(ticket: Ticket, other: Ticket) -> str:
    """Of one customer's open tickets the older one goes on."""
    mergeable = ticket.customer_id == other.customer_id and ticket.is_open and other.is_open
    if not mergeable:
        return ""
    return "other" if other.received_at <= ticket.received_at else "this"
