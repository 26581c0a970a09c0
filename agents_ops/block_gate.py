"""The gate of blocking an account: open when the server has confirmed it, or a person did it by hand."""

from __future__ import annotations

from agents_ops.gates import GateState, gate
from agents_ops.lookup_words import TROUBLES
from agents_ops.models import AccountBlock, PlaybookRun
from agents_ops.playbook.parts import Step
from agents_ops.states import StepKind
from helpdesk.common.durations import wib_text
from helpdesk.common.wording import gettext as _
from people.commerce import Trouble


@gate(StepKind.BLOCK_ACCOUNT)
def blocked(run: PlaybookRun, step: Step) -> GateState:
    row = AccountBlock.objects.filter(run=run).first()
    short = _("block it first")
    if row is None:
        missing = _("The account is not blocked yet. Say whose it is.")
        return GateState(open=False, missing=missing, short=short)
    words = {"agent": row.agent_code, "at": wib_text(row.blocked_at or row.asked_at)}
    if row.is_done:
        return GateState(open=True, shown=(_("Account %(agent)s blocked, %(at)s") % words,))
    if row.trouble:
        words["trouble"] = str(TROUBLES[Trouble(row.trouble)])
        missing = _("Account %(agent)s is not blocked: %(trouble)s. Block it by hand now.") % words
        return GateState(open=False, missing=missing, short=short)
    missing = _("Account %(agent)s is being blocked.") % words
    return GateState(open=False, missing=missing, short=_("being blocked"))
