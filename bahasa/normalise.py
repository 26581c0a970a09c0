"""Tokens of a text in standard spelling, each with its place in the text as written."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from bahasa.folding import Folded, fold

_TOKEN = re.compile(
    r"(?P<joined>[a-z]-[a-z]{2,})|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)?2?(?:nya)?)(?![\w])"
    r"|(?P<piece>[^\W\d_]+)|(?P<number>\d+(?:[.,]\d+)*)|(?P<stop>[.!?\n;]+)|(?P<comma>[,:()\"“”])"
)
_SHORT_FORMS = frozenset(
    [
        "yth",
        "no",
        "nomor",
        "nmr",
        "rp",
        "tgl",
        "jl",
        "dr",
        "sdr",
        "bpk",
        "pt",
        "cv",
        "dll",
        "dsb",
        "hlm",
        "kec",
        "kab",
        "kel",
        "pkl",
    ]
)
# Each opens a new clause: what is denied before them is not denied after them.
_CLAUSE_OPENERS = frozenset(
    [
        "tapi",
        "padahal",
        "namun",
        "melainkan",
        "cuma",
        "sedangkan",
        "sementara",
        "walaupun",
        "karena",
        "lalu",
        "terus",
        "eh",
        "ternyata",
        "malah",
        "makanya",
        "sehingga",
        "jadi",
        "but",
    ]
)


class Token(NamedTuple):
    """A word in standard spelling (numbers as written); sentence and clause count from 0."""

    word: str
    start: int
    end: int
    sentence: int
    clause: int


def _read_spelling() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    text = files("bahasa").joinpath("data/spelling.txt").read_text("utf-8")
    for line in text.splitlines():
        standard, separator, variants = line.partition(":")
        if separator and not line.startswith("#"):
            for variant in variants.split():
                table.setdefault(variant, tuple(standard.split()))
    return table


_SPELLING = _read_spelling()
# Longer "words" are noise; cut, they cannot fill the caches.
_LONGEST_WORD = 40
_ENDINGS = ("nya", "lah", "kah", "pun", "ku", "mu")
_LONG_VOWEL = re.compile(r"([a-z])\1{2,}")


@lru_cache(maxsize=50_000)
def standard_words(word: str) -> tuple[str, ...]:
    """Standard spelling of one folded word: `gak` -> tidak, `sellernya` -> penjual."""
    if word in _SPELLING:
        return _SPELLING[word]
    shortened = _LONG_VOWEL.sub(r"\1", word)
    if shortened != word:
        return standard_words(shortened)
    if word.endswith(("2", "2nya")):
        return standard_words(word.partition("2")[0])
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and stem in _SPELLING:
            return _SPELLING[stem]
    return (word,)


def tokenise(text: str | Folded, *, after: Token | None = None) -> list[Token]:
    """Tokens in standard spelling. A doubled word ("masuk2") is one token, without its 2.

    Sentences and clauses are counted on from the token `after`, the last of an earlier text.
    """
    folded = fold(text) if isinstance(text, str) else text
    tokens: list[Token] = []
    sentence, clause = (after.sentence + 1, after.clause + 1) if after else (0, 0)
    span = folded.span
    for match in _TOKEN.finditer(folded.text):
        kind, raw = match.lastgroup, match[0][:_LONGEST_WORD]
        if kind == "stop":
            if not _ends_sentence(raw, tokens):
                continue
            sentence, clause = sentence + 1, clause + 1
            continue
        if kind == "comma":
            clause += 1
            continue
        words = (raw,) if kind == "number" else standard_words(raw.replace("-", ""))
        if words[0] in _CLAUSE_OPENERS:
            clause += 1
        start, end = span(*match.span())
        tokens += [Token(word, start, end, sentence, clause) for word in words]
    return tokens


def _ends_sentence(sign: str, tokens: list[Token]) -> bool:
    """A full stop after a short form ("no.", "Yth.") ends nothing."""
    return sign != "." or not tokens or tokens[-1].word not in _SHORT_FORMS


@lru_cache(maxsize=50_000)
def stems(word: str) -> frozenset[str]:
    """The word and every plausible root: `dibales` -> balas, `ngirim` -> kirim, `menipu` -> tipu.

    Candidates, not one answer: a caller asks whether a root it knows is among them.
    """
    found = {word}
    for base in _without_ending(word):
        found.add(base)
        found.update(_without_prefix(base))
    found |= {standard for stem in list(found) for standard in _SPELLING.get(stem, ())[:1]}
    for stem in list(found):
        if stem != word and len(stem) > 4:
            found.update(_without_ending(stem))
    return frozenset(stem for stem in found if len(stem) >= 3 or stem == word)


def _without_ending(word: str) -> set[str]:
    found = {word}
    for ending in ("nya", "lah", "kah", "pun", "ku", "mu"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            found.add(word[: -len(ending)])
    for base in tuple(found):
        for ending in ("kan", "in", "an", "i", "en"):
            if base.endswith(ending) and len(base) > len(ending) + 2:
                found.add(base[: -len(ending)])
    return found


_PREFIXES = ("di", "ke", "ter", "ber", "be", "se", "me", "pe", "per", "memper", "diper", "nge", "ku", "kau",
             "keter", "keber", "menge", "penge", "pem", "peng", "pen", "n", "m")  # fmt: skip
# Nasal prefixes swallow the first letter of the root: ngirim <- kirim, nipu <- tipu.
_NASAL = (
    ("meng", "k"), ("meng", ""), ("meny", "s"), ("men", "t"), ("men", ""), ("mem", "p"), ("mem", ""),
    ("peng", "k"), ("peng", ""), ("peny", "s"), ("pen", "t"), ("pen", ""), ("pem", "p"), ("pem", ""),
    ("ng", "k"), ("ng", ""), ("ny", "s"), ("ny", "c"), ("n", "t"), ("m", "p"),
)  # fmt: skip


def _without_prefix(word: str) -> set[str]:
    found = set()
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) > len(prefix) + 2:
            found.add(word[len(prefix) :])
    for prefix, letter in _NASAL:
        if word.startswith(prefix) and len(word) > len(prefix) + 2:
            found.add(letter + word[len(prefix) :])
    return found
