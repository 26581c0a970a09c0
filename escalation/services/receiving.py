"""The receiving team accepts, reports progress, or gives back."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from escalation.models import Escalation
from escalation.services.sending import FOLLOW_UP
from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from sla.services import arm, disarm
from tickets.events import EscalationAccepted, EscalationReturned
from tickets.models import EventKind, Ticket
from tickets.services import (
    add_internal_note,
    clean_words,
    lock_ticket,
    make_transition,
    notify,
    notify_team,
    record,
    save_change,
    squad_member_for,
    tell,
)
from tickets.states import State

FOLLOW_UP_HOURS = 24


@transaction.atomic
def accept_escalation(
    *,
    actor: Actor,
    ticket_id: int,
    plan: str,
    follow_up_at: datetime | None = None,
    expected_version: int | None = None,
) -> Escalation:
    """escalated -> monitored: a member of the team understands problem and target, and says the plan."""
    actor.require("accept_escalation")
    ticket = lock_ticket(ticket_id, expected_version=expected_version)
    _require_receiver(ticket, actor)
    words = _needed(plan, "plan", _("Write what the team will do."))
    now = clock.now()
    follow_up = _next_follow_up(follow_up_at, now)
    ticket.assignee = actor.user
    make_transition(ticket, "monitor")
    save_change(ticket, "state", "assignee")
    escalation = _active(ticket)
    escalation.state, escalation.accepted_by, escalation.accepted_at = (
        Escalation.State.ACCEPTED,
        actor.user,
        now,
    )
    escalation.plan, escalation.follow_up_at = words, follow_up
    escalation.save(update_fields=["state", "accepted_by", "accepted_at", "plan", "follow_up_at"])
    data = {
        "escalation": escalation.pk,
        "team": escalation.to_team.code,
        "follow_up_at": follow_up.isoformat(),
    }
    event = record(
        ticket,
        actor=actor,
        kind=EventKind.ACCEPTED,
        at=now,
        from_state=State.ESCALATED,
        data=data,
        note=words,
    )
    if escalation.requested_by:
        notify(ticket, event, [escalation.requested_by])
    arm(FOLLOW_UP, "ticket", ticket.pk, follow_up, at=now)
    tell(EscalationAccepted, ticket, event)
    return escalation


@transaction.atomic
def report_progress(
    *,
    actor: Actor,
    ticket_id: int,
    report: str,
    follow_up_at: datetime | None = None,
    expected_version: int | None = None,
) -> Escalation:
    """A progress report of the team on a monitored ticket; sets the next follow-up."""
    actor.require("accept_escalation")
    ticket = lock_ticket(ticket_id, expected_version=expected_version)
    _require_receiver(ticket, actor)
    if ticket.state != State.MONITORED:
        raise WrongState(_("Only an accepted escalation has progress to report."))
    words = _needed(report, "report", _("Write the progress."))
    now = clock.now()
    escalation = _active(ticket)
    escalation.follow_up_at = follow_up = _next_follow_up(follow_up_at, now)
    escalation.save(update_fields=["follow_up_at"])
    message = add_internal_note(actor=actor, ticket_id=ticket.pk, body=words)
    save_change(ticket)
    data = {
        "escalation": escalation.pk,
        "message": message.pk,
        "follow_up_at": follow_up.isoformat(),
    }
    event = record(ticket, actor=actor, kind=EventKind.PROGRESS, at=now, data=data)
    arm(FOLLOW_UP, "ticket", ticket.pk, follow_up, at=now)
    if ticket.home_team:
        notify_team(ticket, event, ticket.home_team, leads_only=True)
    return escalation


@transaction.atomic
def return_escalation(
    *, actor: Actor, ticket_id: int, reason: str, expected_version: int | None = None
) -> Escalation:
    """escalated or monitored -> handled: back to the squad, with a reason and a name on it."""
    actor.require("return_escalation")
    ticket = lock_ticket(ticket_id, expected_version=expected_version)
    _require_receiver(ticket, actor)
    words = _needed(reason, "reason", _("Write why."))
    now, before = clock.now(), ticket.state
    ticket.team = ticket.home_team
    ticket.assignee = squad_member_for(ticket)
    make_transition(ticket, "give_back")
    save_change(ticket, "state", "team", "assignee")
    escalation = _active(ticket)
    escalation.state, escalation.ended_at = Escalation.State.RETURNED, now
    escalation.save(update_fields=["state", "ended_at"])
    data = {
        "escalation": escalation.pk,
        "team": escalation.to_team.code,
        "assignee": ticket.assignee_id,
    }
    event = record(
        ticket,
        actor=actor,
        kind=EventKind.RETURNED,
        at=now,
        from_state=before,
        data=data,
        note=words,
    )
    notify(ticket, event, [ticket.assignee])
    disarm("ticket", ticket.pk, FOLLOW_UP)
    tell(EscalationReturned, ticket, event)
    return escalation


def _active(ticket: Ticket) -> Escalation:
    return ticket.escalations.select_related("to_team", "requested_by").get(
        state__in=Escalation.ACTIVE
    )


def _require_receiver(ticket: Ticket, actor: Actor) -> None:
    if actor.user is None or not actor.belongs_to(ticket.team_id):
        raise NotAllowed(_("Only a member of the receiving team can do this."))


def _needed(text: str, field: str, message: str) -> str:
    words = clean_words(text, field=field)
    if not words:
        raise InvalidInput(message, fields={field: message})
    return words


def _next_follow_up(asked: datetime | None, now: datetime) -> datetime:
    follow_up = asked or now + timedelta(hours=FOLLOW_UP_HOURS)
    if follow_up <= now:
        message = _("The follow-up must lie ahead.")
        raise InvalidInput(message, fields={"follow_up_at": message})
    return follow_up
