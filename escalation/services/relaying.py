"""Legal never talks to the customer: it releases what the officer may tell."""

from __future__ import annotations

from django.db import transaction

from escalation.models import Escalation, RelayNote
from escalation.services.parts import needed, require_receiver
from escalation.specialists import relays_for
from helpdesk.common import clock
from helpdesk.common.errors import WrongState
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from tickets.models import EventKind, Ticket, TicketEvent
from tickets.services import lock_ticket, notify, notify_team, record, save_change


@transaction.atomic
def release_relay(
    *, actor: Actor, ticket_id: int, text: str, expected_version: int | None = None
) -> RelayNote:
    """The words that an officer may tell the customer; the squad is told that they are there."""
    actor.require("accept_escalation")
    ticket = lock_ticket(ticket_id, expected_version=expected_version)
    person = require_receiver(ticket, actor)
    if not relays_for(ticket):
        raise WrongState(_("Your team writes to the customer itself."))
    words = needed(text, "text", _("Write what may be told."))
    now = clock.now()
    made = RelayNote.objects.create(ticket=ticket, text=words, by=person, at=now)
    save_change(ticket)
    data = {"relay": made.pk}
    event = record(ticket, actor=actor, kind=EventKind.RELAY_RELEASED, at=now, data=data)
    _tell_squad(ticket, event)
    return made


def _tell_squad(ticket: Ticket, event: TicketEvent) -> None:
    """The squad that answers the customer, and whoever asked for the escalation."""
    active = ticket.escalations.filter(state__in=Escalation.ACTIVE).select_related("requested_by")
    asked = [row.requested_by for row in active if row.requested_by is not None]
    if ticket.home_team:
        notify_team(ticket, event, ticket.home_team, also=asked)
    else:
        notify(ticket, event, asked)
