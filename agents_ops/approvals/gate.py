"""The gate of a step that a second person opens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse

from agents_ops.approvals.digest import current_digest
from agents_ops.gates import GateState, gate
from agents_ops.models import AgentRules, ApprovalRequest, PlaybookRun
from agents_ops.playbook.parts import Step
from agents_ops.states import StepKind
from agents_ops.verification.standing import agent_code_of, lock_of
from agents_ops.verification.words import locked_words
from helpdesk.common import clock
from helpdesk.common.durations import wib_text
from helpdesk.common.wording import gettext as _
from people.models import Team

APPROVED, REFUSED = "approved", "refused"
State = ApprovalRequest.State


def check_options(options: Mapping[str, Any], playbook: Mapping[str, Any]) -> Iterator[Any]:
    """What is asked for is a kind of the rules; `by` may name another team than theirs."""
    if options.get("about") not in AgentRules.in_force().book.approvals:
        yield _("This kind of approval is not known.")
    if options.get("by") and not Team.objects.filter(code=options["by"]).exists():
        yield _("This team is not known.")


@gate(StepKind.APPROVAL, outcomes=(APPROVED, REFUSED), check=check_options)
def approved(run: PlaybookRun, step: Step) -> GateState:
    ticket, kind, now = run.ticket, step.options.get("about", ""), clock.now()
    code = agent_code_of(ticket)
    if (lock := lock_of(code, now)) is not None:
        return GateState(open=False, missing=locked_words(lock), short=_("locked"))
    latest = ticket.approvals.filter(kind=kind).select_related("team", "decided_by").first()
    if latest is None or latest.digest != current_digest(ticket, kind, code):
        return _to_ask(run, stale=latest is not None and latest.state == State.APPROVED)
    if latest.state == State.REFUSED:
        words = {"who": latest.decided_by, "why": latest.decision_reason}
        return GateState(
            open=True, outcome=REFUSED, shown=(str(_("Refused by %(who)s: %(why)s") % words),)
        )
    if latest.expires_at <= now or latest.state in (State.WITHDRAWN, State.EXPIRED):
        return _to_ask(run)
    if latest.state == State.APPROVED:
        words = {"who": latest.decided_by, "until": wib_text(latest.expires_at)}
        shown = str(_("Approved by %(who)s, holds until %(until)s") % words)
        return GateState(open=True, outcome=APPROVED, shown=(shown,))
    return GateState(
        open=False,
        missing=_("Waits for the decision of a second person: %(team)s.") % {"team": latest.team},
        short=_("approval waits"),
        url=reverse("desk:approval", args=[latest.pk]),
        link=_("Look at the request"),
    )


def _to_ask(run: PlaybookRun, *, stale: bool = False) -> GateState:
    """`stale`: what was approved are other answers than those of now."""
    first = _("A second person has to approve this.")
    other = _("Other answers were approved than those of now. Ask again.")
    return GateState(
        open=False,
        missing=other if stale else first,
        short=_("approval missing"),
        url=reverse("desk:ask_approval", args=[run.ticket.number]),
        link=_("Ask for approval"),
    )
