"""How far an agent is verified on a ticket now, and whether the agent is locked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from agents_ops.models import (
    AgentLock,
    AgentRules,
    PlaybookRun,
    Verification,
    VerificationAnswer,
)
from agents_ops.states import StepKind
from agents_ops.verification.comparing import Result
from agents_ops.verification.rules import Rule, Rulebook
from people.models import ResellerAgent
from tickets.models import Ticket

HOLDER = "account_holder"
USUAL = "agent_data"


@dataclass(frozen=True)
class Standing:
    """`latest`: by point, the answers that still count. `passed`: a verification that holds for this
    rule. `lock`: the one that stands now. `failed`: the last try ended so."""

    rule: Rule
    agent_code: str
    latest: dict[str, VerificationAnswer]
    passed: Verification | None
    failed: Verification | None
    lock: AgentLock | None

    @property
    def matched(self) -> frozenset[str]:
        return frozenset(
            code for code, each in self.latest.items() if each.result == Result.MATCHED
        )

    @property
    def missing(self) -> int:
        return self.rule.lacking(self.matched)


def asked_rule(run: PlaybookRun | None, book: Rulebook, code: str = "") -> Rule | None:
    """The named one, else what the open step asks for, else the usual one; None: no such rule."""
    if code:
        return book.rules.get(code)
    step = run.open_step if run else None
    if step is not None and step.kind == StepKind.VERIFY and HOLDER not in step.options:
        return book.rule_of(step.options)
    if step is not None and step.kind == StepKind.APPROVAL:
        kind = book.approvals.get(step.options.get("about", ""))
        if kind is not None and kind.verified:
            return book.rules[kind.verified]
    return book.rules.get(USUAL) or next(iter(book.rules.values()))


def agent_code_of(ticket: Ticket) -> str:
    """Of the agent on the ticket, else the one that was verified on it last; empty: not known yet."""
    if ticket.agent is not None:
        return ticket.agent.code
    latest = ticket.verifications.order_by("-id").values_list("agent_code", flat=True)
    return latest.first() or ""


def agent_of_code(code: str) -> ResellerAgent | None:
    return ResellerAgent.objects.select_related("upline").filter(code=code).first()


def lock_of(agent_code: str, now: datetime) -> AgentLock | None:
    return _standing_lock(_latest_lock(agent_code), now)


def _latest_lock(agent_code: str) -> AgentLock | None:
    rows = AgentLock.objects.filter(agent_code=agent_code).select_related("lift")
    return rows.order_by("-id").first()


def _standing_lock(latest: AgentLock | None, now: datetime) -> AgentLock | None:
    if latest is None or latest.until <= now or latest.is_lifted:
        return None
    return latest


def standing_of(ticket: Ticket, rule: Rule, now: datetime, agent_code: str = "") -> Standing:
    """Answers of this ticket about this agent count while they are fresh, whoever asked for them."""
    code = agent_code or agent_code_of(ticket)
    tries = list(
        ticket.verifications.filter(agent_code=code)
        .exclude(state=Verification.State.OPEN)
        .order_by("-id")[:20]
    )
    ended = tries[0] if tries else None
    failed = ended if ended is not None and ended.state == Verification.State.FAILED else None
    locked = _latest_lock(code)
    since = max(
        (moment for moment in (failed and failed.ended_at, locked and locked.at) if moment),
        default=None,
    )
    passed = next((each for each in tries if _holds(each, rule, now, since)), None)
    return Standing(
        rule=rule,
        agent_code=code,
        latest=_latest(ticket, code, now, since),
        passed=passed,
        failed=failed,
        lock=_standing_lock(locked, now),
    )


def _holds(each: Verification, rule: Rule, now: datetime, since: datetime | None) -> bool:
    if each.state != Verification.State.PASSED or each.expires_at is None or each.ended_at is None:
        return False
    fresh = each.expires_at > now and (since is None or each.ended_at > since)
    return fresh and [part.as_row() for part in rule.parts] == each.parts


def _latest(
    ticket: Ticket, code: str, now: datetime, since: datetime | None
) -> dict[str, VerificationAnswer]:
    lives = AgentRules.exactly_in_force().book.lives
    rows = VerificationAnswer.objects.filter(
        verification__ticket=ticket, agent_code=code, at__gt=now - lives
    ).select_related("by")
    if since is not None:
        rows = rows.filter(at__gt=since)
    return {each.point: each for each in rows.order_by("id")}
