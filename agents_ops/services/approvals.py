"""Asking for approval, deciding, withdrawing. Each verb locks the ticket and then the request."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from agents_ops.approvals.deciding import may_decide
from agents_ops.approvals.digest import amount_of, current_digest, digest_of, kind_of_step
from agents_ops.models import AgentRules, ApprovalRequest, PlaybookRun
from agents_ops.playbook.parts import Step
from agents_ops.selectors import active_run, answers_of
from agents_ops.services.verification import require_unlocked
from agents_ops.verification.rules import ApprovalKind
from agents_ops.verification.standing import agent_code_of, standing_of
from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, WrongState
from helpdesk.common.money import MAX_AMOUNT
from helpdesk.common.wording import gettext as _
from people.actors import SWEEP, Actor
from people.models import Team
from sla.services import arm, disarm
from tickets.models import EventKind, Ticket
from tickets.services import (
    clean_words,
    lock_ticket,
    notify,
    notify_team,
    record,
    require_open,
    require_work_on,
)
from tickets.states import rank_of

APPROVAL_EXPIRES = "agents_ops.approval_expires"
SUBJECT = "approval"
MOST_WORDS = 2_000
State = ApprovalRequest.State


@transaction.atomic
def ask_approval(
    *,
    actor: Actor,
    ticket_id: int,
    reason: str,
    kind: str = "",
    amount_idr: int | None = None,
    expected_version: int | None = None,
) -> ApprovalRequest:
    """Ask a second person for what the playbook's open step needs.

    The amount is that of the answers; only where they hold none the given one. Raises WrongState
    (`no_approval_step`, `approval_pending`, `not_verified`, `agent_locked`), InvalidInput, NotAllowed.
    """
    person = actor.require_person("work_ticket")
    ticket = lock_ticket(ticket_id, expected_version=expected_version, reply_leaves=False)
    require_work_on(ticket, actor)
    require_open(ticket)
    rules = AgentRules.exactly_in_force()
    run, step, wanted = _asked_for(ticket, kind, rules)
    now, code = clock.now(), agent_code_of(ticket)
    require_unlocked(code, now)
    _require_none_waits(ticket, now)
    if wanted.verified:
        rule = rules.book.rules[wanted.verified]
        if standing_of(ticket, rule, now, code).passed is None:
            message = _("Verify the agent first: a verification holds for a limited time.")
            raise WrongState(message, code="not_verified")
    answers = answers_of(run)
    team = Team.objects.get(code=step.options.get("by") or wanted.team)
    request = ApprovalRequest.objects.create(
        ticket=ticket,
        run=run,
        step=step.code,
        kind=wanted.code,
        rules=rules,
        team=team,
        agent_code=code,
        amount_idr=_amount(wanted, amount_of(run, answers), amount_idr),
        reason=_why(reason),
        digest=digest_of(wanted.code, code, answers),
        asked_by=person,
        asked_at=now,
        expires_at=now + rules.book.approval_lives,
    )
    arm(
        APPROVAL_EXPIRES,
        SUBJECT,
        request.pk,
        request.expires_at,
        urgency=rank_of(ticket.priority),
        at=now,
    )
    event = record(
        ticket,
        actor=actor,
        kind=EventKind.APPROVAL_ASKED,
        at=now,
        data=data_of(request) | {"to_team": team.code},
        note=request.reason,
    )
    notify_team(ticket, event, team)
    return request


@transaction.atomic
def decide_approval(
    *, actor: Actor, approval_id: int, approved: bool, reason: str = ""
) -> ApprovalRequest:
    """Approve, or refuse with a reason; never one's own request.

    Raises NotAllowed (`own_request`, or another team decides), WrongState (`approval_decided`,
    `approval_expired`, `agent_locked`), Conflict `approval_stale` (the answers are others by now).
    """
    person = actor.require_person("decide_approval")
    ticket, request = _locked(approval_id)
    if request.asked_by_id == person.pk:
        message = _("Somebody else must decide what you asked for yourself.")
        raise NotAllowed(message, code="own_request")
    if not may_decide(actor, request):
        raise NotAllowed(_("Another team decides this: %(team)s.") % {"team": request.team})
    now = clock.now()
    _require_waits(request, now)
    require_open(ticket)
    if approved:
        _require_same(ticket, request)
        require_unlocked(request.agent_code, now)
    words = clean_words(reason, field="reason", max_length=MOST_WORDS) if approved else _why(reason)
    request.state = State.APPROVED if approved else State.REFUSED
    request.decided_by, request.decision_reason = person, words
    if approved:
        request.expires_at = now + AgentRules.exactly_in_force().book.approval_lives
    _end(request, now)
    event = record(
        ticket,
        actor=actor,
        kind=EventKind.APPROVAL_DECIDED,
        at=now,
        data=data_of(request) | {"approved": approved},
        note=words,
    )
    notify(ticket, event, [each for each in (request.asked_by, ticket.assignee) if each])
    return request


@transaction.atomic
def withdraw_approval(*, actor: Actor, approval_id: int) -> ApprovalRequest:
    """Whoever asked takes it back while nobody has decided. Raises NotAllowed, WrongState."""
    person = actor.require_person("work_ticket")
    ticket, request = _locked(approval_id)
    if request.asked_by_id != person.pk:
        raise NotAllowed(_("Only who asked for it takes it back."))
    now = clock.now()
    _require_waits(request, now)
    request.state = State.WITHDRAWN
    _end(request, now)
    record(ticket, actor=actor, kind=EventKind.APPROVAL_WITHDRAWN, at=now, data=data_of(request))
    return request


def expire(request: ApprovalRequest, *, actor: Actor, now: datetime) -> None:
    """Nobody decided in time; its ticket is locked."""
    if request.state != State.PENDING:
        return
    request.state = State.EXPIRED
    _end(request, now)
    event = record(
        request.ticket,
        actor=actor,
        kind=EventKind.APPROVAL_EXPIRED,
        at=now,
        data=data_of(request),
    )
    notify(request.ticket, event, [request.asked_by])


def data_of(request: ApprovalRequest) -> dict[str, Any]:
    """Which request, of what kind; amounts, never accounts or names."""
    data = {"approval": request.pk, "kind": request.kind, "rules": request.rules_id}
    return data if request.amount_idr is None else data | {"amount_idr": request.amount_idr}


def _asked_for(
    ticket: Ticket, kind: str, rules: AgentRules
) -> tuple[PlaybookRun, Step, ApprovalKind]:
    """What the open step of the running playbook needs."""
    run = active_run(ticket)
    step = run.open_step if run else None
    wanted = rules.book.approvals.get(kind_of_step(step.kind, step.options)) if step else None
    if run is None or step is None or wanted is None:
        message = _("No step of a playbook on this ticket waits for an approval.")
        raise WrongState(message, code="no_approval_step")
    if kind not in ("", wanted.code):
        message = _("The open step asks for another approval.")
        raise InvalidInput(message, code="other_kind", fields={"kind": message})
    return run, step, wanted


def _require_none_waits(ticket: Ticket, now: datetime) -> None:
    """What is past its time makes room, also where the sweep has not come by yet."""
    waiting = ticket.approvals.select_for_update().filter(state=State.PENDING).first()
    if waiting is None:
        return
    waiting.ticket = ticket
    stale = waiting.digest != current_digest(ticket, waiting.kind, waiting.agent_code)
    if waiting.expires_at > now and not stale:
        message = _("This was asked for already and waits for a decision.")
        raise WrongState(message, code="approval_pending")
    expire(waiting, actor=SWEEP, now=now)


def _amount(kind: ApprovalKind, answered: int | None, given: int | None) -> int | None:
    if not kind.amount:
        return None
    amount = answered if answered is not None else given
    if answered is not None and given not in (None, answered):
        message = _("The amount is that of the playbook's answers.")
        raise InvalidInput(message, code="other_amount", fields={"amount_idr": message})
    if amount is None or not 1 <= amount <= MAX_AMOUNT:
        message = _("Write the amount, such as 1.500.000.")
        raise InvalidInput(message, code="amount_needed", fields={"amount_idr": message})
    return amount


def _locked(approval_id: int) -> tuple[Ticket, ApprovalRequest]:
    rows = ApprovalRequest.objects.filter(pk=approval_id)
    ticket = lock_ticket(rows.values_list("ticket_id", flat=True).get(), reply_leaves=False)
    related = ("asked_by", "team", "run", "rules")
    request = rows.select_for_update(of=("self",)).select_related(*related).get()
    request.ticket = ticket
    return ticket, request


def _require_waits(request: ApprovalRequest, now: datetime) -> None:
    if request.state != State.PENDING:
        message = _("This is no longer open: %(state)s.")
        label = State(request.state).label
        raise WrongState(message % {"state": label}, code="approval_decided")
    if request.expires_at <= now:
        raise WrongState(_("The time for deciding is over. Ask again."), code="approval_expired")


def _require_same(ticket: Ticket, request: ApprovalRequest) -> None:
    if request.digest != current_digest(ticket, request.kind, request.agent_code):
        raise Conflict(
            _("The playbook went on, or its answers are others by now: this cannot be approved."),
            code="approval_stale",
        )


def _end(request: ApprovalRequest, now: datetime) -> None:
    request.ended_at = now
    request.save(update_fields=["state", "decided_by", "ended_at", "expires_at", "decision_reason"])
    disarm(SUBJECT, request.pk)


def _why(reason: str) -> str:
    words = clean_words(reason, field="reason", max_length=MOST_WORDS)
    if not words:
        message = _("Write why.")
        raise InvalidInput(message, fields={"reason": message})
    return words
