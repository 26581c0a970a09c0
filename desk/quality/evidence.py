"""The conversation beside a score sheet: each line has a number, by which the sheet names it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.text import Truncator

from agents_ops.models import QaReview
from desk.case_file import read_case_file
from desk.joined import origins, split_offs
from desk.sentences import Names
from desk.timeline import Entry, entries
from helpdesk.common.durations import wib_text
from people.actors import Actor
from tickets.selectors import visible_tickets, with_people

SHOWN = 50


@dataclass(frozen=True)
class Place:
    """Line `number` of the case; `code` names its message ('m12') or event ('e34') in the form, and
    is empty for what is another ticket's."""

    number: int
    code: str
    entry: Entry
    who: str
    text: str

    @property
    def label(self) -> str:
        words = Truncator(self.text.replace("\n", " ")).chars(SHOWN)
        return f"#{self.number} {self.who}: {words}" if self.who else f"#{self.number} {words}"


def places_of(review: QaReview, actor: Actor) -> list[Place]:
    """Empty for a reader who may not see the ticket (any more)."""
    ticket = with_people(visible_tickets(actor)).filter(pk=review.ticket_id).first()
    if ticket is None:
        return []
    file = read_case_file(actor, ticket)
    told = entries(
        file.events,
        file.messages,
        file.files,
        Names(file.events, file.people, file.teams),
        origins(ticket, file.links),
        split_offs(file.events),
    )
    customer = ticket.customer.shown_name
    return [_place(number, entry, ticket.pk, customer) for number, entry in enumerate(told, 1)]


def _place(number: int, entry: Entry, ticket_id: int, customer: str) -> Place:
    if entry.message is not None:
        message = entry.message
        own = message.ticket_id == ticket_id
        who = message.author.full_name if message.author else customer
        return Place(number, f"m{message.pk}" if own else "", entry, who, message.body)
    pk = entry.event.pk if entry.event else 0
    return Place(number, f"e{pk}", entry, "", f"{entry.text}, {wib_text(entry.at)}")
