"""Finds phrases in tokens, in time linear in the number of tokens.

A pattern is a row of elements between spaces:

    balas       this word, in standard spelling
    ~balas      any form of the root: dibalas, membalas, balasan
    balas*      any word that starts so
    a|~b|c*     one of several
    <penjual>   one of a named list of words
    #           a written number
    kata?       may be missing
    ..  ..6     up to three, or six, words in between
A match stays inside one sentence.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bahasa.normalise import Token, stems

_ELEMENT = re.compile(r"(?:\.\.\d{0,2}|(?:[^\s|?]+(?:\|[^\s|?]+)*)\??)$")
_DEFAULT_GAP = 3
_MOST_MATCHES = 24
_CACHE_SIZE = 100_000


class PatternError(ValueError):
    """A pattern cannot be read; the message quotes it."""


class Match(NamedTuple):
    """Tokens first to last (excluded) match the concept."""

    concept: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Step:
    word_class: int  # -1: a gap
    gap: int
    optional: bool


@dataclass(frozen=True, slots=True)
class _Pattern:
    concept: int
    steps: tuple[_Step, ...]
    required: frozenset[int]


class _Start(NamedTuple):
    """What may begin at a word, each with its rank: patterns that need no other word, and those
    that need another, by a class of words that they cannot do without."""

    alone: tuple[tuple[int, _Pattern], ...]
    needing: dict[int, list[tuple[int, _Pattern]]]


class PhraseBook:
    """Concepts, each a list of patterns, compiled to be found together in one pass."""

    def __init__(
        self,
        concepts: Mapping[str, Iterable[str]],
        lists: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        self._lists = {name: list(words) for name, words in (lists or {}).items()}
        self._names = list(concepts)
        self._classes: dict[frozenset[str], int] = {}
        self._exact: defaultdict[str, set[int]] = defaultdict(set)
        self._roots: defaultdict[str, set[int]] = defaultdict(set)
        self._starts: defaultdict[str, set[int]] = defaultdict(set)
        self._numbers: set[int] = set()
        self._by_first: defaultdict[int, list[_Pattern]] = defaultdict(list)
        self._sizes: list[int] = []
        self._starting: dict[tuple[int, ...], _Start] = {}
        self._cache: dict[str, tuple[frozenset[int], _Start]] = {}
        for index, name in enumerate(self._names):
            for written in concepts[name]:
                for pattern in self._compile(written, index):
                    self._by_first[pattern.steps[0].word_class].append(pattern)

    def _compile(self, written: str, concept: int) -> Iterable[_Pattern]:
        steps: list[_Step] = []
        for element in written.split():
            if not _ELEMENT.match(element):
                raise PatternError(f"cannot read {element!r} in pattern {written!r}")
            if element.startswith(".."):
                steps.append(_Step(-1, int(element[2:] or _DEFAULT_GAP), False))
                continue
            optional = element.endswith("?")
            steps.append(_Step(self._class_of(element.removesuffix("?"), written), 0, optional))
        while steps and steps[0].optional:
            yield self._pattern(concept, steps[:1], written, steps[1:])
            steps = steps[1:]
        yield self._pattern(concept, [], written, steps)

    def _pattern(
        self, concept: int, head: list[_Step], written: str, rest: list[_Step]
    ) -> _Pattern:
        steps = [_Step(step.word_class, step.gap, False) for step in head] + rest
        if not steps or steps[0].word_class < 0 or steps[-1].word_class < 0:
            raise PatternError(f"pattern {written!r} must start and end with a word")
        required = frozenset(s.word_class for s in steps if s.word_class >= 0 and not s.optional)
        return _Pattern(concept, tuple(steps), required)

    def _class_of(self, element: str, written: str) -> int:
        """The number of a class of words; equal alternatives share one."""
        words: set[str] = set()
        for part in element.split("|"):
            if part.startswith("<") and part.endswith(">"):
                if part[1:-1] not in self._lists:
                    raise PatternError(f"no list {part} (in pattern {written!r})")
                words.update(self._lists[part[1:-1]])
            else:
                words.add(part)
        key = frozenset(words)
        if key not in self._classes:
            number = self._classes[key] = len(self._classes)
            self._sizes.append(len(key))
            for word in words:
                self._enter(word, number)
        return self._classes[key]

    def _enter(self, word: str, number: int) -> None:
        if word == "#":
            self._numbers.add(number)
        elif word.startswith("~"):
            self._roots[word[1:]].add(number)
        elif word.endswith("*"):
            self._starts[word[:-1]].add(number)
        else:
            self._exact[word].add(number)

    def _classes_of_word(self, word: str) -> tuple[frozenset[int], _Start]:
        """All classes of the word, and what may begin there."""
        found = set(self._exact.get(word, ()))
        if word[0].isdigit():
            found |= self._numbers
        else:
            for stem in stems(word):
                found |= self._roots.get(stem, set())
            for size in range(2, min(len(word), 20) + 1):
                found |= self._starts.get(word[:size], set())
            for ending in ("nya", "lah", "kah", "pun", "ku"):
                if word.endswith(ending):
                    found |= self._exact.get(word.removesuffix(ending), set())
        starting = tuple(each for each in found if each in self._by_first)
        known = frozenset(found), self._start_of(starting)
        if len(self._cache) < _CACHE_SIZE:
            self._cache[word] = known
        return known

    def _start_of(self, starting: tuple[int, ...]) -> _Start:
        known = self._starting.get(starting)
        if known is None:
            alone: list[tuple[int, _Pattern]] = []
            needing: dict[int, list[tuple[int, _Pattern]]] = {}
            ranked = enumerate(each for number in starting for each in self._by_first[number])
            for rank, pattern in ranked:
                others = pattern.required - {pattern.steps[0].word_class}
                if others:
                    rarest = min(others, key=lambda number: (self._sizes[number], number))
                    needing.setdefault(rarest, []).append((rank, pattern))
                else:
                    alone.append((rank, pattern))
            known = self._starting[starting] = _Start(tuple(alone), needing)
        return known

    def find(self, tokens: Sequence[Token]) -> dict[str, list[Match]]:
        """The first matches of each concept that occurs, in order of place."""
        cached = self._cache.get
        known = [cached(token.word) or self._classes_of_word(token.word) for token in tokens]
        classes = [of_word for of_word, _ in known]
        present: set[int] = set()
        present.update(*classes)
        found: dict[str, list[Match]] = {}
        names = self._names
        for at, (_, start) in enumerate(known):
            alone, needing = start
            usable = list(alone)
            if needing:
                for other in needing.keys() & present:
                    usable += [each for each in needing[other] if each[1].required <= present]
                usable.sort()
            for _rank, pattern in usable:
                name = names[pattern.concept]
                matches = found.get(name, [])
                if len(matches) >= _MOST_MATCHES:
                    continue
                end = _match(pattern.steps, 1, tokens, classes, at + 1, tokens[at].sentence)
                if end:
                    found.setdefault(name, matches).append(Match(name, at, end))
        return found


def _match(
    steps: tuple[_Step, ...],
    step: int,
    tokens: Sequence[Token],
    classes: Sequence[frozenset[int]],
    at: int,
    sentence: int,
) -> int:
    """Where the steps from `step` on end when tried at token `at`; 0 when they do not fit."""
    if step == len(steps):
        return at
    this = steps[step]
    if this.word_class < 0:
        for skipped in range(this.gap + 1):
            end = _match(steps, step + 1, tokens, classes, at + skipped, sentence)
            if end:
                return end
        return 0
    if at < len(tokens) and tokens[at].sentence == sentence and this.word_class in classes[at]:
        end = _match(steps, step + 1, tokens, classes, at + 1, sentence)
        if end:
            return end
    return _match(steps, step + 1, tokens, classes, at, sentence) if this.optional else 0
