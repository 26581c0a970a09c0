"""An answer and what is on record: the same or not, forgiving how it is written and saying what was
forgiven. Pure: neither the answer nor the record goes further than here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.common.contact import normalise_phone
from helpdesk.common.errors import InvalidInput


class Result(models.TextChoices):
    MATCHED = "matched", _("matches")
    DIFFERS = "differs", _("does not match")
    UNKNOWN = "not_comparable", _("cannot be compared")


class Forgiven(models.TextChoices):
    SPACING = "spacing", _("spacing")
    CASE = "case", _("upper and lower case")
    SIGNS = "signs", _("signs and accents")
    TITLES = "titles", _("titles")
    ORDER = "order", _("order of the words")
    PHONE_FORM = "phone_form", _("form of the number")


@dataclass(frozen=True)
class Comparison:
    """`forgiven`: what the two differ in that was let pass, only where they match."""

    result: Result
    forgiven: tuple[Forgiven, ...] = ()


UNKNOWN = Comparison(Result.UNKNOWN)
DIFFERS = Comparison(Result.DIFFERS)
TITLES = frozenset(
    (
        *("h", "hj", "haji", "hajah", "bapak", "bpk", "pak", "ibu", "bu", "sdr", "sdri"),
        *("dr", "dra", "drs", "ir", "prof", "se", "sh", "st", "mm", "skom", "spd", "ssos", "amd"),
    )
)
Fold = tuple[Forgiven, Callable[[str], str]]


def compare(kind: str, answer: str, stored: Iterable[str]) -> Comparison:
    """`stored`: every value that is right; none at all cannot be compared."""
    right = [value for value in stored if value]
    if not right:
        return UNKNOWN
    found = [
        each for value in right if (each := KINDS[kind](answer, value)).result != DIFFERS.result
    ]
    return min(found, key=lambda each: len(each.forgiven), default=DIFFERS)


def _folded(folds: tuple[Fold, ...]) -> Callable[[str, str], Comparison]:
    def judge(answer: str, value: str) -> Comparison:
        return next(_steps(answer, value, folds), DIFFERS)

    return judge


def _steps(answer: str, value: str, folds: tuple[Fold, ...]) -> Iterator[Comparison]:
    """One forgiveness after the other, until they are the same."""
    mine, theirs = _composed(answer), _composed(value)
    forgiven: list[Forgiven] = []
    if mine == theirs:
        yield Comparison(Result.MATCHED)
    for name, fold in folds:
        before = mine, theirs
        mine, theirs = fold(mine), fold(theirs)
        if (mine, theirs) != before:
            forgiven.append(name)
        if mine and mine == theirs:
            yield Comparison(Result.MATCHED, tuple(forgiven))


def _composed(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _joined(text: str) -> str:
    return "".join(text.split())


def _plain(text: str) -> str:
    """Letters, digits and single spaces: an accent is dropped, S.E. is SE, a hyphen parts two words."""
    letters = (
        each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each)
    )
    joined = re.sub(r"[.'’`]", "", "".join(letters))
    return _spaced(re.sub(r"[^\w]|_", " ", joined))


def _untitled(text: str) -> str:
    return " ".join(word for word in text.split() if word not in TITLES)


def _sorted(text: str) -> str:
    return " ".join(sorted(text.split()))


def _phone(answer: str, value: str) -> Comparison:
    try:
        same = normalise_phone(_composed(answer)) == normalise_phone(value)
    except InvalidInput:
        same = False
    if not same:
        return DIFFERS
    return Comparison(Result.MATCHED, () if answer.strip() == value else (Forgiven.PHONE_FORM,))


_NAME = _folded(
    (
        (Forgiven.SPACING, _spaced),
        (Forgiven.CASE, str.casefold),
        (Forgiven.SIGNS, _plain),
        (Forgiven.TITLES, _untitled),
        (Forgiven.ORDER, _sorted),
    )
)
_CODE = _folded(
    (
        (Forgiven.SPACING, _joined),
        (Forgiven.CASE, str.casefold),
        (Forgiven.SIGNS, lambda text: _joined(_plain(text))),
    )
)


def _code_or_name(answer: str, value: str) -> Comparison:
    """Of somebody else in the network people know one or the other."""
    found = [each for judge in (_CODE, _NAME) if (each := judge(answer, value)) != DIFFERS]
    return min(found, key=lambda each: len(each.forgiven), default=DIFFERS)


# What each is compared with is told by `record.facts_of`.
KINDS: dict[str, Callable[[str, str], Comparison]] = {
    "name": _NAME,
    "agent_id": _CODE,
    "phone": _phone,
    "upline": _code_or_name,
    "downline": _code_or_name,
}
