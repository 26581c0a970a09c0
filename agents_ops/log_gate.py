"""The gate of the official transaction log: open once one is made, or given out by hand while the server is
away."""

from __future__ import annotations

from agents_ops.gates import GateState, gate
from agents_ops.lookup_words import TROUBLES
from agents_ops.models import PlaybookRun, TransactionLog
from agents_ops.playbook.parts import Step
from agents_ops.states import StepKind
from helpdesk.common.durations import wib_text
from helpdesk.common.wording import gettext as _
from people.commerce import Trouble


@gate(StepKind.TRANSACTION_LOG)
def made(run: PlaybookRun, step: Step) -> GateState:
    log = TransactionLog.objects.filter(run=run).select_related("made_by").first()
    if log is not None:
        words = {"number": log.number, "name": log.made_by, "at": wib_text(log.made_at)}
        shown = _("Transaction log %(number)s made (%(name)s, %(at)s)") % words
        return GateState(open=True, shown=(shown,))
    row = run.lookups.filter(step=step.code).select_related("by").first()
    if row is None:
        missing = _("The official transaction log has not been made yet.")
        return GateState(open=False, missing=missing, short=_("make it first"))
    words = {"name": row.by, "at": wib_text(row.at)}
    if row.by_hand:
        return GateState(open=True, shown=(_("Given out by hand (%(name)s, %(at)s)") % words,))
    trouble = {"trouble": TROUBLES[Trouble(row.trouble)]}
    missing = _("The server does not give the log: %(trouble)s. Give it out by hand.") % trouble
    return GateState(open=False, missing=missing, short=_("give it out by hand"))
