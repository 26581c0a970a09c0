"""The newest of what belongs to many tickets, read for all of them at once; see tickets/selectors.py."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from helpdesk.common.errors import NotAllowed
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import Customer
from tickets.models import Attachment, Message, Ticket, TicketEvent, TicketLink
from tickets.story import INTERNAL

LATEST = 50
ByTicket = dict[int, list[Any]]


def customers_of(tickets: Sequence[Ticket], actor: Actor) -> ByTicket:
    """Each ticket's customer, for the desk. Raises NotAllowed."""
    if not actor.at_desk:
        raise NotAllowed(_("Your role does not permit this."))
    found = Customer.objects.in_bulk({ticket.customer_id for ticket in tickets})
    return {ticket.pk: [found[ticket.customer_id]] for ticket in tickets}


def latest_messages(tickets: Sequence[Ticket], actor: Actor) -> ByTicket:
    """The LATEST of each ticket, oldest first, with those of what was merged into it."""
    rows = Message.objects.select_related("author", "customer", "ticket")
    rows = rows.prefetch_related("attachments")
    if not actor.at_desk:
        rows = rows.exclude(kind=Message.Kind.NOTE)
    return _latest(rows, _with_merged(tickets), by=("sent_at", "pk"))


def latest_attachments(tickets: Sequence[Ticket], actor: Actor) -> ByTicket:
    rows = Attachment.objects.all()
    if not actor.at_desk:
        rows = rows.exclude(message__kind=Message.Kind.NOTE)
    return _latest(rows, _with_merged(tickets), by=("pk",))


def latest_events(tickets: Sequence[Ticket], actor: Actor) -> ByTicket:
    rows = TicketEvent.objects.select_related("actor", "note")
    if not actor.at_desk:
        rows = rows.exclude(kind__in=INTERNAL)
    return _latest(rows, {ticket.pk: {ticket.pk} for ticket in tickets}, by=("at", "pk"))


def _with_merged(tickets: Iterable[Ticket]) -> dict[int, set[int]]:
    """By the id of a ticket: the tickets whose conversation it is part of."""
    parts = {ticket.pk: {ticket.pk} for ticket in tickets}
    links = TicketLink.objects.filter(
        kind=TicketLink.Kind.MERGED_INTO, to_ticket__in=list(parts)
    ).values_list("from_ticket", "to_ticket")
    for part, whole in links:
        parts.setdefault(part, set()).add(whole)
    return parts


def _latest(rows: QuerySet[Any], parts: dict[int, set[int]], *, by: tuple[str, ...]) -> ByTicket:
    newest = [F(name).desc() for name in by]
    place = Window(RowNumber(), partition_by=F("ticket_id"), order_by=newest)
    found: ByTicket = defaultdict(list)
    for row in rows.filter(ticket__in=list(parts)).annotate(place=place).filter(place__lte=LATEST):
        for whole in parts[row.ticket_id]:
            found[whole].append(row)
    order: Callable[[Any], Any] = lambda row: tuple(getattr(row, name) for name in by)  # noqa: E731
    return {pk: sorted(several, key=order)[-LATEST:] for pk, several in found.items()}
