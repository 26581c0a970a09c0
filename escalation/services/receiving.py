"""The receiving team accepts, reports progress, or gives back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from escalation.models import Escalation
from escalation.models.follow_up import OPEN, FollowUp
from escalation.services.follow_ups import (
    close_follow_up,
    end_follow_ups,
    next_news_at,
    start_follow_up,
)
from escalation.services.parts import (
    active_escalation,
    lock_accepted,
    member_of,
    needed,
    require_receiver,
)
from escalation.services.targets import agreed, watch_target
from helpdesk.common import clock
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import User
from tickets.events import EscalationAccepted, EscalationReturned, WaitingEnded
from tickets.models import EventKind
from tickets.services import (
    WAITING,
    add_internal_note,
    lock_ticket,
    make_transition,
    notify,
    notify_team,
    record,
    save_change,
    squad_member_for,
    stop_waiting,
    tell,
)
from tickets.states import State


@transaction.atomic
def accept_escalation(
    *,
    actor: Actor,
    ticket_id: int,
    plan: str,
    target_at: datetime | None = None,
    target_reason: str = "",
    assignee: User | None = None,
    follow_up_at: datetime | None = None,
    expected_version: int | None = None,
) -> Escalation:
    """escalated -> monitored: a member of the team understands problem and target, and says the plan.

    `target_at` is the date that the team promises, watched by timers of its own (`agreed` says
    which it is without one, and what it may not be); `target_reason` why it is later than owed;
    `assignee` the colleague who takes it, if not the one who accepts. What the squad still asked the
    customer holds nothing up any more: the ball is the team's.
    """
    actor.require("accept_escalation")
    ticket = lock_ticket(ticket_id, expected_version=expected_version)
    person = require_receiver(ticket, actor)
    words = needed(plan, "plan", _("Write what the team will do."))
    now = clock.now()
    keeper = member_of(ticket, assignee, "assignee") if assignee else person
    follow_up = next_news_at(follow_up_at, now)
    ticket.assignee = keeper
    waited = stop_waiting(ticket)
    make_transition(ticket, "monitor")
    escalation = active_escalation(ticket)
    target, why, watched = agreed(ticket, escalation, target_at, target_reason, now)
    save_change(ticket, "state", "assignee", *WAITING)
    escalation.agreed_target_at, escalation.target_reason = target, why
    _keep(escalation, accepted_by=person, assignee=keeper, plan=words, at=now)
    if watched:
        watch_target(ticket, target, since=now)
    news = start_follow_up(ticket, escalation, owner=keeper, by=person, due_at=follow_up, at=now)
    data = {
        "escalation": escalation.pk,
        "team": escalation.to_team.code,
        "assignee": keeper.pk,
        "target_at": target.isoformat(),
        "follow_up": news.pk,
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
    notify(ticket, event, [p for p in (escalation.requested_by, keeper) if p is not None])
    tell(EscalationAccepted, ticket, event)
    if waited:
        tell(WaitingEnded, ticket, event)
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
    """A progress report of the team on a monitored ticket: the news to CS; plans the next."""
    ticket, escalation, person = lock_accepted(actor, ticket_id, expected_version)
    words = needed(report, "report", _("Write the progress."))
    now = clock.now()
    follow_up = next_news_at(follow_up_at, now)
    owed = escalation.follow_ups.filter(OPEN, kind=FollowUp.Kind.NEWS).first()
    if owed is not None:
        close_follow_up(owed, by=person, at=now)
    keeper = ticket.assignee or person
    news = start_follow_up(ticket, escalation, owner=keeper, by=person, due_at=follow_up, at=now)
    message = add_internal_note(actor=actor, ticket_id=ticket.pk, body=words)
    save_change(ticket)
    data = {
        "escalation": escalation.pk,
        "message": message.pk,
        "done": owed.pk if owed else None,
        "follow_up": news.pk,
        "follow_up_at": follow_up.isoformat(),
    }
    event = record(ticket, actor=actor, kind=EventKind.PROGRESS, at=now, data=data)
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
    require_receiver(ticket, actor)
    words = needed(reason, "reason", _("Write why."))
    now, before = clock.now(), ticket.state
    ticket.team = ticket.home_team
    ticket.assignee = squad_member_for(ticket)
    make_transition(ticket, "give_back")
    save_change(ticket, "state", "team", "assignee")
    escalation = active_escalation(ticket)
    escalation.state, escalation.ended_at = Escalation.State.RETURNED, now
    escalation.save(update_fields=["state", "ended_at"])
    end_follow_ups(ticket, at=now)
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
    tell(EscalationReturned, ticket, event)
    return escalation


def _keep(
    escalation: Escalation,
    *,
    accepted_by: User,
    assignee: User,
    plan: str,
    at: datetime,
) -> None:
    escalation.state = Escalation.State.ACCEPTED
    escalation.accepted_by, escalation.accepted_at = accepted_by, at
    escalation.assignee, escalation.plan = assignee, plan
    escalation.save(
        update_fields=[
            "state",
            "accepted_by",
            "accepted_at",
            "assignee",
            "plan",
            "agreed_target_at",
            "target_reason",
        ]
    )
