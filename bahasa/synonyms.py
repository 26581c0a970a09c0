"""Groups of words and phrases that mean the same; compared by their stems."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bahasa.search_words import stems_of, words_of

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Words `first` to `last` (excluded) of what was asked may as well be any of `phrases`."""

    first: int
    last: int
    phrases: tuple[Phrase, ...]


class Synonyms:
    def __init__(self, groups: Iterable[Iterable[str]]) -> None:
        # As written, not by their stems: what somebody who mistyped may have meant.
        self.vocabulary: set[str] = set()
        self._groups: list[tuple[Phrase, ...]] = []
        self._by_first: defaultdict[str, list[tuple[Phrase, int]]] = defaultdict(list)
        for number, written in enumerate(groups):
            group = list(written)
            self.vocabulary.update(word.written for text in group for word in words_of(text))
            phrases = tuple(dict.fromkeys(filter(None, map(phrase_of, group))))
            self._groups.append(phrases)
            for phrase in phrases:
                self._by_first[phrase[0]].append((phrase, number))
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def find(self, stems: Sequence[str]) -> list[Alternatives]:
        """From left to right, the longest phrase first; a word in two groups means either."""
        found: list[Alternatives] = []
        at = 0
        while at < len(stems):
            here = [
                (phrase, number)
                for phrase, number in self._by_first.get(stems[at], ())
                if tuple(stems[at : at + len(phrase)]) == phrase
            ]
            if not here:
                at += 1
                continue
            longest = len(here[0][0])
            groups = [number for phrase, number in here if len(phrase) == longest]
            phrases = dict.fromkeys(phrase for number in groups for phrase in self._groups[number])
            found.append(Alternatives(at, at + longest, tuple(phrases)))
            at += longest
        return found


def phrase_of(text: str) -> Phrase:
    """The stems of a phrase, without the words that stand everywhere."""
    return tuple(stem for word in words_of(text) for stem in stems_of(word.written))
