"""The gate of complaints to a supplier. The first step is open with a final word, or when the complaint has
become hard, where the ways on lead to the hard one; that one is open with a final word alone."""

from __future__ import annotations

from typing import Any

from agents_ops.complaint_times import about_of
from agents_ops.gates import GateState, gate
from agents_ops.models import PlaybookRun, SupplierComplaint, SupplierMessage
from agents_ops.playbook.parts import Step
from agents_ops.states import StepKind
from helpdesk.common.durations import wib_text
from helpdesk.common.wording import gettext as _


@gate(StepKind.SUPPLIER_COMPLAINT, outcomes=tuple(SupplierComplaint.Outcome.values))
def answered(run: PlaybookRun, step: Step) -> GateState:
    about = about_of(step)
    row = run.complaints.filter(about=about).prefetch_related("messages").first()
    if row is None:
        missing = _("The supplier has not been told yet.")
        return GateState(open=False, missing=missing, short=_("complain first"))
    shown = tuple(_lines(row))
    if row.outcome:
        return GateState(open=True, outcome=row.outcome, shown=shown)
    if row.hard_at is not None and not step.options.get("hard"):
        return GateState(open=True, shown=shown)
    if not row.is_open:
        missing = _("The complaint ended without an answer. Complain anew.")
        return GateState(open=False, missing=missing, short=_("complain anew"), shown=shown)
    missing = _("The supplier has given no final answer yet.")
    return GateState(open=False, missing=missing, short=_("no answer yet"), shown=shown)


def _lines(row: SupplierComplaint) -> list[str]:
    lines = []
    for message in row.messages.all():
        said: Any = message.get_state_display()
        if message.kind == SupplierMessage.Kind.ANSWER:
            said = _RESULTS[message.result]
        line = f"{message.get_kind_display()}, {wib_text(message.at)}: {said}"
        lines.append(line[:1].upper() + line[1:])
    if row.is_open and row.hard_at is None and row.hard_due_at is not None:
        lines.append(_("Hard complaint by itself at %(at)s") % {"at": wib_text(row.hard_due_at)})
    return lines


_RESULTS = {
    "success": SupplierComplaint.Outcome.SUCCESS.label,
    "failed": SupplierComplaint.Outcome.FAILED.label,
    "pending": SupplierComplaint.About.PENDING.label,
}
