"""Reads of escalations, for tickets that the actor may see already."""

from __future__ import annotations

from django.db.models import QuerySet

from escalation.models import Escalation
from helpdesk.common.errors import NotAllowed, WrongState
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from tickets.models import Ticket


def escalations_of(ticket: Ticket, *, actor: Actor) -> QuerySet[Escalation]:
    """The forms and their ways, the latest first; papers of the desk. Raises NotAllowed."""
    if not actor.at_desk:
        raise NotAllowed(_("Your role does not permit this."))
    return ticket.escalations.select_related(
        "from_team", "to_team", "requested_by", "decided_by", "accepted_by"
    )


def waiting_request(ticket: Ticket, *, actor: Actor) -> Escalation:
    """The request that waits for a supervisor. Raises NotAllowed, WrongState."""
    actor.require("verify_escalation")
    found = ticket.escalations.filter(state=Escalation.State.REQUESTED).first()
    if found is None:
        raise WrongState(_("No escalation of this ticket is waiting for a decision."))
    return found
