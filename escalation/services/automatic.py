"""Escalations that nobody asks for: a trigger or a missed deadline fills the form from the record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from escalation.models import Escalation, EscalationMatrix
from escalation.services.forms import filled_form
from escalation.services.sending import ask_supervisor, default_target, send_to_team
from people.actors import Actor, of_user
from people.models import Team, User
from tickets.models import Ticket


def escalate_automatically(
    ticket: Ticket,
    *,
    actor: Actor,
    to_team: Team,
    trigger: str,
    at: datetime,
    cause: str,
    facts: dict[str, Any] | None = None,
    form: str = "",
) -> Escalation | None:
    """Send a locked, open ticket to `to_team`; None when it lies there already.

    `cause` is one sentence for people: which rule, which deadline. `facts` are the codes and
    numbers that the rule saw. `form` names the form of the matrix; else the team's own is taken.
    """
    if ticket.team_id == to_team.pk or not ticket.is_open:
        return None
    with translation.override("id"):  # the form is a paper of the house, in the house's language
        filled = filled_form(ticket, form or to_team.code, cause)
    escalation = Escalation(
        ticket=ticket,
        to_team=to_team,
        trigger=trigger,
        facts=facts or {},
        matrix_version=EscalationMatrix.in_force().version,
        **filled,
        target_at=default_target(to_team, at),
        requested_at=at,
        decided_at=at,
        decision_reason=cause,
    )
    send_to_team(ticket, escalation, actor=actor, at=at)
    return escalation


def request_by_rule(ticket: Ticket, *, to_team: Team, asked_by: User, at: datetime) -> None:
    """A rule leads to `to_team`, but an officer's hand set it off: a supervisor verifies first."""
    waits = ticket.escalations.filter(state=Escalation.State.REQUESTED).exists()
    if waits or ticket.team is None or ticket.team_id == to_team.pk:
        return
    with translation.override("id"):
        filled = filled_form(ticket, to_team.code, _("Reclassified by an officer."))
    escalation = Escalation.objects.create(
        ticket=ticket,
        state=Escalation.State.REQUESTED,
        from_team=ticket.team,
        to_team=to_team,
        trigger="reclassified",
        matrix_version=EscalationMatrix.in_force().version,
        **filled,
        target_at=default_target(to_team, at),
        requested_by=asked_by,
        requested_at=at,
    )
    ask_supervisor(ticket, escalation, actor=of_user(asked_by))
