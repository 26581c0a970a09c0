"""Whether each part of a playbook has the shape that the program reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from agents_ops.playbook.check_options import check_given
from agents_ops.states import PLAIN_KINDS, FieldKind, Group, Outcome, StepKind
from helpdesk.common.drafting import Problem
from helpdesk.common.placeholders import unknown_names
from helpdesk.common.wording import gettext as _

if TYPE_CHECKING:
    from agents_ops.playbook.check import Known

Body = Mapping[str, Any]
MOST_STEPS = 40
MOST_FIELDS = 20
LONGEST_NAME = 120
LONGEST_LINE = 500
LONGEST_REPLY = 2_000
MOST_SECONDS = 60 * 60 * 24 * 30
MOST_NUMBER = 10**15
MOST_MINUTES = 60 * 24 * 365
CONDITIONS = ("gate", "is", "more_than", "older_than_minutes")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")


def check_head(row: Body, known: Known) -> Iterator[Problem]:
    yield from _check_code(row, "code")
    for name in ("id", "en"):
        if not _text(row.get(name), LONGEST_NAME):
            yield Problem(name, _("A name has 1 to 120 characters."))
    if row.get("group") not in Group.values:
        yield Problem("group", _("This value is not known."))
    if not isinstance(row.get("source", ""), str) or len(row.get("source", "")) > LONGEST_NAME:
        yield Problem("source", _("This is too long."))
    suggest = row.get("suggest", {})
    if not set(suggest.get("category", ())) <= set(known.categories):
        yield Problem("category", _("Unknown category."))
    if not all(_text(word, LONGEST_NAME) for word in suggest.get("words", ())):
        yield Problem("words", _("A word has 1 to 120 characters."))
    if not 1 <= len(row.get("steps", ())) <= MOST_STEPS:
        message = _("A playbook has 1 to %(most)s steps.") % {"most": MOST_STEPS}
        yield Problem("steps", message)


def check_step(playbook: Body, row: Body, known: Known) -> Iterator[Problem]:
    place = row.get("code", "")
    for problem in _check_step(playbook, row, known):
        yield Problem(f"{place}.{problem.path}", problem.message)


def _check_step(playbook: Body, row: Body, known: Known) -> Iterator[Problem]:
    yield from _check_code(row, "code")
    if not _text(row.get("title"), LONGEST_NAME):
        yield Problem("title", _("A title has 1 to 120 characters."))
    yield from _check_kind(playbook, row, known)
    for name in ("ask", "check"):
        if not all(_text(line, LONGEST_LINE) for line in row.get(name, ())):
            yield Problem(name, _("A line has 1 to 500 characters."))
    yield from _check_reply(playbook, row, known)
    seconds = row.get("seconds")
    if seconds is not None and not _number(seconds, 0, MOST_SECONDS):
        yield Problem("seconds", _("A number of seconds from 0 to 30 days is needed."))
    if len(row.get("fields", ())) > MOST_FIELDS:
        yield Problem("fields", _("A step has at most 20 fields."))
    for field in row.get("fields", ()):
        yield from _check_field(field)
    if not row.get("next"):
        yield Problem("next", _("A step needs a way on: to another step, or to an end."))
    for number, branch in enumerate(row.get("next", ())):
        yield from _check_branch(f"next.{number}", row, branch)


def _check_kind(playbook: Body, row: Body, known: Known) -> Iterator[Problem]:
    kind = row.get("kind")
    if kind not in StepKind.values:
        yield Problem("kind", _("This value is not known."))
        return
    gated = kind not in PLAIN_KINDS and kind not in known.gates
    if gated and (playbook.get("code"), kind) not in known.waiting:
        yield Problem("kind", _("Nothing here opens a step of this kind yet."))
    escalate = row.get("escalate", {})
    if kind == StepKind.ESCALATE and not escalate.get("team"):
        yield Problem("team", _("Say to which team it goes."))
    if escalate.get("team") and escalate["team"] not in known.teams:
        yield Problem("team", _("This team is not known."))
    if escalate.get("form") and escalate["form"] not in known.forms:
        yield Problem("form", _("There is no form with this code."))
    for message in check_given(row, known.calendars):
        yield Problem("with", message)
    if kind in known.options:
        for message in known.options[kind](row.get("with", {}), playbook):
            yield Problem("with", message)
    if kind == StepKind.REFUSE and not row.get("reply"):
        yield Problem("reply", _("A refusal needs its explanation for the agent."))


def _check_reply(playbook: Body, row: Body, known: Known) -> Iterator[Problem]:
    reply = row.get("reply", "")
    if not isinstance(reply, str) or len(reply) > LONGEST_REPLY:
        yield Problem("reply", _("A reply has at most 2,000 characters."))
        return
    fields = {each.get("code") for step in playbook["steps"] for each in step.get("fields", ())}
    if unknown := unknown_names(reply, {*known.names, *fields}):
        message = _("These words in brackets are not known: %(names)s.")
        yield Problem("reply", message % {"names": ", ".join(unknown)})


def _check_field(row: Body) -> Iterator[Problem]:
    place = f"fields.{row.get('code', '')}"
    yield from (Problem(place, each.message) for each in _check_code(row, "code"))
    if not _text(row.get("label"), LONGEST_NAME):
        yield Problem(place, _("A name has 1 to 120 characters."))
    if row.get("type") not in FieldKind.values:
        yield Problem(place, _("This kind of field is not known."))
    choices = row.get("choices", ())
    if row.get("type") == FieldKind.CHOICE:
        values = [each.get("value") for each in choices]
        if len(values) < 2 or len(set(values)) < len(values):
            yield Problem(place, _("A choice needs two different values at least."))
        if not all(_CODE.fullmatch(str(value)) for value in values) or not all(
            _text(each.get("label"), LONGEST_NAME) for each in choices
        ):
            yield Problem(place, _("Each value needs a code and a name."))
    elif choices:
        yield Problem(place, _("Only a field of the kind 'choice' has choices."))


def _check_branch(path: str, step: Body, row: Body) -> Iterator[Problem]:
    if bool(row.get("go")) == bool(row.get("end")):
        yield Problem(path, _("A way leads to a step or to an end, not to both."))
    if row.get("end") and row["end"] not in Outcome.values:
        yield Problem(path, _("This end is not known."))
    when = row.get("when")
    if when is None:
        return
    asked = [name for name in CONDITIONS if name in when]
    if len(asked) != 1 or ("gate" in when) == ("field" in when):
        yield Problem(path, _("A condition asks one thing: of a field, or of the gate's result."))
        return
    if asked[0] in ("gate", "is") and not when[asked[0]]:
        yield Problem(path, _("Say which values it is for."))
    if "gate" in when and step.get("kind") in PLAIN_KINDS:
        yield Problem(path, _("This step has no gate."))
    most = {"more_than": MOST_NUMBER, "older_than_minutes": MOST_MINUTES}.get(asked[0])
    if most is not None and not _number(when[asked[0]], 0, most):
        yield Problem(path, _("This must be a whole number."))


def _check_code(row: Body, name: str) -> Iterator[Problem]:
    if not _CODE.fullmatch(str(row.get(name, ""))):
        yield Problem(
            name, _("A code has 1 to 40 small letters, digits and underscores, a letter first.")
        )


def _text(value: object, longest: int) -> bool:
    return isinstance(value, str) and len(value.strip()) >= 1 and len(value) <= longest


def _number(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
