"""Changes of a draft's body: each a function that `Drafting.edit` applies."""

from __future__ import annotations

from typing import Any

from desk.editing import Body
from helpdesk.common.drafting import Change
from helpdesk.common.errors import InvalidInput, WrongState
from helpdesk.common.wording import gettext as _


def put_head(made: Body, *, new: bool) -> Change:
    """A new playbook begins with one step, which ends it."""

    def change(body: Body) -> None:
        found = _find(body["playbooks"], made["code"])
        if new and found is not None:
            _taken(_("Another playbook has this code."))
        if new:
            body["playbooks"].append({**made, "steps": [_first_step()]})
        elif found is None:
            _gone()
        else:
            found.update(made)

    return change


def put_step(code: str, made: Body, place: int, *, new: bool) -> Change:
    """At its place among the steps."""

    def change(body: Body) -> None:
        steps = _steps(body, code)
        found = _find(steps, made["code"])
        if new and found is not None:
            _taken(_("Another step has this code."))
        if not new and found is None:
            _gone()
        if found is not None:
            steps.remove(found)
        steps.insert(place - 1, made)

    return change


def drop_playbook(code: str) -> Change:
    def change(body: Body) -> None:
        found = _find(body["playbooks"], code)
        if found is None:
            _gone()
        body["playbooks"].remove(found)

    return change


def drop_step(code: str, step: str) -> Change:
    def change(body: Body) -> None:
        steps = _steps(body, code)
        found = _find(steps, step)
        if found is None:
            _gone()
        if len(steps) == 1:
            raise WrongState(_("The last step of a playbook stays."))
        steps.remove(found)

    return change


def _first_step() -> Body:
    title = "Langkah pertama"
    return {"code": "start", "kind": "ask", "title": title, "next": [{"end": "solved"}]}


def _steps(body: Body, code: str) -> list[Any]:
    found = _find(body["playbooks"], code)
    if found is None:
        _gone()
    steps: list[Any] = found["steps"]
    return steps


def _find(rows: list[Any], code: str) -> Any:
    return next((row for row in rows if row["code"] == code), None)


def _taken(message: Any) -> None:
    raise InvalidInput(message, code="code_taken", fields={"code": message})


def _gone() -> None:
    raise WrongState(_("This part is no longer in your draft."), code="part_gone")
