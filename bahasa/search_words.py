"""The words of a text as a search index holds them: as written, in standard spelling, and their stem.

Stems are Sastrawi's (Nazief-Adriani), kept by word: `pengembalian`, `dikembalikan` -> kembali. What
is written without spaces and holds a digit or an @ (an order number, an amount, an address) is also
one word of its own: `INV/2026/XPL/42` -> inv2026xpl42.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

from bahasa.folding import Folded, fold
from bahasa.normalise import standard_words

LONGEST = 40
SHORTEST_STEMMED = 4
_RUN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?(?:[/._@+:#-]{1,2}[^\W_]+)*")
_PIECE = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[a-z]+")
_DOUBLED = re.compile(r"[^\W\d_]+2(?:nya)?")


@dataclass(frozen=True, slots=True)
class Word:
    """`lexemes`: as written first, the stem last. `place` counts every word of the text from 1,
    also those left out; start and end are its place in the text as written."""

    lexemes: tuple[str, ...]
    place: int
    start: int
    end: int

    @property
    def written(self) -> str:
        return self.lexemes[0]


def words_of(text: str | Folded) -> list[Word]:
    """The words worth finding, in order. A run such as an e-mail address is told first as a whole,
    at the place of its first piece."""
    folded = fold(text) if isinstance(text, str) else text
    return [
        Word(lexemes, place, *folded.span(start, end))
        for place, lexemes, start, end in places_in(folded.text)
    ]


def places_in(text: str) -> Iterator[tuple[int, tuple[str, ...], int, int]]:
    """Place, lexemes, start and end of each word of a folded text."""
    place = 0
    for run in _RUN.finditer(text):
        written = run[0]
        if written.isalnum():
            place += 1
            if lexemes := lexemes_of(written[:LONGEST]):
                yield place, lexemes, run.start(), run.end()
            continue
        if whole := whole_of(written):
            yield place + 1, (whole,), run.start(), run.end()
        for piece in _PIECE.finditer(text, run.start(), run.end()):
            place += 1
            if lexemes := lexemes_of(piece[0][:LONGEST]):
                yield place, lexemes, piece.start(), piece.end()


def whole_of(run: str) -> str:
    """One word for a run of pieces: an address as it is, a number without its signs; else ''."""
    if "@" in run:
        return run[: 2 * LONGEST]
    if any(char.isdigit() for char in run):
        return "".join(_PIECE.findall(run))[:LONGEST]
    return ""


@lru_cache(maxsize=200_000)
def lexemes_of(word: str) -> tuple[str, ...]:
    """Of one folded word; nothing for a single letter and for words that stand everywhere."""
    if len(word) == 1 and not word.isdigit():
        return ()
    standard = _standard(word)
    stems = stems_of(word)
    return tuple(dict.fromkeys([word, *standard, *stems])) if stems else ()


def stems_of(word: str) -> tuple[str, ...]:
    """The roots that one folded word is searched by: `gabisa` -> tidak, bisa; nothing for 'yang'."""
    roots = [stem(each) for each in _standard(word) if each not in stop_words()]
    return tuple(dict.fromkeys(roots))


def _standard(word: str) -> tuple[str, ...]:
    if any(char.isdigit() for char in word) and not _DOUBLED.fullmatch(word):
        return (word,)
    return standard_words(word)


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The root of one folded word; of anything but plain letters the word itself."""
    if len(word) < SHORTEST_STEMMED or not _LETTERS.fullmatch(word):
        return word
    root = str(_stemmer().stem_word(word))
    if root == word and word.endswith("in") and len(word) > SHORTEST_STEMMED + 1:
        # As people write it: 'dibalikin' is 'dibalikkan'; where there is no such word, none is made.
        formal = f"{word[:-2]}kan"
        root = str(_stemmer().stem_word(formal))
        return word if root == formal else root
    return root


@cache
def stop_words() -> frozenset[str]:
    lines = files("bahasa").joinpath("data/search_stop.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def _stemmer() -> Any:
    # The factory's own cache has no bound; ours has.
    return StemmerFactory().create_stemmer().delegatedStemmer
