"""Escalations that nobody asks for: a trigger or a missed deadline fills the form from the record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from escalation.models import Escalation, EscalationMatrix
from escalation.models.escalation import origin_of
from escalation.services.forms import filled_form
from escalation.services.sending import ask_supervisor, default_target, send_to_team
from people.actors import Actor, of_user
from people.models import Team, User
from sla.models import SweepRun
from tickets.models import Ticket, TicketEvent


@dataclass(frozen=True)
class Deadline:
    """What an escalation answers, for the ledger; see `Escalation.due_at`. `late_seconds`
    after it was both due and known the engine acted, in `sweep` unless a verb found it out; `cause`
    is the event that tells of it."""

    due_at: datetime
    late_seconds: float
    metric: str = ""
    policy_version: int | None = None
    sweep: SweepRun | None = None
    cause: TicketEvent | None = None


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
    rules: EscalationMatrix | None = None,
    answers: Deadline | None = None,
) -> Escalation | None:
    """Send a locked, open ticket to `to_team`; None when it lies there already.

    `cause` is one sentence for people: which rule, which deadline. `facts` are the codes and
    numbers that the rule saw. `form` names the form of the matrix; else the team's own is taken.
    `rules` is the matrix that decided, where one did; else the one in force fills the form.
    """
    if ticket.team_id == to_team.pk or not ticket.is_open:
        return None
    rules = rules or EscalationMatrix.in_force()
    with translation.override("id"):  # the form is a paper of the house, in the house's language
        filled = filled_form(ticket, form or to_team.code, cause, rules)
    escalation = Escalation(
        ticket=ticket,
        to_team=to_team,
        trigger=trigger,
        origin=origin_of(trigger),
        facts=facts or {},
        matrix_version=rules.version,
        **filled,
        target_at=default_target(ticket, to_team, at),
        requested_at=at,
        decided_at=at,
        decision_reason=cause,
        **(vars(answers) if answers else {}),
    )
    send_to_team(ticket, escalation, actor=actor, at=at)
    return escalation


def request_by_rule(
    ticket: Ticket,
    *,
    to_team: Team,
    asked_by: User,
    at: datetime,
    cause: str,
    facts: dict[str, Any],
    form: str,
    rules: EscalationMatrix,
) -> Escalation:
    """A rule leads to `to_team`, but an officer's hand set it off: a supervisor verifies first.

    On a locked ticket of which no request waits.
    """
    with translation.override("id"):
        why = f"{_('Reclassified by an officer.')} {cause}"
        filled = filled_form(ticket, form or to_team.code, why, rules)
    escalation = Escalation.objects.create(
        ticket=ticket,
        state=Escalation.State.REQUESTED,
        from_team=ticket.team or to_team,
        to_team=to_team,
        trigger="reclassified",
        origin=Escalation.Origin.HAND,
        facts=facts,
        matrix_version=rules.version,
        **filled,
        target_at=default_target(ticket, to_team, at),
        requested_by=asked_by,
        requested_at=at,
    )
    ask_supervisor(ticket, escalation, actor=of_user(asked_by), rules=rules)
    return escalation
