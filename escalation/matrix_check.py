"""What is wrong with an escalation matrix, before anybody publishes it. Pure: no database."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from helpdesk.common.drafting import Problem
from helpdesk.common.money import MAX_AMOUNT
from helpdesk.common.placeholders import unknown_names
from helpdesk.common.wording import gettext as _

MAX_CODE = 34
MAX_NAME = 80
MAX_TEMPLATE = 2_000
MAX_DAYS = 365
LEVELS = (1, 2, 3, 4)
FORM_PARTS = ("summary", "evidence", "wanted_outcome")
# What may stand in braces in the words of a form; `escalation.services.forms` fills each.
FORM_NAMES = frozenset(
    {
        "amount",
        "category",
        "cause",
        "description",
        "evidence",
        "priority",
        "since",
        "solution",
        "subject",
    }
)
SIGNAL_PARTS = {"at_least": (1, 100), "within_hours": (1, 24 * 30)}
_CODE = re.compile(r"[a-z][a-z0-9_]{0,33}")


@dataclass(frozen=True)
class Known:
    """The words that a matrix may use. `teams` are those that accept escalations, no squads."""

    teams: Collection[str]
    squads: Collection[str]
    categories: Collection[str]
    words: Mapping[str, Collection[str]]  # priority, channel, tier, reporter
    signals: Collection[str]


def check_matrix(body: Mapping[str, Any], known: Known) -> list[Problem]:
    """Every problem of the document; an empty list when it may be published."""
    problems = [
        Problem(name, _("This team is not known."))
        for name in ("default_team", "top_team")
        if body.get(name) not in known.teams
    ]
    forms = body.get("forms", {})
    for code, row in body.get("rows", {}).items():
        problems += [_at(f"rows.{code}", each) for each in check_row(code, row, known)]
    for row in body.get("triggers", ()):
        place = f"triggers.{row.get('code', '')}"
        problems += [_at(place, each) for each in check_trigger(row, known, forms)]
    problems += _repeated(body.get("triggers", ()))
    if "general" not in forms:
        problems.append(Problem("forms.general", _("The general form is needed.")))
    for code, form in forms.items():
        problems += [_at(f"forms.{code}", each) for each in check_form(form)]
    return problems


def check_trigger(
    row: Mapping[str, Any], known: Known, forms: Collection[str]
) -> Iterator[Problem]:
    if not _CODE.fullmatch(str(row.get("code", ""))):
        yield Problem(
            "code", _("A code has 1 to 34 small letters, digits and underscores, a letter first.")
        )
    for name in ("name_id", "name_en"):
        if not 1 <= len(str(row.get(name, "")).strip()) <= MAX_NAME:
            yield Problem(name, _("A name has 1 to 80 characters."))
    yield from (_at("when", each) for each in _check_when(row.get("when", {}), known))
    yield from _check_outcome(row, known)
    if row.get("form") and row["form"] not in forms:
        yield Problem("form", _("There is no form with this code."))
    if row.get("opens") and row["opens"] not in known.categories:
        yield Problem("opens", _("Unknown category."))
    if row.get("opens") and "signal" not in row.get("when", {}):
        yield Problem("opens", _("Only a trigger of a signal opens tickets."))


def check_row(category: str, row: Mapping[str, Any], known: Known) -> Iterator[Problem]:
    if category not in known.categories:
        yield Problem("", _("Unknown category."))
    places = {"-", "chatbot", "help_center", *known.squads, *known.teams}
    levels = row.get("levels", ())
    if len(levels) != 3:
        yield Problem("levels", _("A row has three levels."))
    for place, level in enumerate(levels, start=1):
        if level not in places:
            yield Problem(f"level_{place}", _("This place is not known."))
    if row.get("team") and row["team"] not in known.teams:
        yield Problem("team", _("This team is not known."))


def check_form(form: Mapping[str, Any]) -> Iterator[Problem]:
    for name in FORM_PARTS:
        text = form.get(name, "")
        if not isinstance(text, str) or not 1 <= len(text.strip()) <= MAX_TEMPLATE:
            yield Problem(name, _("This part has 1 to 2,000 characters."))
        elif unknown := unknown_names(text, FORM_NAMES):
            message = _("These words in brackets are not known: %(names)s.")
            yield Problem(name, message % {"names": ", ".join(unknown)})
    if "{cause}" not in "".join(str(form.get(name, "")) for name in FORM_PARTS):
        yield Problem(
            "wanted_outcome", _("The form must say why it came: write {cause} somewhere.")
        )


def _check_when(when: Mapping[str, Any], known: Known) -> Iterator[Problem]:
    words = {"category": known.categories, "except_category": known.categories, **known.words}
    words["queue"] = [*known.teams, "general"]
    for name, possible in words.items():
        if not set(when.get(name, ())) <= set(possible):
            yield Problem(name, _("This value is not known."))
    for name, least, most in (
        ("amount_more_than", 0, MAX_AMOUNT),
        ("age_more_than_days", 1, MAX_DAYS),
    ):
        if name in when and not _number(when[name], least, most):
            yield Problem(name, _out_of_range(least, most))
    yield from (_at("signal", each) for each in _check_signal(when.get("signal"), known))
    if "signal" in when and "age_more_than_days" in when:
        yield Problem(
            "age_more_than_days", _("A trigger waits for a moment or a signal, not both.")
        )
    if not any(value not in (None, [], ()) for value in when.values()):
        yield Problem("", _("A trigger without a condition would act on every ticket."))
    if unknown := sorted(set(when) - {*words, "amount_more_than", "age_more_than_days", "signal"}):
        yield Problem(unknown[0], _("This name is not known here."))


def _check_signal(signal: Mapping[str, Any] | None, known: Known) -> Iterator[Problem]:
    if signal is None:
        return
    kinds = signal.get("kind", ())
    if not kinds or not set(kinds) <= set(known.signals):
        yield Problem("kind", _("This value is not known."))
    for name, (least, most) in SIGNAL_PARTS.items():
        if not _number(signal.get(name), least, most):
            yield Problem(name, _out_of_range(least, most))


def _check_outcome(row: Mapping[str, Any], known: Known) -> Iterator[Problem]:
    team, alert, priority = row.get("team"), row.get("alert"), row.get("priority")
    for name, code in (("team", team), ("alert", alert)):
        if code and code not in known.teams:
            yield Problem(name, _("This team is not known."))
    if priority and priority not in known.words["priority"]:
        yield Problem("priority", _("Unknown priority."))
    if not (team or alert or priority):
        yield Problem("team", _("Say what follows: a team, an alert or a priority."))
    if team and alert:
        yield Problem("alert", _("A team that gets the ticket needs no alert: choose one."))
    if (team or alert) and row.get("level") not in LEVELS:
        yield Problem("level", _out_of_range(1, 4))


def _repeated(rows: Any) -> Iterator[Problem]:
    seen: set[str] = set()
    for row in rows:
        code = row.get("code", "")
        if code in seen:
            yield Problem(f"triggers.{code}.code", _("Another trigger has this code."))
        seen.add(code)


def _number(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _out_of_range(least: int, most: int) -> Any:
    return _("A whole number from %(least)s to %(most)s.") % {"least": least, "most": most}


def _at(place: str, problem: Problem) -> Problem:
    path = f"{place}.{problem.path}" if problem.path else place
    return Problem(path, problem.message)
