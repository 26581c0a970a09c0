"""The gate of a step that verifies: the agent by a rule, or the owner of the account by the agent's name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext

from agents_ops.gates import GateState, gate
from agents_ops.models import AgentRules, PlaybookRun
from agents_ops.playbook.parts import Step
from agents_ops.selectors import answers_of
from agents_ops.states import StepKind
from agents_ops.verification.check import check_part
from agents_ops.verification.comparing import Result, compare
from agents_ops.verification.record import facts_of
from agents_ops.verification.standing import (
    HOLDER,
    Standing,
    agent_code_of,
    agent_of_code,
    standing_of,
)
from agents_ops.verification.words import forgiven_words, locked_words, point_names
from helpdesk.common import clock
from helpdesk.common.durations import wib_text
from helpdesk.common.wording import gettext as _

VERIFIED, FAILED = "verified", "failed"


def check_options(options: Mapping[str, Any], playbook: Mapping[str, Any]) -> Iterator[Any]:
    """A rule in force, or points of its own, or the field in which the account's owner is named."""
    book = AgentRules.in_force().book
    if HOLDER in options:
        fields = {each["code"] for step in playbook["steps"] for each in step.get("fields", ())}
        if options[HOLDER] not in fields:
            yield _("There is no such field.")
    elif "points" in options:
        part = {"of": options["points"], "needs": options.get("needs", 0)}
        yield from (each.message for each in check_part(part, book.points, "with"))
    elif options.get("rule") not in book.rules:
        yield _("This rule of verification is not known.")


@gate(StepKind.VERIFY, outcomes=(VERIFIED, FAILED), check=check_options)
def verified(run: PlaybookRun, step: Step) -> GateState:
    if HOLDER in step.options:
        return _holder(run, step.options[HOLDER])
    rule = AgentRules.exactly_in_force().book.rule_of(step.options)
    if rule is None:
        # Taken out of the rules after the playbook was published.
        return GateState(open=False, missing=_("This rule of verification is not known."))
    standing = standing_of(run.ticket, rule, clock.now())
    if standing.lock is not None:
        return GateState(open=True, outcome=FAILED, shown=(str(locked_words(standing.lock)),))
    failed = standing.failed
    if failed is not None and failed.ended_at and failed.ended_at >= run.step_since:
        return GateState(open=True, outcome=FAILED, shown=(str(_("The agent was not verified.")),))
    if standing.passed is not None and standing.passed.expires_at is not None:
        return GateState(open=True, outcome=VERIFIED, shown=_passed(standing))
    return GateState(
        open=False,
        missing=_(
            "The agent is not verified, or no longer: a verification holds for a limited time."
        ),
        short=ngettext("%(n)s point missing", "%(n)s points missing", standing.missing)
        % {"n": standing.missing},
        url=reverse("desk:verify_agent", args=[run.ticket.number]),
        link=_("Verify the agent"),
        shown=_so_far(standing),
    )


def _passed(standing: Standing) -> tuple[str, ...]:
    until = standing.passed.expires_at if standing.passed else None
    line = _("Verified, holds until %(until)s.") % {"until": wib_text(until) if until else ""}
    return (str(line), *_so_far(standing))


def _so_far(standing: Standing) -> tuple[str, ...]:
    names = point_names(standing.matched)
    return (str(_("Matches: %(points)s") % {"points": names}),) if names else ()


def _holder(run: PlaybookRun, field: str) -> GateState:
    """Whether the account is the agent's own: never a matter of opinion. Nothing on record: it is not."""
    agent = agent_of_code(agent_code_of(run.ticket))
    owner = str(answers_of(run).get(field, ""))
    found = compare("name", owner, facts_of(agent).get("name", ()))
    if found.result == Result.MATCHED:
        line = _("The account is in the agent's own name.")
        shown = tuple(str(each) for each in (line, forgiven_words(found.forgiven)) if each)
        return GateState(open=True, outcome=VERIFIED, shown=shown)
    if found.result == Result.DIFFERS:
        line = _("The account's owner is not the registered agent: management has to except it.")
    else:
        line = _("No name is on record to compare with: management has to except it.")
    return GateState(open=True, outcome=FAILED, shown=(str(line),))
