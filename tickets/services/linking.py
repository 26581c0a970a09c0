"""Tickets that belong together, tied and untied by hand."""

from __future__ import annotations

from django.db import transaction

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from helpdesk.common.one_at_a_time import one_at_a_time
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from tickets.models import EventKind, Ticket, TicketLink
from tickets.selectors import visible_tickets
from tickets.services.changes import record, save_change
from tickets.services.together import ids_of_numbers, lock_tickets
from tickets.services.words import clean_words

MOST_LINKS = 100
Kind = TicketLink.Kind


@transaction.atomic
def link_tickets(
    *,
    actor: Actor,
    ticket_id: int,
    number: str,
    kind: str,
    reason: str = "",
    expected_version: int | None = None,
) -> TicketLink:
    """Say how `ticket_id` belongs to the ticket with this number; both tell of it, no customer does.

    `kind` is one of TicketLink.BY_HAND. Of any two tickets that the actor may see, open or closed,
    of one customer or of two. Raises NothingThere, NotAllowed, InvalidInput (`same_ticket`,
    `unknown_value`) and WrongState (`linked_already`, `circle`, `too_many_links`).
    """
    actor.require("work_ticket")
    words = clean_words(reason, field="reason")
    if kind not in TicketLink.BY_HAND:
        message = _("This value is not known.")
        raise InvalidInput(message, code="unknown_value", fields={"kind": message})
    (other_id,) = ids_of_numbers(actor, [number], field="number")
    if other_id == ticket_id:
        message = _("A ticket cannot be linked to itself.")
        raise InvalidInput(message, code="same_ticket", fields={"number": message})
    _require_seen(actor, ticket_id)
    # Before the tickets: three links at once could close a circle that none of them sees.
    one_at_a_time("link tickets")
    tickets = lock_tickets([ticket_id, other_id], versions={ticket_id: expected_version})
    ticket, other = tickets[ticket_id], tickets[other_id]
    _require_new(ticket, other, kind)
    now = clock.now()
    link = TicketLink.objects.create(
        from_ticket=ticket, to_ticket=other, kind=kind, made_by=actor.user, made_at=now
    )
    for one, two, way in ((ticket, other, "to"), (other, ticket, "from")):
        data = {"ticket": two.pk, "number": two.number, "link": kind, "way": way}
        save_change(one)
        record(one, actor=actor, kind=EventKind.LINKED, at=now, data=data, note=words)
    return link


@transaction.atomic
def unlink_tickets(
    *, actor: Actor, ticket_id: int, link_id: int, expected_version: int | None = None
) -> Ticket:
    """Take back a link that was made by hand, from either end.

    Raises NotAllowed and WrongState (`no_such_link`).
    """
    actor.require("work_ticket")
    found = TicketLink.objects.filter(pk=link_id, kind__in=TicketLink.BY_HAND).first()
    if found is None or ticket_id not in (found.from_ticket_id, found.to_ticket_id):
        raise _no_such_link()
    start, end = found.from_ticket_id, found.to_ticket_id
    _require_seen(actor, start, end)
    tickets = lock_tickets([start, end], versions={ticket_id: expected_version})
    gone, _rows = TicketLink.objects.filter(pk=link_id).delete()
    if not gone:
        raise _no_such_link()
    now = clock.now()
    for one, two, way in ((start, end, "to"), (end, start, "from")):
        other = tickets[two]
        data = {"ticket": other.pk, "number": other.number, "link": found.kind, "way": way}
        save_change(tickets[one])
        record(tickets[one], actor=actor, kind=EventKind.UNLINKED, at=now, data=data)
    return tickets[ticket_id]


def _require_seen(actor: Actor, *ids: int) -> None:
    if visible_tickets(actor).filter(pk__in=ids).count() < len(ids):
        raise NotAllowed(_("This ticket lies with another team."))


def _require_new(ticket: Ticket, other: Ticket, kind: str) -> None:
    named = {"number": other.number}
    there = ticket.links_out.filter(to_ticket=other, kind=kind).exists()
    back = ticket.links_in.filter(from_ticket=other, kind=kind).exists()
    if there or (back and kind == Kind.RELATED):
        raise WrongState(_("It is linked to %(number)s so already.") % named, code="linked_already")
    if kind != Kind.RELATED and _leads_to(other.pk, ticket.pk, kind):
        message = _("%(number)s points to this ticket in the same way already; not both can be so.")
        raise WrongState(message % named, code="circle")
    for one in (ticket, other):
        if one.links_out.count() + one.links_in.count() >= MOST_LINKS:
            message = _("%(number)s has %(most)s links already, more are not possible.")
            values = {"number": one.number, "most": MOST_LINKS}
            raise WrongState(message % values, code="too_many_links")


def _leads_to(start: int, goal: int, kind: str) -> bool:
    """Whether links of this kind lead from one ticket to the other, over any number of others."""
    seen, edge = {start}, {start}
    while edge:
        links = TicketLink.objects.filter(kind=kind, from_ticket__in=edge)
        edge = set(links.values_list("to_ticket", flat=True)) - seen
        if goal in edge:
            return True
        seen |= edge
    return False


def _no_such_link() -> WrongState:
    return WrongState(_("This link is not there (any more)."), code="no_such_link")
