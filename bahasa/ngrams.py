"""Words, word pairs, roots and letter groups of a text: the features of a linear text model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bahasa.folding import Folded
from bahasa.normalise import Token, stems

SMALLEST, LARGEST = 2, 5
# A letter group says less than a word; there are far more of them.
_WORD, _PAIR, _ROOT, _LETTERS = 1.0, 0.9, 0.5, 0.25
_SPACE = re.compile(r"\s+")
_DIGIT = re.compile(r"\d")


class Occurrence(NamedTuple):
    """A feature, how much it weighs, and where it stands in the original text."""

    name: str
    value: float
    start: int
    end: int


def words(tokens: Sequence[Token]) -> Iterator[Occurrence]:
    """Words in standard spelling, their roots and their neighbours; every number is a `#`."""
    before, began = "^", 0
    for token in tokens:
        word = "#" if token.word[0].isdigit() else token.word
        yield Occurrence(f"w:{word}", _WORD, token.start, token.end)
        yield Occurrence(f"b:{before} {word}", _PAIR, began, token.end)
        for stem in stems(word):
            if stem != word:
                yield Occurrence(f"r:{stem}", _ROOT, token.start, token.end)
        before, began = word, token.start
    if tokens:
        yield Occurrence(f"b:{before} $", _PAIR, began, tokens[-1].end)


def letters(plain: Folded) -> Iterator[Occurrence]:
    """Groups of two to five letters, across the borders of words; every digit is a `#`."""
    text, starts = plain.text, plain.starts
    kept = [0, *(i for i, sign in enumerate(text) if not _second_space(text, i, sign)), len(text)]
    shown = " " + _DIGIT.sub("#", "".join(_plain(text[i]) for i in kept[1:-1])) + " "
    size = len(starts)
    for at in range(len(shown)):
        for length in range(SMALLEST, LARGEST + 1):
            if at + length > len(shown):
                break
            first, last = kept[at], kept[at + length - 1]
            start = starts[first] if first < size else len(plain.original)
            end = starts[last] + 1 if last < size else len(plain.original)
            yield Occurrence("c:" + shown[at : at + length], _LETTERS, start, end)


def _plain(sign: str) -> str:
    return " " if sign.isspace() else sign


def _second_space(text: str, index: int, sign: str) -> bool:
    return sign.isspace() and index > 0 and text[index - 1].isspace()
