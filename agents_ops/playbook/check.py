"""What is wrong with playbooks, before anybody publishes them. A problem's path names its part:
`deposit_bank.confirm.fields.amount`, `deposit_bank.confirm.next.0`, `deposit_bank.name`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from agents_ops.playbook.check_shape import check_head, check_step
from agents_ops.playbook.parts import Branch, Playbook, Step, read_playbooks
from helpdesk.common.drafting import Problem
from helpdesk.common.wording import gettext as _

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Known:
    """The words that a playbook may use. `gates`: each kind that has one, with its outcomes;
    `waiting`: kinds without one that a playbook in force has already, as (playbook, kind); `options`:
    what is wrong with a step's `with`, by kind; `calendars`: those that may count a promise of time."""

    teams: Collection[str]
    forms: Collection[str]
    categories: Collection[str]
    names: Collection[str]
    gates: Mapping[str, Collection[str]]
    waiting: Collection[tuple[str, str]] = field(default_factory=frozenset)
    options: Mapping[str, Callable[[Body, Body], Iterator[Any]]] = field(default_factory=dict)
    calendars: Collection[str] = ("always",)


def check_playbooks(body: Body, known: Known) -> list[Problem]:
    """Every problem of the document; an empty list when it may be published."""
    playbooks = body.get("playbooks", ())
    if not playbooks:
        return [Problem("", _("At least one playbook is needed."))]
    codes = Counter(row.get("code", "") for row in playbooks)
    found = [
        Problem(f"{code}.code", _("Another playbook has this code."))
        for code, times in codes.items()
        if times > 1
    ]
    for row in playbooks:
        found += check_playbook(row, known)
    return found


def check_playbook(row: Body, known: Known) -> list[Problem]:
    """First each part for itself; the ways between the steps only once all of them can be read."""
    code = row.get("code", "")
    found = list(check_head(row, known))
    for step in row.get("steps", ()):
        found += check_step(row, step, known)
    if not found:
        [playbook] = read_playbooks({"playbooks": [row]}).values()
        found = list(_check_ways(playbook, known))
    return [Problem(f"{code}.{each.path}", each.message) for each in found]


def _check_ways(playbook: Playbook, known: Known) -> Iterator[Problem]:
    yield from _repeated(playbook)
    broken = [
        Problem(f"{step.code}.next.{place}", _("There is no step with this code."))
        for step in playbook.steps
        for place, branch in enumerate(step.branches)
        if branch.go and branch.go not in playbook.by_code
    ]
    yield from broken
    if broken:
        return
    for step in playbook.steps:
        if any(each.code == step.code for each in playbook.ahead(step.code)):
            yield Problem(f"{step.code}.next", _("From here a way leads back to this step."))
    reached = {playbook.first.code, *(each.code for each in playbook.ahead(playbook.first.code))}
    for step in playbook.steps:
        if step.code not in reached:
            yield Problem(f"{step.code}.code", _("No way leads to this step."))
        yield from _check_branches(playbook, step, known)


def _repeated(playbook: Playbook) -> Iterator[Problem]:
    for code, times in Counter(step.code for step in playbook.steps).items():
        if times > 1:
            yield Problem(f"{code}.code", _("Another step has this code."))
    fields = Counter(each.code for step in playbook.steps for each in step.fields)
    for code, times in fields.items():
        if times > 1:
            message = _("The field %(name)s stands in several steps.") % {"name": code}
            yield Problem("steps", message)


def _check_branches(playbook: Playbook, step: Step, known: Known) -> Iterator[Problem]:
    before = {step.code: step} | {
        each.code: each
        for each in playbook.steps
        if step.code in {later.code for later in playbook.ahead(each.code)}
    }
    fields = {each.code: each for one in before.values() for each in one.fields}
    taken: dict[str, set[str]] = {}
    for place, branch in enumerate(step.branches):
        path = f"{step.code}.next.{place}"
        last = place == len(step.branches) - 1
        if last and branch.when is not None:
            yield Problem(
                path, _("The last way must hold always, or an answer would lead nowhere.")
            )
        elif not last and branch.when is None:
            yield Problem(path, _("What stands behind a way that holds always is never taken."))
        if branch.when is not None:
            yield from _check_when(path, step, branch, fields, known)
            yield from _check_taken(path, branch, taken)
        elif place and _all_taken(step, taken):
            yield Problem(path, _("This way is never taken: those before it cover every choice."))


def _check_when(
    path: str, step: Step, branch: Branch, fields: Mapping[str, Any], known: Known
) -> Iterator[Problem]:
    when = branch.when or {}
    if "gate" in when:
        outcomes = known.gates.get(step.kind)
        if outcomes is not None and not set(when["gate"]) <= set(outcomes):
            yield Problem(path, _("This gate has no such result."))
        return
    asked = fields.get(when["field"])
    if asked is None:
        yield Problem(path, _("The field is asked neither here nor in a step before."))
        return
    needed = {"is": "choice", "older_than_minutes": "datetime"}
    for name, kind in needed.items():
        if name in when and asked.kind != kind:
            yield Problem(path, _("This condition does not fit the kind of the field."))
    if "more_than" in when and asked.kind not in ("number", "amount_idr"):
        yield Problem(path, _("This condition does not fit the kind of the field."))
    if "is" in when and not set(when["is"]) <= {value for value, _label in asked.choices}:
        yield Problem(path, _("The field has no such choice."))


def _check_taken(path: str, branch: Branch, taken: dict[str, set[str]]) -> Iterator[Problem]:
    """What an earlier way took is not there for a later one."""
    when = branch.when or {}
    name, values = ("", when["gate"]) if "gate" in when else (when["field"], when.get("is"))
    if values is None:
        return
    if set(values) <= taken.get(name, set()):
        yield Problem(path, _("This way is never taken: those before it cover every choice."))
    taken.setdefault(name, set()).update(values)


def _all_taken(step: Step, taken: dict[str, set[str]]) -> bool:
    return any(
        each.required
        and each.choices
        and {value for value, _label in each.choices} <= taken[each.code]
        for each in step.fields
        if each.code in taken
    )
