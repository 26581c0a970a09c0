"""What the panel shows for the gates that are opened on the ticket's page itself, by kind of step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from agents_ops.connectors import SYSTEMS
from agents_ops.lookup_words import RESULTS
from agents_ops.models import PlaybookRun
from agents_ops.playbook.parts import Step
from agents_ops.services.lookups import off
from agents_ops.states import StepKind
from desk.playbook.block_part import block_part
from desk.playbook.complaint_part import complaint_part
from desk.playbook.log_part import log_part


@dataclass(frozen=True)
class LookupPart:
    """`by_hand`: the system is away, so that what was found by hand may stand in for its answer."""

    asked: bool
    may_ask: bool
    by_hand: bool
    results: list[tuple[str, Any]]


def _lookup(run: PlaybookRun, step: Step) -> LookupPart:
    system = str(step.options.get("system", ""))
    row = run.lookups.filter(step=step.code).first()
    away = off(system)
    return LookupPart(
        asked=row is not None,
        may_ask=not away,
        by_hand=away or (row is not None and (not row.result or row.by_hand)),
        results=[(each, RESULTS[each]) for each in SYSTEMS.get(system, ())],
    )


PARTS: dict[str, Callable[[PlaybookRun, Step], Any]] = {
    StepKind.LOOKUP: _lookup,
    StepKind.SUPPLIER_COMPLAINT: complaint_part,
    StepKind.BLOCK_ACCOUNT: block_part,
    StepKind.TRANSACTION_LOG: log_part,
}
