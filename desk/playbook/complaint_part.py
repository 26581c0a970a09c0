"""What the panel and the complaint's page show of a complaint to a supplier."""

from __future__ import annotations

from dataclasses import dataclass

from agents_ops.complaint_times import about_of
from agents_ops.models import PlaybookRun, SupplierComplaint
from agents_ops.playbook.parts import Step


@dataclass(frozen=True)
class ComplaintPart:
    """`complaint` is the latest about the matter of the open step; None: nobody has complained."""

    complaint: SupplierComplaint | None

    @property
    def may_complain(self) -> bool:
        return self.complaint is None or not (self.complaint.is_open or self.complaint.outcome)


def complaint_part(run: PlaybookRun, step: Step) -> ComplaintPart:
    return ComplaintPart(run.complaints.filter(about=about_of(step)).first())
