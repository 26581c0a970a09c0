"""What somebody typed into the search box, taken apart; pure text, nothing looked up.

refund belum masuk          all of these words
"dana belum masuk"          these words, so
-penipuan                   without this word
status:dieskalasi           a filter; tim:"Regu Akun" where its value has a space
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

LONGEST = 200
MOST_PARTS = 20

# Indonesian and English names of the filters.
FILTERS = {
    "status": "state", "state": "state",
    "dari": "from", "from": "from",
    "pesanan": "order", "order": "order",
    "tim": "team", "team": "team",
    "prioritas": "priority", "priority": "priority",
    "kanal": "channel", "channel": "channel",
    "petugas": "assignee", "assignee": "assignee",
    "label": "tag", "tag": "tag",
    "sejak": "since", "since": "since",
    "sampai": "until", "until": "until",
}  # fmt: skip
_PART = re.compile(
    r"(?P<minus>-)?(?:(?P<name>[A-Za-z]{2,12}):(?=\S))?(?:[\"“”](?P<quoted>[^\"“”]*)[\"“”]?|(?P<plain>\S+))"
)


@dataclass(frozen=True, slots=True)
class Part:
    """`filter` is '' for words. `raw` is the part as typed."""

    filter: str
    text: str
    quoted: bool
    excluded: bool
    raw: str


@dataclass(frozen=True, slots=True)
class Typed:
    """`unfinished`: the last word has no space after it, it may be the beginning of a longer one."""

    parts: tuple[Part, ...]
    unfinished: bool

    @property
    def words(self) -> list[Part]:
        return [part for part in self.parts if not part.filter and not part.excluded]

    @property
    def excluded(self) -> list[Part]:
        return [part for part in self.parts if not part.filter and part.excluded]

    @property
    def filters(self) -> list[tuple[str, list[Part]]]:
        """By name, in one list what was given for it: either of two values is meant."""
        given = sorted((part for part in self.parts if part.filter), key=lambda part: part.filter)
        return [(name, list(same)) for name, same in groupby(given, key=lambda part: part.filter)]


def take_apart(text: str) -> Typed:
    """Anything is legible: what is no filter, no phrase and no exclusion is a word."""
    parts = list(_parts(text))[:MOST_PARTS]
    last = parts[-1] if parts else None
    bare = last is not None and not (last.filter or last.quoted or last.excluded)
    return Typed(tuple(parts), unfinished=bare and not text[-1:].isspace())


def _parts(text: str) -> Iterator[Part]:
    for match in _PART.finditer(text):
        quoted, excluded = match["quoted"] is not None, bool(match["minus"])
        value = match["quoted"] if quoted else match["plain"]
        named = (match["name"] or "").lower()
        name = FILTERS.get(named, "")
        if match["name"] and not name:
            value = f"{match['name']}:{value}"
        if value.strip():
            yield Part(name, value.strip(), quoted, excluded, match[0])


def with_words_replaced(typed: Typed, instead: dict[str, str]) -> str:
    """The same search with some words spelt otherwise; `instead` maps words in lower case."""

    def spelt(part: Part) -> str:
        if part.filter or part.excluded or part.quoted:
            return part.raw
        return re.sub(r"\w+", lambda m: instead.get(m[0].lower(), m[0]), part.raw)

    return " ".join(spelt(part) for part in typed.parts)
