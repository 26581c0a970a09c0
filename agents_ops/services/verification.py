"""Making sure of an agent: answers are compared point by point and forgotten; what each came to stays.

Each verb locks the ticket, then the agent's ID: wrong answers count for the agent, not for the ticket.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from agents_ops.evidence import clean_agent_code
from agents_ops.models import AgentLock, AgentRules, Verification, VerificationAnswer
from agents_ops.selectors import active_run, is_agent_case
from agents_ops.verification.comparing import Comparison, Result, compare
from agents_ops.verification.record import facts_of
from agents_ops.verification.rules import Checked, Point, Rule, Rulebook
from agents_ops.verification.standing import (
    agent_code_of,
    agent_of_code,
    asked_rule,
    lock_of,
    standing_of,
)
from agents_ops.verification.words import locked_words
from helpdesk.common import clock, writes
from helpdesk.common.errors import InvalidInput, WrongState
from helpdesk.common.one_at_a_time import one_at_a_time
from helpdesk.common.text import clean_text
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import ResellerAgent, Team, User
from tickets.models import EventKind, Ticket
from tickets.services import (
    clean_words,
    lock_ticket,
    notify_team,
    record,
    require_open,
    require_work_on,
)

LONGEST = 200
MOST_WORDS = 500
FILE = "file"


@dataclass(frozen=True)
class Looked:
    """What an officer found who looked himself; `file`: the key of the attachment that proves it."""

    result: str
    file: str = ""


@dataclass(frozen=True)
class _Case:
    """A locked ticket with the rule that is asked, at the instant after every lock."""

    ticket: Ticket
    actor: Actor
    person: User
    rules: AgentRules
    rule: Rule
    code: str
    agent: ResellerAgent | None
    now: datetime


@transaction.atomic
def check_agent(
    *,
    actor: Actor,
    ticket_id: int,
    answers: Mapping[str, str] | None = None,
    looked: Mapping[str, Looked] | None = None,
    agent_code: str = "",
    rule: str = "",
    expected_version: int | None = None,
) -> Verification:
    """Compare the agent's answers with the record, and note what the officer looked at.

    Raises InvalidInput (a field for each wrong point), WrongState (`agent_locked`, `no_agent_case`),
    NotAllowed. The last wrong answer that is let pass locks the agent and tells the fraud team.
    """
    case = _case(actor, ticket_id, agent_code, rule, expected_version)
    found = _compared(case, answers or {}, looked or {})
    verification = _open(case)
    for point, (comparison, checked, evidence) in found.items():
        VerificationAnswer.objects.create(
            verification=verification,
            agent_code=case.code,
            point=point,
            result=comparison.result,
            checked=checked,
            forgiven=list(comparison.forgiven),
            evidence=evidence,
            by=case.person,
            at=case.now,
        )
    standing = standing_of(case.ticket, case.rule, case.now, case.code)
    if not standing.missing:
        verification.state, verification.expires_at = "passed", case.now + case.rules.book.lives
        _end(verification, case)
    results = {point: str(comparison.result) for point, (comparison, *_rest) in found.items()}
    data = {**_named(verification), "results": results, "missing": standing.missing}
    kind = EventKind.AGENT_CHECKED if standing.missing else EventKind.AGENT_VERIFIED
    record(case.ticket, actor=actor, kind=kind, at=case.now, data=data)
    if Result.DIFFERS in results.values():
        _lock_after_too_many(case, verification)
    return verification


@transaction.atomic
def fail_verification(
    *,
    actor: Actor,
    ticket_id: int,
    reason: str,
    agent_code: str = "",
    rule: str = "",
    expected_version: int | None = None,
) -> Verification:
    """The agent could not be verified: the playbook goes on with its refusal. Why is on record."""
    case = _case(actor, ticket_id, agent_code, rule, expected_version)
    words = clean_words(reason, field="reason", max_length=MOST_WORDS)
    if not words:
        message = _("Write why.")
        raise InvalidInput(message, fields={"reason": message})
    verification = _open(case)
    verification.state = "failed"
    _end(verification, case)
    record(
        case.ticket,
        actor=actor,
        kind=EventKind.AGENT_UNVERIFIED,
        at=case.now,
        data=_named(verification),
        note=words,
    )
    return verification


def require_unlocked(agent_code: str, now: datetime) -> None:
    """Raises WrongState `agent_locked` while too many wrong answers stand against the agent."""
    lock = lock_of(agent_code, now)
    if lock is not None:
        raise WrongState(locked_words(lock), code="agent_locked")


def _case(
    actor: Actor, ticket_id: int, agent_code: str, rule: str, expected_version: int | None
) -> _Case:
    person = actor.require_person("work_ticket")
    ticket = lock_ticket(ticket_id, expected_version=expected_version, reply_leaves=False)
    require_work_on(ticket, actor)
    require_open(ticket)
    if not is_agent_case(ticket):
        message = _("Only reseller agents are verified this way.")
        raise WrongState(message, code="no_agent_case")
    rules = AgentRules.exactly_in_force()
    asked = asked_rule(active_run(ticket), rules.book, rule)
    if asked is None:
        message = _("This rule of verification is not known.")
        raise InvalidInput(message, code="unknown_rule", fields={"rule": message})
    code = _code(ticket, agent_code)
    one_at_a_time(f"verify agent {code}")
    now = clock.now()
    require_unlocked(code, now)
    return _Case(ticket, actor, person, rules, asked, code, agent_of_code(code), now)


def _code(ticket: Ticket, given: str) -> str:
    """The agent of the ticket; only where it has none the one that is named."""
    own = ticket.agent.code if ticket.agent is not None else ""
    named = clean_agent_code(given) if given else ""
    if own and named not in ("", own):
        message = _("This ticket belongs to another agent.")
        raise InvalidInput(message, code="other_agent", fields={"agent": message})
    code = own or named or agent_code_of(ticket)
    if not code:
        message = _("Write the agent ID that the agent names.")
        raise InvalidInput(message, code="agent_needed", fields={"agent": message})
    return code


Found = tuple[Comparison, str, str]


def _compared(
    case: _Case, answers: Mapping[str, str], looked: Mapping[str, Looked]
) -> dict[str, Found]:
    points = case.rules.book.points
    wrong: dict[str, Any] = {
        str(code)[:60]: _("This point of verification is not known.")
        for code in list({**answers, **looked})[:40]
        if code not in points
    }
    facts, found = facts_of(case.agent), {}
    for code, point in points.items():
        try:
            if (one := _answered(point, answers.get(code), facts)) is not None:
                found[code] = one
            elif code in looked:
                found[code] = _seen(point, looked[code], facts, case.ticket)
        except InvalidInput as refusal:
            wrong[code] = refusal.message
    if wrong:
        raise InvalidInput(_("Please mend the marked fields."), code="bad_answers", fields=wrong)
    if not found:
        raise InvalidInput(_("Write one answer of the agent at least."), code="no_answer")
    return found


def _answered(
    point: Point, answer: str | None, facts: Mapping[str, tuple[str, ...]]
) -> Found | None:
    words = clean_text(answer or "", field=point.code, max_length=LONGEST)
    if not words:
        return None
    if point.checked != Checked.RECORD:
        raise InvalidInput(_("This point is looked at; say whether it matches."))
    return compare(point.kind, words, facts.get(point.kind, ())), Checked.RECORD, ""


def _seen(
    point: Point, looked: Looked, facts: Mapping[str, tuple[str, ...]], ticket: Ticket
) -> Found:
    if looked.result not in Result.values:
        raise InvalidInput(_("This value is not known."))
    if point.checked == Checked.RECORD and facts.get(point.kind):
        raise InvalidInput(_("This point is compared with the record; write the agent's answer."))
    matches = looked.result == Result.MATCHED
    if point.kind == FILE and matches and not looked.file:
        raise InvalidInput(_("Choose the attachment that proves it."))
    if looked.file and not ticket.attachments.filter(key=looked.file[:64]).exists():
        raise InvalidInput(_("Choose an attachment of this ticket."))
    return Comparison(Result(looked.result)), Checked.OFFICER, looked.file


def _open(case: _Case) -> Verification:
    """The one that runs on this ticket, for what is asked now; else a new one."""
    parts = [part.as_row() for part in case.rule.parts]
    running = case.ticket.verifications.filter(state="open").first()
    verification = running or Verification(
        ticket=case.ticket, started_by=case.person, started_at=case.now
    )
    verification.agent, verification.agent_code = case.agent, case.code
    verification.rules, verification.rule, verification.parts = case.rules, case.rule.code, parts
    verification.save()
    return verification


def _end(verification: Verification, case: _Case) -> None:
    verification.ended_by, verification.ended_at = case.person, case.now
    verification.save(update_fields=["state", "ended_by", "ended_at", "expires_at"])


def _lock_after_too_many(case: _Case, verification: Verification) -> None:
    """Wrong answers that locked the agent before are used up."""
    book = case.rules.book
    before = AgentLock.objects.filter(agent_code=case.code).order_by("-id").first()
    since = case.now - book.within
    wrong = VerificationAnswer.objects.filter(
        agent_code=case.code,
        result=Result.DIFFERS,
        at__gt=max(since, before.at) if before else since,
    ).count()
    if wrong < book.most_wrong:
        return
    lock = AgentLock.objects.create(
        agent_code=case.code,
        verification=verification,
        wrong=wrong,
        at=case.now,
        until=case.now + book.lock_for,
    )
    if verification.state == Verification.State.OPEN:
        verification.state = Verification.State.FAILED
        _end(verification, case)
    _tell_fraud(case, lock, book)


def _tell_fraud(case: _Case, lock: AgentLock, book: Rulebook) -> None:
    ticket, team = case.ticket, Team.objects.get(code=book.tell)
    writes.link(ticket, "involved_teams", team)
    data = {
        **_named(lock.verification),
        "team": team.code,
        "lock": lock.pk,
        "wrong": lock.wrong,
        "until": lock.until.isoformat(),
    }
    event = record(ticket, actor=case.actor, kind=EventKind.AGENT_LOCKED, at=case.now, data=data)
    notify_team(ticket, event, team, mail="notice")


def _named(verification: Verification) -> dict[str, Any]:
    return {
        "verification": verification.pk,
        "rules": verification.rules_id,
        "rule": verification.rule,
    }
