"""Queries of PostgreSQL's text search, put together from words and never from what somebody typed.

Every part is a finished piece of text. Only `lexeme` lets a word in, quoted.
"""

from __future__ import annotations

from collections.abc import Iterable

EVERYWHERE = ""
PEOPLE = "B"
# What a reporter may search: neither D, the internal notes, nor B, what is on record of a person.
PUBLIC = "AC"


def quoted(word: str) -> str:
    """A word as it stands in the text of a tsvector or tsquery."""
    inner = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{inner}'"


def lexeme(word: str, sections: str = EVERYWHERE, *, beginning: bool = False) -> str:
    flags = ("*" if beginning else "") + sections
    return f"{quoted(word)}:{flags}" if flags else quoted(word)


def any_of(parts: Iterable[str]) -> str:
    return _joined(parts, " | ")


def all_of(parts: Iterable[str]) -> str:
    return _joined(parts, " & ")


def none_of(part: str) -> str:
    return f"!({part})"


def phrase(words: list[str], gaps: list[int], sections: str = EVERYWHERE, *, loose: bool) -> str:
    """The words one after the other; `gaps[i]` places lie from word i to the next one.

    `loose`: one more word may stand between two of them ('uang saya kembali').
    """
    made = lexeme(words[0], sections)
    for word, gap in zip(words[1:], gaps, strict=True):
        nearest = f"{made} <{gap}> {lexeme(word, sections)}"
        made = f"({nearest} | {made} <{gap + 1}> {lexeme(word, sections)})" if loose else nearest
    return f"({made})"


def _joined(parts: Iterable[str], sign: str) -> str:
    given = list(dict.fromkeys(parts))
    return given[0] if len(given) == 1 else f"({sign.join(given)})"
