"""The gate of steps that look into a system: open once a result is on record, the newest one counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from agents_ops.connectors import SYSTEMS
from agents_ops.gates import GateState, gate
from agents_ops.lookup_words import RESULTS, SYSTEM_NAMES, TROUBLES, fact_lines
from agents_ops.models import Lookup, PlaybookRun
from agents_ops.playbook.parts import Step
from agents_ops.states import StepKind
from helpdesk.common.durations import wib_text
from helpdesk.common.wording import gettext as _
from people.commerce import Trouble

EVERY_RESULT = tuple(sorted({result for results in SYSTEMS.values() for result in results}))


def known_system(options: Mapping[str, Any], _playbook: Mapping[str, Any]) -> Iterator[Any]:
    if options.get("system") not in SYSTEMS:
        yield _("Say into which system to look.")


@gate(StepKind.LOOKUP, outcomes=EVERY_RESULT, check=known_system)
def looked_up(run: PlaybookRun, step: Step) -> GateState:
    row = run.lookups.filter(step=step.code).select_related("by").first()
    if row is None:
        name = SYSTEM_NAMES.get(str(step.options.get("system")), "")
        missing = _("Nothing has been looked up yet: %(system)s.") % {"system": name}
        return GateState(open=False, missing=missing, short=_("look it up first"))
    if not row.result:
        missing = _(
            "%(system)s: %(trouble)s. Ask and check by hand, and write down what you found."
        )
        words = {"system": SYSTEM_NAMES[row.system], "trouble": TROUBLES[Trouble(row.trouble)]}
        return GateState(open=False, missing=missing % words, short=_("check by hand"))
    return GateState(open=True, outcome=row.result, shown=(_said(row), *fact_lines(row.facts)))


def _said(row: Lookup) -> str:
    words = {
        "system": SYSTEM_NAMES[row.system],
        "result": RESULTS[row.result],
        "name": row.by,
        "at": wib_text(row.at),
    }
    if row.by_hand:
        return _("%(system)s, by hand: %(result)s (%(name)s, %(at)s)") % words
    return _("%(system)s: %(result)s (%(name)s, %(at)s)") % words
