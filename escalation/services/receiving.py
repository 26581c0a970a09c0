"""The receiving team accepts, reports progress, or gives back."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from bahasa.secrets import mask_secrets
from escalation.models import Escalation
from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed
from helpdesk.common.text import clean_text
from people.actors import Actor
from people.models import User
from sla.services import arm, disarm
from tickets.events import EscalationAccepted, EscalationReturned
from tickets.models import EventKind, Ticket
from tickets.services import (
    add_internal_note,
    lock_ticket,
    make_transition,
    notify,
    notify_team,
    record,
    save_change,
    tell,
)
from tickets.states import State

MAX_TEXT = 5_000
FOLLOW_UP = "escalation.follow_up"
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
    follow_up = follow_up_at or now + timedelta(hours=FOLLOW_UP_HOURS)
    if follow_up <= now:
        message = _("The follow-up must lie ahead.")
        raise InvalidInput(message, fields={"follow_up_at": message})
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
        raise NotAllowed(_("Only an accepted escalation has progress to report."))
    words = _needed(report, "report", _("Write the progress."))
    now = clock.now()
    escalation = _active(ticket)
    escalation.follow_up_at = follow_up_at or now + timedelta(hours=FOLLOW_UP_HOURS)
    escalation.save(update_fields=["follow_up_at"])
    message = add_internal_note(actor=actor, ticket_id=ticket.pk, body=words)
    save_change(ticket)
    data = {
        "escalation": escalation.pk,
        "message": message.pk,
        "follow_up_at": escalation.follow_up_at.isoformat(),
    }
    event = record(ticket, actor=actor, kind=EventKind.PROGRESS, at=now, data=data)
    arm(FOLLOW_UP, "ticket", ticket.pk, escalation.follow_up_at, at=now)
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
    ticket.assignee = _squad_member_for(ticket)
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
    if ticket.assignee:
        notify(ticket, event, [ticket.assignee])
    disarm("ticket", ticket.pk, FOLLOW_UP)
    tell(EscalationReturned, ticket, event)
    return escalation


def _squad_member_for(ticket: Ticket) -> User:
    """Whoever of the squad had the ticket last, else the member with the fewest open tickets."""
    members = (
        {m.user_id: m.user for m in ticket.home_team.memberships.select_related("user")}
        if ticket.home_team
        else {}
    )
    members = {pk: user for pk, user in members.items() if user.is_active}
    history = ticket.events.filter(kind__in=[EventKind.HANDLED, EventKind.ASSIGNED]).order_by("-id")
    for event in history:
        had = event.data.get("assignee") or event.data.get("to")
        if had in members:
            return members[had]
    if not members:
        raise InvalidInput(
            _("The squad has no member to whom the ticket could go."), code="empty_squad"
        )
    load = {
        pk: Ticket.objects.filter(assignee_id=pk, closed_at__isnull=True).count() for pk in members
    }
    return members[min(load, key=lambda pk: (load[pk], pk))]


def _active(ticket: Ticket) -> Escalation:
    return ticket.escalations.select_related("to_team", "requested_by").get(
        state__in=Escalation.ACTIVE
    )


def _require_receiver(ticket: Ticket, actor: Actor) -> None:
    if actor.user is None or not actor.belongs_to(ticket.team_id):
        raise NotAllowed(_("Only a member of the receiving team can do this."))


def _needed(text: str, field: str, message: str) -> str:
    words = mask_secrets(clean_text(text, field=field, max_length=MAX_TEXT, multiline=True)).text
    if not words:
        raise InvalidInput(message, fields={field: message})
    return words
