"""A supervisor pulls a ticket to the head of its queue, and back."""

from __future__ import annotations

from django.db import transaction

from helpdesk.common.errors import WrongState
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from tickets.models import EventKind, Ticket
from tickets.services.changes import (
    lock_ticket,
    record,
    require_open,
    require_work_on,
    save_change,
)
from tickets.services.notices import notify
from tickets.services.words import clean_words, needed_words


@transaction.atomic
def pull_forward(
    *, actor: Actor, ticket_id: int, reason: str, expected_version: int | None = None
) -> Ticket:
    """The ticket stands first in its queue; its deadlines stay as they are."""
    words = needed_words(reason, field="reason")
    return _set(actor, ticket_id, expected_version, on=True, words=words)


@transaction.atomic
def put_back(
    *, actor: Actor, ticket_id: int, reason: str = "", expected_version: int | None = None
) -> Ticket:
    """It takes its place by deadline again, also where the customer's code had pulled it forward."""
    words = clean_words(reason, field="reason")
    return _set(actor, ticket_id, expected_version, on=False, words=words)


def _set(actor: Actor, ticket_id: int, version: int | None, *, on: bool, words: str) -> Ticket:
    actor.require("direct_work")
    ticket = lock_ticket(ticket_id, expected_version=version)
    require_open(ticket)
    require_work_on(ticket, actor)
    if ticket.expedited == on:
        if on:
            raise WrongState(_("The ticket is pulled forward already."))
        raise WrongState(_("The ticket is not pulled forward."))
    ticket.expedited = on
    save_change(ticket, "expedited")
    event = record(ticket, actor=actor, kind=EventKind.PULLED_FORWARD, data={"on": on}, note=words)
    if on and ticket.assignee:
        notify(ticket, event, [ticket.assignee])
    return ticket
