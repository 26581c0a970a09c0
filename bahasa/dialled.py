"""Numbers as people dictate them: digits, number words, letters that look like digits, in pieces.

"0812 3456 7890", "nol delapan satu dua …", "O8I2 …", "08 lima 7 tiga", "0812 … lanjut 55 6677".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bahasa.folding import Folded, fold

_WORDS = {
    "nol": "0", "enol": "0", "kosong": "0", "zero": "0", "satu": "1", "siji": "1", "dua": "2",
    "tiga": "3", "empat": "4", "lima": "5", "enam": "6", "tujuh": "7", "delapan": "8",
    "lapan": "8", "sembilan": "9", "sepuluh": "10", "sebelas": "11", "one": "1", "two": "2",
    "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_FILLERS = frozenset({
    "titik", "dot", "strip", "spasi", "lanjut", "terus", "lalu", "tengah", "belakang",
    "depan", "angka", "akhir", "kemudian", "sambung", "bertahap", "ke", "plus", "tambah",
    "dan", "abis", "itu", "terakhir", "pertama", "kedua",
})  # fmt: skip
_ATOM = re.compile(r"[^\W_]+|[^\w\s]|_|\n")
_MIXED = re.compile(r"(?:\d|" + "|".join(_WORDS) + r"|[oil])+")
_PIECE = re.compile(r"\d|" + "|".join(sorted(_WORDS, key=len, reverse=True)) + "|[oil]")
_LIKE = {"o": "0", "i": "1", "l": "1"}
_HIDDEN = re.compile(r"(08\d{0,3})[x*]{2,8}")
_MOST_BETWEEN = 4
_LONGEST_ATOM = 80
_MOST_GROUPS = 24


@dataclass(frozen=True, slots=True)
class Group:
    """Digits that stand together; `tight` when only a sign joins them to those before."""

    digits: str
    start: int
    end: int
    tight: bool


@dataclass(frozen=True, slots=True)
class Dialled:
    """`kind` is phone, phone_part (its rest is hidden) or number; `start` to `end` in the folded text."""

    kind: str
    digits: str
    start: int
    end: int


def find_dialled(text: str | Folded) -> list[Dialled]:
    """Telephone numbers, and other numbers of six digits and more, in order of place."""
    folded = fold(text) if isinstance(text, str) else text
    found: list[Dialled] = []
    for run in _runs(folded.text):
        found += _numbers(run)
    for match in _HIDDEN.finditer(folded.text):
        found.append(Dialled("phone_part", match[1], *match.span()))
    return sorted(found, key=lambda item: item.start)


def _digits_of(word: str) -> str:
    """The digits that a word stands for; empty when it stands for none."""
    if word.isdigit():
        return word
    if word in _WORDS:
        return _WORDS[word]
    if len(word) > _LONGEST_ATOM or not _MIXED.fullmatch(word):
        return ""
    pieces = _PIECE.findall(word)
    digits = sum(piece.isdigit() or piece in _WORDS for piece in pieces)
    # "soil" is a word, "o8i2" is not: as many real digits as letters that look like some.
    if digits * 2 < len(pieces) or len(pieces) < 2:
        return ""
    return "".join(_WORDS.get(piece, _LIKE.get(piece, piece)) for piece in pieces)


def _runs(text: str) -> Iterator[list[Group]]:
    run: list[Group] = []
    between, spaced = 0, False
    for match in _ATOM.finditer(text):
        word = match[0]
        digits = _digits_of(word)
        if digits:
            gap = text[run[-1].end : match.start()] if run else ""
            tight = bool(gap) and not spaced and not any(map(str.isspace, gap))
            run.append(Group(digits, match.start(), match.end(), tight))
            between, spaced = 0, False
        elif run and between < _MOST_BETWEEN and (word in _FILLERS or not word.isalnum()):
            between += 1
            spaced = spaced or word in _FILLERS
        elif run:
            yield run
            run, between, spaced = [], 0, False
    if run:
        yield run


def _numbers(run: list[Group]) -> Iterator[Dialled]:
    at = 0
    while at < len(run):
        end = 0 if run[at].tight else _end_of_phone(run, at)
        if end:
            digits = "".join(group.digits for group in run[at:end])
            yield Dialled("phone", digits, run[at].start, run[end - 1].end)
            at = end
            continue
        end = at + 1
        while end < len(run) and run[end].end - run[end - 1].end < 12 and end - at < _MOST_GROUPS:
            if not run[end].tight and _end_of_phone(run, end):
                break
            end += 1
        digits = "".join(group.digits for group in run[at:end])
        if len(digits) >= 6:
            yield Dialled("number", digits, run[at].start, run[end - 1].end)
        at = end


def _end_of_phone(run: list[Group], at: int) -> int:
    """The group after a mobile number that starts at `at`; 0 when none does."""
    digits, found = "", 0
    for index in range(at, min(len(run), at + _MOST_GROUPS)):
        digits += run[index].digits
        if len(digits) > 15:
            break
        if not ("08".startswith(digits[:2]) or "628".startswith(digits[:3])):
            return 0
        local = "0" + digits[2:] if digits.startswith("62") else digits
        follows = index + 1 < len(run) and run[index + 1].tight
        if local.startswith("08") and 10 <= len(local) <= 13 and not follows:
            found = index + 1
    return found
