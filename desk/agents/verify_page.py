"""The page on which an officer makes sure of an agent, beside what the agent wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agents_ops.models import AgentRules, VerificationAnswer
from agents_ops.selectors import active_run, is_agent_case
from agents_ops.services.lock_lifting import may_lift
from agents_ops.verification.record import facts_of
from agents_ops.verification.rules import Checked, Level, Point, Rule, Strength
from agents_ops.verification.standing import (
    Standing,
    agent_code_of,
    agent_of_code,
    asked_rule,
    standing_of,
)
from agents_ops.verification.words import forgiven_words, locked_words, named
from desk.agents.verify_form import VerifyForm
from helpdesk.common import clock
from people.actors import Actor
from tickets.models import Message, Ticket
from tickets.services import works_on

SHOWN_MESSAGES = 12


@dataclass(frozen=True)
class PointLine:
    """One point: what it is, what it came to, and the fields that ask for it."""

    name: str
    level: str
    strength: str
    compared: bool
    answer: VerificationAnswer | None
    forgiven: str
    fields: list[Any]


def verify_form(ticket: Ticket, rule: Rule, data: Any = None) -> VerifyForm:
    book, facts = AgentRules.exactly_in_force().book, facts_of(agent_of_code(agent_code_of(ticket)))
    known = ticket.agent is not None or bool(agent_code_of(ticket))
    points = [book.points[code] for code in rule.points if code in book.points]
    unknown = [each.code for each in points if known and not facts.get(each.kind)]
    files = ticket.attachments.order_by("id")[:60]
    kwargs: dict[str, Any] = {"points": points, "by_hand": unknown, "files": files}
    return VerifyForm(data, **kwargs, knows_agent=known, initial={"version": ticket.version})


def rule_for(ticket: Ticket, code: str = "") -> Rule | None:
    return asked_rule(active_run(ticket), AgentRules.exactly_in_force().book, code)


def verify_context(
    actor: Actor, ticket: Ticket, rule: Rule, form: VerifyForm | None = None, refused: str = ""
) -> dict[str, Any]:
    standing = standing_of(ticket, rule, clock.now())
    form = form or verify_form(ticket, rule)
    workable = actor.may("work_ticket") and works_on(ticket, actor) and ticket.is_open
    words = ticket.messages.filter(kind=Message.Kind.CUSTOMER).order_by("-sent_at", "-id")
    return {
        "section": "queue",
        "ticket": ticket,
        "rule": rule,
        "rule_name": named(rule.names, rule.code),
        "form": form,
        "standing": standing,
        "lines": _lines(form, standing),
        "locked": locked_words(standing.lock) if standing.lock else "",
        "may_lift": standing.lock is not None and ticket.is_open and may_lift(actor),
        "lives": AgentRules.exactly_in_force().book.lives,
        "may_work": workable and is_agent_case(ticket) and standing.lock is None,
        "messages_of_agent": list(words[:SHOWN_MESSAGES]),
        "files": list(ticket.attachments.order_by("id")[:40]),
        "refused": refused,
    }


def _lines(form: VerifyForm, standing: Standing) -> list[PointLine]:
    return [_line(each, form, standing.latest.get(each.code)) for each in form.points]


def _line(point: Point, form: VerifyForm, answer: VerificationAnswer | None) -> PointLine:
    names = [f"{prefix}_{point.code}" for prefix in ("a", "l", "f")]
    return PointLine(
        name=named(point.names, point.code),
        level=str(Level(point.level).label),
        strength=str(Strength(point.strength).label),
        compared=point.checked == Checked.RECORD and f"a_{point.code}" in form.fields,
        answer=answer,
        forgiven=forgiven_words(answer.forgiven) if answer else "",
        fields=[form[name] for name in names if name in form.fields],
    )
