"""When a supplier is complained to, from the run's own playbook: the seconds of its steps of the kind
`supplier_complaint` (docs/suppliers.md). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from agents_ops.playbook.parts import Playbook, Step
from agents_ops.states import StepKind

PENDING, MISSING = "pending", "missing"


@dataclass(frozen=True)
class ComplaintTimes:
    """From the transaction on: the complaint, and the hard one; between them and after, follow-ups."""

    complain_after: timedelta
    hard_after: timedelta | None
    follow_up_every: timedelta | None

    def hard_due(self, since: datetime) -> datetime | None:
        return None if self.hard_after is None else since + self.hard_after


def times_of(playbook: Playbook, about: str) -> ComplaintTimes | None:
    """None: this playbook has no complaint of the kind."""
    steps = list(_steps(playbook, about))
    soft = next((step for step in steps if not step.options.get("hard")), None)
    hard = next((step for step in steps if step.options.get("hard")), None)
    if soft is None:
        return None
    return ComplaintTimes(
        complain_after=timedelta(seconds=soft.seconds or 0),
        hard_after=None if hard is None else timedelta(seconds=hard.seconds or 0),
        follow_up_every=_span(soft.options.get("follow_up_seconds")),
    )


def about_of(step: Step) -> str:
    return str(step.options.get("about", PENDING))


def _steps(playbook: Playbook, about: str) -> Iterator[Step]:
    for step in playbook.steps:
        if step.kind == StepKind.SUPPLIER_COMPLAINT and about_of(step) == about:
            yield step


def _span(seconds: object) -> timedelta | None:
    return timedelta(seconds=seconds) if isinstance(seconds, int) and seconds > 0 else None
