"""The steps that the verbs of a receiving team share."""

from __future__ import annotations

from datetime import datetime

from escalation.models import Escalation
from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import User
from tickets.models import Ticket
from tickets.services import clean_words, lock_ticket
from tickets.states import State


def active_escalation(ticket: Ticket) -> Escalation:
    """The one that was sent or accepted; a locked ticket in those states has exactly one."""
    return ticket.escalations.select_related("to_team", "requested_by", "assignee").get(
        state__in=Escalation.ACTIVE
    )


def require_receiver(ticket: Ticket, actor: Actor) -> User:
    """The person, a member of the team that holds the ticket."""
    if actor.user is None or not actor.belongs_to(ticket.team_id):
        raise NotAllowed(_("Only a member of the receiving team can do this."))
    return actor.user


def lock_accepted(
    actor: Actor, ticket_id: int, expected_version: int | None
) -> tuple[Ticket, Escalation, User]:
    """A monitored ticket of the actor's team, locked, with its accepted escalation."""
    actor.require("accept_escalation")
    ticket = lock_ticket(ticket_id, expected_version=expected_version)
    person = require_receiver(ticket, actor)
    if ticket.state != State.MONITORED:
        raise WrongState(_("Accept the escalation first."))
    return ticket, active_escalation(ticket), person


def needed(text: str, field: str, message: str, *, max_length: int = 5_000) -> str:
    """The words, cleaned. Raises InvalidInput with `message` when there are none."""
    words = clean_words(text, field=field, max_length=max_length)
    if not words:
        raise InvalidInput(message, fields={field: message})
    return words


def ahead(moment: datetime, now: datetime, field: str, message: str) -> datetime:
    if moment <= now:
        raise InvalidInput(message, fields={field: message})
    return moment


def member_of(ticket: Ticket, person: User, field: str) -> User:
    """An active colleague of the team that holds the ticket, who may receive escalations."""
    fits = person.is_active and person.may("accept_escalation")
    if not fits or ticket.team_id not in person.team_ids:
        message = _("This person is no active member of the receiving team.")
        raise InvalidInput(message, code="not_a_member", fields={field: message})
    return person
