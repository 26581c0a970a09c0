"""Requests for approval: those that wait for the reader, and one of them with what is decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agents_ops.approvals.deciding import approvals_visible, may_decide, waiting_for
from agents_ops.approvals.digest import amount_of, current_digest, kind_of_step
from agents_ops.evidence_words import shown_value
from agents_ops.models import AgentRules, ApprovalRequest, PlaybookRun
from agents_ops.selectors import active_run, answers_of
from agents_ops.states import FieldKind
from agents_ops.verification.rules import ApprovalKind
from agents_ops.verification.standing import agent_code_of, lock_of, standing_of
from agents_ops.verification.words import locked_words, named, point_names
from desk.access import person_of
from desk.agents.approval_forms import AskApprovalForm, DecideForm
from desk.playbook_sentences import playbook_name
from helpdesk.common import clock
from people.actors import Actor
from tickets.models import Ticket
from tickets.personal_data import sees_openly

LIMIT = 60
TRAYS = ("waiting", "asked", "decided")
State = ApprovalRequest.State


@dataclass(frozen=True)
class Row:
    """A request with what it is about in words."""

    of: ApprovalRequest
    name: str


def kind_name(request: ApprovalRequest) -> str:
    """As the rules of then call it."""
    kind = request.rules.book.approvals.get(request.kind)
    return named(kind.names, request.kind) if kind else request.kind


def list_context(actor: Actor, tray: str) -> dict[str, Any]:
    """What waits for the reader; what the reader asked for; what was decided, as far as it is seen."""
    user, visible = person_of(actor), approvals_visible(actor)
    ended = visible.exclude(state=State.PENDING).order_by("-asked_at", "-id")
    trays = {
        "waiting": waiting_for(actor),
        "asked": visible.filter(asked_by=user).order_by("-asked_at", "-id"),
        "decided": ended,
    }
    decides = actor.may("decide_approval")
    chosen = tray if tray in TRAYS else ("waiting" if decides else "asked")
    rows = [Row(each, kind_name(each)) for each in trays[chosen][:LIMIT]]
    return {"section": "approvals", "tray": chosen, "rows": rows, "decides": decides}


def detail_context(
    actor: Actor, request: ApprovalRequest, form: DecideForm | None = None, refused: str = ""
) -> dict[str, Any]:
    """The request, the answers it was asked with, and whether the reader may decide now."""
    now, ticket = clock.now(), request.ticket
    user, pending = person_of(actor), request.state == State.PENDING
    open_now = pending and request.expires_at > now
    same = request.digest == current_digest(ticket, request.kind, request.agent_code)
    lock = lock_of(request.agent_code, now) if request.agent_code else None
    return {
        "section": "approvals",
        "approval": request,
        "name": kind_name(request),
        "playbook": playbook_name(request.run.script),
        "answers": answers_in_words(request.run, actor),
        "verified": _verified(request),
        "open_now": open_now,
        "stale": pending and not same,
        "locked": locked_words(lock) if lock else "",
        "own": request.asked_by_id == user.pk,
        "may_decide": open_now and request.asked_by_id != user.pk and may_decide(actor, request),
        "form": form or DecideForm(),
        "refused": refused,
        "page_title": kind_name(request),
    }


def answers_in_words(run: PlaybookRun, actor: Actor) -> list[tuple[str, str]]:
    """Label and value, as people read them; an account in full, for it is what is decided on."""
    fields = {each.code: each for step in run.script.steps for each in step.fields}
    openly = sees_openly(actor)
    return [
        (
            fields[code].label,
            shown_value(
                fields[code], value, openly=openly or fields[code].kind == FieldKind.ACCOUNT
            ),
        )
        for code, value in answers_of(run).items()
        if code in fields and fields[code].kind != FieldKind.FILE
    ]


def _verified(request: ApprovalRequest) -> str:
    """The points that matched when it was asked for; empty where none are asked."""
    kind = request.rules.book.approvals.get(request.kind)
    if kind is None or not kind.verified:
        return ""
    rule = request.rules.book.rules[kind.verified]
    found = standing_of(request.ticket, rule, request.asked_at, request.agent_code)
    return point_names(found.matched)


def asked_kind(ticket: Ticket) -> tuple[PlaybookRun, ApprovalKind] | None:
    """What the open step of the ticket's playbook has to have approved; None: nothing."""
    run = active_run(ticket)
    step = run.open_step if run else None
    if run is None or step is None:
        return None
    known = AgentRules.exactly_in_force().book.approvals
    kind = known.get(kind_of_step(step.kind, step.options))
    return (run, kind) if kind else None


def ask_form(ticket: Ticket, run: PlaybookRun, kind: ApprovalKind, data: Any = None) -> Any:
    asks = kind.amount and amount_of(run, answers_of(run)) is None
    return AskApprovalForm(data, asks_amount=asks, initial={"version": ticket.version})


def ask_context(
    actor: Actor, ticket: Ticket, run: PlaybookRun, kind: ApprovalKind, form: Any
) -> dict[str, Any]:
    answers, missing = answers_of(run), False
    if kind.verified:
        rule = AgentRules.exactly_in_force().book.rules[kind.verified]
        standing = standing_of(ticket, rule, clock.now(), agent_code_of(ticket))
        missing = standing.passed is None
    return {
        "section": "queue",
        "ticket": ticket,
        "name": named(kind.names, kind.code),
        "amount": amount_of(run, answers) if kind.amount else None,
        "answers": answers_in_words(run, actor),
        "needs_verification": missing,
        "form": form,
    }
