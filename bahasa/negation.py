"""What a text denies, supposes, reports as over, or tells of somebody else.

Each scope is a set of token positions. The words and their reach are data (`data/scopes.json`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from bahasa.normalise import Token
from bahasa.phrases import Match, PhraseBook


def _read() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(
        files("bahasa").joinpath("data/scopes.json").read_text("utf-8")
    )
    return data


_DATA = _read()
_NEGATORS: Mapping[str, int] = _DATA["negators"]
_PASSED_OVER = frozenset(_DATA["passed_over"])
_NOT_DENIALS = frozenset(_DATA["not_denials"])
_SUPPOSITIONS: Mapping[str, int] = _DATA["suppositions"]
_ACCUSATIONS: Mapping[str, int] = _DATA["accusations"]
_BOOK = PhraseBook(_DATA["phrases"], _DATA["lists"])
# Somebody else's story opens with them: "Teman saya pernah ...".
_OPENING = 4


@dataclass(frozen=True, slots=True)
class Scopes:
    """Token positions that are denied, supposed, over and solved, or about somebody else.

    `negated` and `adjacent` (denied at once) map a position to that of the denying word.
    """

    negated: Mapping[int, int]
    adjacent: Mapping[int, int]
    supposed: frozenset[int]
    accused: frozenset[int]
    resolved: frozenset[int]
    other: frozenset[int]

    @property
    def plain(self) -> bool:
        """Whether every word counts."""
        return not (self.negated or self.supposed or self.accused or self.resolved or self.other)

    def status(self, match: Match) -> str:
        """`live`, or why the words do not count: negated, supposed, accused, resolved, other."""
        # A denial inside the phrase ("penjual tidak balas") is part of what it says.
        if self.negated.get(match.last - 1, match.first) < match.first:
            return "negated"
        if self.adjacent.get(match.first, match.first) < match.first:
            return "negated"
        for name in ("supposed", "accused", "resolved", "other"):
            if match.last - 1 in getattr(self, name):
                return name
        return "live"

    def status_at(self, position: int) -> str:
        """The status of one word."""
        if position in self.negated:
            return "negated"
        for name in ("supposed", "accused", "resolved", "other"):
            if position in getattr(self, name):
                return name
        return "live"


def find_scopes(tokens: Sequence[Token], *, first_of_body: int = 0) -> Scopes:
    """Scopes over the tokens of a text; tokens before `first_of_body` are its heading.

    A heading is taken as told by the body: what the body reports as over is over there too.
    """
    negated, adjacent = _negated(tokens)
    found = _BOOK.find(tokens)
    resolved = _resolved(tokens, found, first_of_body)
    return Scopes(
        negated=negated,
        adjacent=adjacent,
        supposed=_reach(tokens, _SUPPOSITIONS),
        accused=_reach(tokens, _ACCUSATIONS),
        resolved=resolved,
        other=_others(tokens, found, first_of_body),
    )


def _negated(tokens: Sequence[Token]) -> tuple[dict[int, int], dict[int, int]]:
    negated: dict[int, int] = {}
    adjacent: dict[int, int] = {}
    for index, token in enumerate(tokens):
        reach = _NEGATORS.get(token.word)
        if reach is None:
            continue
        counted = 0
        for at in range(index + 1, min(index + 9, len(tokens))):
            word = tokens[at].word
            if tokens[at].clause != token.clause or (at == index + 1 and word in _NOT_DENIALS):
                break
            if word in _PASSED_OVER:
                continue
            counted += 1
            if counted > reach:
                break
            negated.setdefault(at, index)
            if counted == 1:
                adjacent.setdefault(at, index)
    return negated, adjacent


def _reach(tokens: Sequence[Token], words: Mapping[str, int]) -> frozenset[int]:
    """Positions after one of the words, to the end of the sentence or of its reach."""
    covered: set[int] = set()
    for index, token in enumerate(tokens):
        reach = words.get(token.word, 0)
        for at in range(index + 1, min(index + 1 + reach, len(tokens))):
            if tokens[at].sentence != token.sentence:
                break
            # A weak "kalau" ends with its clause, a "misal" colours the whole sentence.
            if reach < 10 and tokens[at].clause != token.clause:
                break
            covered.add(at)
    return frozenset(covered)


def _sentences(matches: Sequence[Match], tokens: Sequence[Token]) -> set[int]:
    return {tokens[match.first].sentence for match in matches}


def _resolved(
    tokens: Sequence[Token], found: Mapping[str, list[Match]], first_of_body: int
) -> frozenset[int]:
    solved = _sentences(found.get("solved", ()), tokens)
    if not solved or found.get("still"):
        return frozenset()
    past = _sentences(found.get("past", ()), tokens)
    # Solved, and told as past somewhere, or solved already in the heading.
    over = {s for s in solved if past or _is_heading(s, tokens, first_of_body)}
    if not over:
        return frozenset()
    heading = {token.sentence for token in tokens[:first_of_body]}
    covered = over | heading | {sentence - 1 for sentence in over if sentence - 1 in past}
    return frozenset(i for i, token in enumerate(tokens) if token.sentence in covered)


def _is_heading(sentence: int, tokens: Sequence[Token], first_of_body: int) -> bool:
    return bool(first_of_body) and sentence <= tokens[first_of_body - 1].sentence


def _others(
    tokens: Sequence[Token], found: Mapping[str, list[Match]], first_of_body: int
) -> frozenset[int]:
    people = found.get("other_person", ())
    if not people or found.get("asking_help"):
        return frozenset()
    firsts: dict[int, int] = {}
    for index, token in enumerate(tokens):
        firsts.setdefault(token.sentence, index)
    told = {
        tokens[match.first].sentence
        for match in people
        if match.first - firsts[tokens[match.first].sentence] < _OPENING
    }
    if any(match.first < first_of_body for match in people):
        told |= {token.sentence for token in tokens[:first_of_body]}
    return frozenset(i for i, token in enumerate(tokens) if token.sentence in told)
