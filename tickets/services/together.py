"""Several tickets in one change: found for the actor, locked in one order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from helpdesk.common.errors import InvalidInput, Refusal
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from tickets.models import Ticket, TicketLink
from tickets.numbers import read_number
from tickets.selectors import visible_tickets
from tickets.services.changes import after_waiting_reply, require_version

MOST = 20


class NothingThere(Refusal):
    """For the actor there is no such ticket, whether or not there is one."""

    status = 404
    code = "unknown_ticket"


def ids_of_numbers(actor: Actor, typed: Iterable[str], *, field: str) -> list[int]:
    """The tickets with these numbers, as people type them, each once. At most MOST.

    Raises NothingThere for a number that is wrong, unknown or not the actor's to see.
    """
    numbers = list(dict.fromkeys(read_number(word) or "" for word in typed if word.strip()))
    if not numbers:
        message = _("Name a ticket by its number.")
        raise InvalidInput(message, code="no_number", fields={field: message})
    if len(numbers) > MOST:
        message = _("At most %(most)s tickets at a time.") % {"most": MOST}
        raise InvalidInput(message, code="too_many", fields={field: message})
    found = dict(visible_tickets(actor).filter(number__in=numbers).values_list("number", "pk"))
    if len(found) < len(numbers):
        message = _("There is no ticket with this number. Please check it.")
        raise NothingThere(message, fields={field: message})
    return [found[number] for number in numbers]


def lock_tickets(ids: Iterable[int], *, versions: Mapping[int, int | None]) -> dict[int, Ticket]:
    """All of them, locked in the order of their ids, so that two changes never wait in a circle;
    rows that merely name one need not wait."""
    rows = (
        Ticket.objects.select_for_update(of=("self",), no_key=True)
        .select_related("team", "home_team", "customer", "assignee")
        .filter(pk__in=set(ids))
        .order_by("pk")
    )
    tickets = {ticket.pk: ticket for ticket in rows}
    for pk, version in versions.items():
        require_version(tickets[pk], version)
    return {
        pk: ticket if ticket.reply_leaves_at is None else after_waiting_reply(ticket)
        for pk, ticket in tickets.items()
    }


def merge_of(ticket: Ticket) -> TicketLink | None:
    """The link to the ticket that this one was merged into, if it was."""
    links = ticket.links_out.filter(kind=TicketLink.Kind.MERGED_INTO)
    return links.select_related("to_ticket").first()
