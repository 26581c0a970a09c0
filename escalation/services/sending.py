"""Asking for an escalation, verifying it, and sending the ticket to the team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from escalation.matrix import allowed_teams
from escalation.models import Escalation, EscalationMatrix
from helpdesk.common import clock, reads, writes
from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import Team
from sla.models import Clock, Metric
from sla.services import receiving_deadline
from tickets.events import (
    EscalationDecided,
    EscalationRequested,
    TicketEscalated,
    WaitingEnded,
)
from tickets.models import EventKind, Ticket, TicketEvent
from tickets.services import (
    WAITING,
    clean_words,
    end_hold,
    lock_ticket,
    make_transition,
    notify,
    notify_team,
    record,
    require_work_on,
    save_change,
    stop_waiting,
    tell,
)
from tickets.states import ESCALATABLE_STATES, State

VERIFICATION = ("due_at", "metric", "policy_version", "late_seconds")


@dataclass(frozen=True)
class Form:
    """The escalation form as written; every part is needed."""

    to_team: Team
    summary: str
    tried: str
    evidence: str
    wanted_outcome: str
    target_at: datetime | None = None


@transaction.atomic
def request_escalation(
    *,
    actor: Actor,
    ticket_id: int,
    form: Form,
    reason: str = "",
    expected_version: int | None = None,
) -> Escalation:
    """An officer asks; a supervisor's own request is verified by that. Off the matrix `reason` is needed.

    Raises InvalidInput for missing parts (`level_skipped` where that is the reason alone),
    WrongState when one is already asked for.
    """
    actor.require("request_escalation")
    ticket = lock_ticket(ticket_id, expected_version=expected_version)
    require_work_on(ticket, actor)
    if ticket.state not in ESCALATABLE_STATES:
        raise WrongState(_("This ticket cannot be escalated now."))
    if ticket.escalations.filter(state=Escalation.State.REQUESTED).exists():
        raise WrongState(_("An escalation of this ticket is already waiting for a supervisor."))
    now, rules = clock.now(), EscalationMatrix.in_force()
    follows = form.to_team in allowed_teams(ticket, rules)
    texts = _checked(form, ticket, now)
    words = _why_skipped(reason, follows=follows)
    verifies = actor.may("verify_escalation")
    escalation = Escalation.objects.create(
        ticket=ticket,
        state=Escalation.State.REQUESTED,
        from_team=ticket.team or form.to_team,
        to_team=form.to_team,
        trigger="officer",
        origin=Escalation.Origin.HAND,
        follows_matrix=follows,
        matrix_version=rules.version,
        request_reason="" if verifies else words,
        **texts,
        target_at=form.target_at or default_target(ticket, form.to_team, now),
        target_asked=form.target_at is not None,
        requested_by=actor.user,
        requested_at=now,
    )
    save_change(ticket)
    if verifies:
        record_request(ticket, escalation, actor=actor)
        return _verify(ticket, escalation, actor, words)
    ask_supervisor(ticket, escalation, actor=actor, rules=rules)
    return escalation


def ask_supervisor(
    ticket: Ticket, escalation: Escalation, *, actor: Actor, rules: EscalationMatrix
) -> None:
    """The request is on record, and the supervisors know that it waits for them."""
    event = record_request(ticket, escalation, actor=actor, waits=True)
    notify_team(ticket, event, Team.objects.get(code=rules.body["default_team"]))
    tell(EscalationRequested, ticket, event)
    _owe_verification(escalation)
    escalation.save(update_fields=[*VERIFICATION, "cause"])


def record_request(
    ticket: Ticket, escalation: Escalation, *, actor: Actor, waits: bool = False
) -> TicketEvent:
    escalation.cause = event = record(
        ticket,
        actor=actor,
        kind=EventKind.ESCALATION_REQUESTED,
        at=escalation.requested_at,
        data={
            "escalation": escalation.pk,
            "to_team": escalation.to_team.code,
            "waits": waits,
        },
        note=escalation.request_reason,
    )
    return event


@transaction.atomic
def verify_escalation(
    *,
    actor: Actor,
    escalation_id: int,
    reason: str = "",
    to_team: Team | None = None,
    expected_version: int | None = None,
) -> Escalation:
    """A supervisor verifies: the ticket goes to the team that was asked for, or to `to_team`.

    Another team than the one asked for needs a reason; so does a skipped level for which whoever
    asked gave none.
    """
    actor.require("verify_escalation")
    ticket, escalation = _locked_request(escalation_id, expected_version)
    if to_team is not None and to_team != escalation.to_team:
        _redirect(ticket, escalation, to_team, reason)
    _verify(ticket, escalation, actor, reason)
    if escalation.event:
        tell(EscalationDecided, ticket, escalation.event)
    return escalation


@transaction.atomic
def decline_escalation(
    *, actor: Actor, escalation_id: int, reason: str, expected_version: int | None = None
) -> Escalation:
    """A supervisor sends the request back, with advice for the officer who asked."""
    actor.require("verify_escalation")
    ticket, escalation = _locked_request(escalation_id, expected_version)
    words = _needed(reason, "reason")
    _decide(escalation, actor, words, clock.now())
    escalation.state = Escalation.State.DECLINED
    decided = ("state", "decided_by", "decided_at", "decision_reason")
    escalation.save(update_fields=[*decided, *VERIFICATION])
    save_change(ticket)
    event = record(
        ticket,
        actor=actor,
        kind=EventKind.ESCALATION_DECLINED,
        data={"escalation": escalation.pk},
        note=words,
    )
    if escalation.requested_by:
        notify(ticket, event, [escalation.requested_by])
    tell(EscalationDecided, ticket, event)
    return escalation


def send_to_team(ticket: Ticket, escalation: Escalation, *, actor: Actor, at: datetime) -> None:
    """The transition itself, on a locked ticket: new team, no assignee yet, team told by mail.

    A ticket that is already escalated keeps its state and is passed on. Whatever waited for the
    customer ends: the team must act now. `escalation` may be new (not saved yet).
    """
    end_hold(ticket, actor=actor, at=at, cause="escalation")
    before, from_team, to_team = ticket.state, ticket.team, escalation.to_team
    kind = EventKind.REDIRECTED if before == State.ESCALATED else EventKind.ESCALATED
    if kind == EventKind.ESCALATED:
        make_transition(ticket, "escalate")
    overtaken = _supersede(ticket, escalation, at)
    escalation.state, escalation.from_team = Escalation.State.SENT, from_team or to_team
    was_asked_for = escalation.pk is not None
    if not was_asked_for:
        writes.insert(escalation)
    else:
        escalation.save()
    writes.link(ticket, "involved_teams", escalation.from_team, to_team)
    waited = stop_waiting(ticket)
    ticket.team, ticket.assignee, ticket.escalated_at = to_team, None, at
    save_change(ticket, "state", "team", "assignee", "escalated_at", *WAITING)
    data = {
        "escalation": escalation.pk,
        "from_team": escalation.from_team.code,
        "to_team": to_team.code,
        "trigger": escalation.trigger,
        "matrix_version": escalation.matrix_version,
        "settles_request": was_asked_for or overtaken,
    }
    if escalation.facts:
        data["facts"] = escalation.facts
    if escalation.asked_team:
        data["asked_team"] = escalation.asked_team.code
    event = record(
        ticket,
        actor=actor,
        kind=kind,
        at=at,
        from_state=before if kind == EventKind.ESCALATED else "",
        data=data,
    )
    escalation.event = event
    writes.update(escalation, "event")
    notify_team(ticket, event, to_team, mail="escalation")
    if overtaken:
        tell(EscalationDecided, ticket, event)
    tell(TicketEscalated, ticket, event)
    if waited:
        tell(WaitingEnded, ticket, event)


def _supersede(ticket: Ticket, escalation: Escalation, at: datetime) -> bool:
    """What was with another team, or waits to be sent to this one, is settled by this escalation.

    True when a request was overtaken by it and waits for no supervisor any more.
    """
    overtaken = False
    standing = reads.of_each(_standing, ticket)
    for other in standing:
        asked_for_this = other.state == Escalation.State.REQUESTED and (
            other.to_team_id == escalation.to_team.pk
        )
        if other.pk != escalation.pk and (other.state in Escalation.ACTIVE or asked_for_this):
            other.state, other.ended_at = Escalation.State.REPLACED, at
            writes.update(other, "state", "ended_at")
            overtaken = overtaken or asked_for_this
    standing.append(escalation)
    return overtaken


def _standing(tickets: list[Ticket]) -> dict[int, list[Escalation]]:
    """What is with a team or waits for a supervisor, by ticket."""
    found: dict[int, list[Escalation]] = {ticket.pk: [] for ticket in tickets}
    states = [*Escalation.ACTIVE, Escalation.State.REQUESTED]
    for escalation in Escalation.objects.filter(ticket__in=tickets, state__in=states):
        found[escalation.ticket_id].append(escalation)
    return found


def default_target(ticket: Ticket, team: Team, since: datetime) -> datetime:
    """The policy's promise of a team that gets the ticket at `since`: the clock that runs then."""
    return receiving_deadline(ticket, team.code, since)


def _verify(ticket: Ticket, escalation: Escalation, actor: Actor, reason: str) -> Escalation:
    given = bool(escalation.request_reason)
    words = _why_skipped(reason, follows=escalation.follows_matrix or given)
    now = clock.now()
    if not escalation.target_asked:  # it counts from now, as the clock does
        escalation.target_at = default_target(ticket, escalation.to_team, now)
    _decide(escalation, actor, words, now)
    send_to_team(ticket, escalation, actor=actor, at=now)
    return escalation


def _why_skipped(reason: str, *, follows: bool) -> str:
    """No level is skipped by hand without a reason."""
    words = clean_words(reason, field="reason")
    if not follows and not words:
        message = _("This skips a level of the escalation matrix: write why.")
        raise InvalidInput(message, code="level_skipped", fields={"reason": message})
    return words


def _redirect(ticket: Ticket, escalation: Escalation, to_team: Team, reason: str) -> None:
    """Another team than the one asked for: the form stays, the officer's choice is kept beside it."""
    if not clean_words(reason, field="reason"):
        message = _("This is another team than the one asked for: write why.")
        raise InvalidInput(message, code="redirect_reason", fields={"reason": message})
    if problem := _impossible_team(to_team, ticket):
        raise InvalidInput(problem, fields={"to_team": problem})
    if not escalation.target_asked:
        escalation.target_at = default_target(ticket, to_team, escalation.requested_at)
    escalation.asked_team, escalation.to_team = escalation.to_team, to_team
    rules = EscalationMatrix.in_force()
    escalation.follows_matrix = to_team in allowed_teams(ticket, rules)
    escalation.matrix_version = rules.version


def _decide(escalation: Escalation, actor: Actor, reason: str, at: datetime) -> None:
    escalation.decided_by, escalation.decided_at = actor.user, at
    escalation.decision_reason = reason
    _owe_verification(escalation)
    if escalation.due_at is not None:
        escalation.late_seconds = max(0.0, (at - escalation.due_at).total_seconds())


def _owe_verification(escalation: Escalation) -> None:
    """The deadline of the supervisor's answer, as its clock says now; a supervisor's own request has none."""
    clocks = Clock.objects.filter(
        ticket=escalation.ticket_id,
        metric=Metric.VERIFICATION,
        started_at=escalation.requested_at,
    )
    if (owed := clocks.order_by("-id").first()) is not None:
        escalation.due_at, escalation.metric = owed.due_at, owed.metric
        escalation.policy_version = owed.policy_version


def _locked_request(escalation_id: int, expected_version: int | None) -> tuple[Ticket, Escalation]:
    found = Escalation.objects.filter(pk=escalation_id).values_list("ticket_id", flat=True).first()
    if found is None:
        raise NotAllowed(_("There is no such escalation."))
    ticket = lock_ticket(found, expected_version=expected_version)
    escalation = Escalation.objects.select_related(
        "from_team", "to_team", "requested_by", "asked_team"
    ).get(pk=escalation_id)
    if escalation.state != Escalation.State.REQUESTED:
        raise WrongState(_("This escalation has already been decided."))
    return ticket, escalation


def _checked(form: Form, ticket: Ticket, now: datetime) -> dict[str, str]:
    problems: dict[str, str] = {}
    texts: dict[str, str] = {}
    for name in ("summary", "tried", "evidence", "wanted_outcome"):
        texts[name] = clean_words(getattr(form, name), field=name)
        if not texts[name]:
            problems[name] = _("This part of the escalation form is needed.")
    if problem := _impossible_team(form.to_team, ticket):
        problems["to_team"] = problem
    if form.target_at is not None and form.target_at <= now:
        problems["target_at"] = _("The target time must lie ahead.")
    if problems:
        raise InvalidInput(_("The escalation form is not complete."), fields=problems)
    return texts


def _impossible_team(team: Team, ticket: Ticket) -> str:
    if team == ticket.team:
        return _("The ticket already lies with this team.")
    if team.kind == Team.Kind.SQUAD:
        return _("A squad accepts no escalations. Choose another team.")
    return ""


def _needed(text: str, field: str) -> str:
    words = clean_words(text, field=field)
    if not words:
        raise InvalidInput(_("Write why."), fields={field: _("Write why.")})
    return words
