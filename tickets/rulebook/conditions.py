"""Whether a condition speaks only of what there is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from helpdesk.common.drafting import Problem
from helpdesk.common.wording import gettext as _
from tickets.rulebook.known import Body, Known
from tickets.rulebook.notation import FIELDS, MOST_DEEP, OVER


def check_condition(path: str, when: Any, body: Body, known: Known) -> Iterator[Problem]:
    """The first problem of each kind; what else is wrong the engine says of the whole."""
    told = set()
    for message in _problems(when, body, known, 0):
        if str(message) not in told:
            told.add(str(message))
            yield Problem(path, message)


def concepts_in(when: Any) -> set[str]:
    """The names of words that a condition asks for."""
    if isinstance(when, str):
        return {when.removesuffix("!")}
    if isinstance(when, list):
        return set().union(*(concepts_in(part) for part in when)) if when else set()
    if isinstance(when, dict):
        return concepts_in([when[key] for key in ("all", "any", "none", "near") if key in when])
    return set()


def thresholds_in(when: Any) -> set[str]:
    """The thresholds that a condition compares with."""
    if isinstance(when, list):
        return set().union(*(thresholds_in(part) for part in when)) if when else set()
    if isinstance(when, dict):
        named = {when[key] for key in OVER if isinstance(when.get(key), str)}
        return named | thresholds_in([when[key] for key in ("all", "any", "none") if key in when])
    return set()


def _problems(when: Any, body: Body, known: Known, deep: int) -> Iterator[Any]:
    if deep > MOST_DEEP:
        yield _("too many brackets in each other")
    elif isinstance(when, str):
        yield from _unknown_words([when], body)
    elif isinstance(when, list):
        for part in when:
            yield from _problems(part, body, known, deep + 1)
    elif not isinstance(when, dict) or not when:
        yield _("This is no condition.")
    else:
        for key, value in when.items():
            yield from _keyed(key, value, body, known, deep)


def _keyed(key: str, value: Any, body: Body, known: Known, deep: int) -> Iterator[Any]:
    if key in ("all", "any", "none"):
        if isinstance(value, list):
            yield from _problems(value, body, known, deep + 1)
        else:
            yield _("This is no condition.")
    elif key == "near":
        named = isinstance(value, list) and all(isinstance(name, str) for name in value)
        if named and len(value) == 2:
            yield from _unknown_words(value, body)
        else:
            yield _("'near' needs two names, and perhaps a number of words")
    elif key in FIELDS:
        values = [value] if isinstance(value, str) else value
        odd = [str(each) for each in values if each not in known.of(key)]
        if odd:
            yield _("Not known here: %(codes)s.") % {"codes": ", ".join(odd)}
    elif key in OVER:
        yield from _threshold(key, value, body)


def _unknown_words(names: list[str], body: Body) -> Iterator[Any]:
    odd = [name for name in names if name.removesuffix("!") not in body["concepts"]]
    if odd:
        yield _("There are no words of this name: %(names)s.") % {"names": ", ".join(odd)}


def _threshold(key: str, name: Any, body: Body) -> Iterator[Any]:
    row = body.get("thresholds", {}).get(name) if isinstance(name, str) else None
    if row is None:
        yield _("There is no threshold of this name: %(name)s.") % {"name": name}
    elif (key == "amount_over") != ("amount_idr" in row):
        if key == "amount_over":
            yield _("The threshold %(name)s is no amount.") % {"name": name}
        else:
            yield _("The threshold %(name)s is no length of time.") % {"name": name}
