"""What opens a step: a gate for each kind of step whose evidence lies elsewhere.

A module of this app registers one when the app is ready:

    @gate("verify", outcomes=("verified", "failed"))
    def verified(run: PlaybookRun, step: Step) -> GateState: ...

It is asked each time the step is shown and, under the ticket's lock, when the step is done: it only
reads. A kind without a gate is asked for by hand: one text of what was looked at and, where the
ways on ask for the gate's result, a choice among those results.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agents_ops.playbook.parts import Field, Step
from agents_ops.states import PLAIN_KINDS, FieldKind
from helpdesk.common.wording import gettext as _

if TYPE_CHECKING:
    from agents_ops.models import PlaybookRun

BY_HAND = "by_hand"
RESULT = "gate_result"
OTHER = "other"


@dataclass(frozen=True)
class GateState:
    """`missing`: a sentence of what is lacking, `short` the same in a button ('1 point missing').

    `url` and `link`: the place where it is done, and that place in words. `outcome`: for the ways
    on, one of those the gate was registered with. `shown`: lines that tell what is there already.
    """

    open: bool
    missing: Any = ""
    short: Any = ""
    url: str = ""
    link: Any = ""
    outcome: str = ""
    shown: tuple[str, ...] = ()


OPEN = GateState(open=True)
State = Callable[["PlaybookRun", Step], GateState]
# A step's `with` and its playbook as documents: what is wrong, in sentences.
Check = Callable[[Mapping[str, Any], Mapping[str, Any]], Iterator[Any]]


@dataclass(frozen=True)
class Gate:
    """`outcomes`: what its state may say, which is what a playbook's ways may ask for; `check`: what is
    wrong with what a step gives it."""

    kind: str
    state: State
    outcomes: frozenset[str]
    check: Check | None = None


_gates: dict[str, Gate] = {}


def gate(
    kind: str, *, outcomes: tuple[str, ...] = (), check: Check | None = None
) -> Callable[[State], State]:
    """Register the decorated function as the gate of every step of this kind."""

    def register(state: State) -> State:
        if kind in _gates:
            raise RuntimeError(f"two gates for {kind}")
        _gates[kind] = Gate(kind, state, frozenset(outcomes), check)
        return state

    return register


def registered() -> Mapping[str, frozenset[str]]:
    """Each kind that has a gate, with its outcomes."""
    return {kind: each.outcomes for kind, each in _gates.items()}


def checks_of_options() -> Mapping[str, Check]:
    return {kind: each.check for kind, each in _gates.items() if each.check}


def gate_state(run: PlaybookRun, step: Step) -> GateState:
    """What the step's gate says now. Without one it is open: the evidence is asked for by hand."""
    found = _gates.get(step.kind)
    return found.state(run, step) if found else OPEN


def fields_by_hand(step: Step) -> tuple[Field, ...]:
    """What stands in for a gate that is not there; nothing where there is one or none is needed."""
    if step.kind in PLAIN_KINDS or step.kind in _gates:
        return ()
    asked = Field(BY_HAND, str(_("What was checked, and what came out")), FieldKind.TEXT)
    results = [
        (value, branch.label or value)
        for branch in step.branches
        if branch.when and "gate" in branch.when
        for value in branch.when["gate"]
    ]
    if not results:
        return (asked,)
    rest = (OTHER, step.branches[-1].label or str(_("none of these")))
    choice = Field(RESULT, str(_("Result")), FieldKind.CHOICE, choices=(*results, rest))
    return (asked, choice)
