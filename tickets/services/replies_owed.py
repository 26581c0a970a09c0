"""Whether the customer's last words want an answer: the officer judges, the customer may object."""

from __future__ import annotations

from django.db import transaction

from helpdesk.common import clock
from helpdesk.common.errors import WrongState
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from tickets.events import ReplyNeeded, ReplyNotNeeded
from tickets.models import EventKind, Message, Ticket
from tickets.services.changes import (
    lock_ticket,
    record,
    require_open,
    require_own,
    require_voice,
    require_work_on,
    save_change,
    tell,
)
from tickets.services.holding import end_hold
from tickets.services.notices import notify
from tickets.turns import is_left, last_said, may_be_left


@transaction.atomic
def mark_no_reply_needed(
    *, actor: Actor, ticket_id: int, expected_version: int | None = None
) -> Ticket:
    """The customer's last words want no answer: nothing is owed until they write again."""
    actor.require("reply_ticket")
    ticket = lock_ticket(ticket_id, expected_version=expected_version)
    require_open(ticket)
    require_work_on(ticket, actor)
    require_voice(ticket, actor)
    if ticket.first_response_at is None:
        raise WrongState(
            _("The customer has not had a first answer yet."), code="no_first_response"
        )
    if not may_be_left(ticket, last_said(ticket)):
        raise WrongState(_("No message of the customer is waiting for an answer."))
    now = clock.now()
    ticket.waiting_for_customer_since = now
    save_change(ticket, "waiting_for_customer_since")
    said = ticket.messages.filter(kind=Message.Kind.CUSTOMER).order_by("-id").first()
    data = {"about": said.pk if said else None}
    event = record(ticket, actor=actor, kind=EventKind.REPLY_NOT_NEEDED, at=now, data=data)
    tell(ReplyNotNeeded, ticket, event)
    return ticket


@transaction.atomic
def mark_reply_needed(
    *, actor: Actor, ticket_id: int, expected_version: int | None = None
) -> Ticket:
    """An answer is wanted after all: the customer insists, or the officer thinks again."""
    ticket = lock_ticket(ticket_id, expected_version=expected_version)
    by_desk = actor.at_desk and actor.may("reply_ticket")
    if by_desk:
        require_work_on(ticket, actor)
    else:
        require_own(ticket, actor)
    require_open(ticket)
    if not is_left(ticket, last_said(ticket)):
        raise WrongState(_("An answer is on its way already."))
    now = clock.now()
    if not by_desk:
        end_hold(ticket, actor=actor, at=now, cause="customer")
    ticket.waiting_for_customer_since = ticket.confirmation_asked_at = None
    save_change(ticket, "waiting_for_customer_since", "confirmation_asked_at")
    event = record(ticket, actor=actor, kind=EventKind.REPLY_NEEDED, at=now)
    if ticket.assignee:
        notify(ticket, event, [ticket.assignee])
    tell(ReplyNeeded, ticket, event)
    return ticket
