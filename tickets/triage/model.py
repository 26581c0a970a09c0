"""The learned reader: scores each label for a complaint, and says which words spoke for it.

A linear model in one file of numbers (`numpy`'s .npz, nothing that could run). `training.py` writes
it. A label is a category, or "category/variant" where the rule set tells variants apart.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tickets.triage.decision import Evidence
from tickets.triage.features import SIGHT, Name, facts_of, letters_of, meanings_in, written_words
from tickets.triage.reading import Reading

FOLDER = Path(__file__).with_name("models")
# Each a vector of length one, so that a long story weighs as much as a short one; facts count as
# they are, each by its block's value.
LETTERS, MEANINGS, SEEN, MANNER = "l", "m", "s", "w"
VALUES = {SEEN: 0.1, MANNER: 0.25}
_CACHED = 60_000
_MOST_QUOTES = 4

Fired = Sequence[tuple[str, str]]
Floats = NDArray[np.float32]
Rows = NDArray[np.intp]
NO_ROWS: Rows = np.array([], np.intp)


class ModelError(ValueError):
    """The model cannot be read; the message says why."""


def key_of(block: str, name: str) -> int:
    return crc32(f"{block}:{name}".encode("utf-8", "replace"))


@dataclass(frozen=True, slots=True)
class Seen:
    """A complaint as a model knows it, by the rows of its weights.

    `words`: field, start and end in its folded text. `letters`: the rows of all words, one after
    the other, `counts` of each. `meanings`: row, first and last token.
    """

    words: list[tuple[str, int, int]]
    letters: Rows
    counts: list[int]
    meanings: list[tuple[int, int, int]]
    facts: list[int]

    @property
    def readable(self) -> bool:
        """Whether the model knows any of its words."""
        return bool(self.meanings) or bool(len(self.letters))


class Model:
    """A model as it is in its file. Build it once and share it.

    Each row of the weights is a name, each column a label; the last column is urgency.
    """

    def __init__(self, about: dict[str, Any], arrays: dict[str, Any]) -> None:
        self.about = about
        self.labels: tuple[str, ...] = tuple(about["labels"])
        self._bias: Floats = arrays["bias"].astype(np.float32)
        self._rarity: Floats = arrays["rarity"].astype(np.float32) ** 2
        scale = arrays["scale"].astype(np.float32)
        self._weights: Floats = arrays["weights"].astype(np.float32) * scale[:, None]
        # By label, so that the weights of two labels are not gathered among those of all.
        self._spoken: Floats = np.ascontiguousarray(self._weights.T)
        self._row = {int(key): row for row, key in enumerate(arrays["keys"])}
        self._letters: dict[str, Rows] = {}
        self._meanings: dict[Name, int] = {}
        self._row_of = lru_cache(maxsize=_CACHED)(self._find)

    @classmethod
    def load(cls, path: Path) -> Model:
        """Raises `ModelError`."""
        try:
            with np.load(path, allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
            about = json.loads(arrays.pop("about").tobytes())
            model = cls(about, arrays)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"cannot read the model {path.name}: {error!r}") from error
        if about.get("sight") != SIGHT:
            raise ModelError(f"the model {path.name} was learnt by another sight: train it anew")
        return model

    def see(self, reading: Reading, fired: Fired) -> Seen:
        """What the model knows of the complaint; `fired` as (rule, category)."""
        words, rows = [], [NO_ROWS]
        for name, text in reading.folded.items():
            for word, start, end in written_words(text):
                words.append((name, start, end))
                rows.append(self._letter_rows(word))
        known = self._meanings
        meanings = []
        for meaning, first, last in meanings_in(reading):
            row = known.get(meaning)
            if row is None:
                row = self._meaning_row(meaning)
            if row >= 0:
                meanings.append((row, first, last))
        seen, manner = facts_of(reading, fired)
        row_of = self._row_of
        facts = [row_of(SEEN, name) for name in seen] + [row_of(MANNER, name) for name in manner]
        letters = np.concatenate(rows)
        counts = [len(each) for each in rows[1:]]
        return Seen(words, letters, counts, meanings, [row for row in facts if row >= 0])

    def totals(self, seen: Seen) -> Floats:
        """How much speaks for each label, and last how much for an urgent case of any kind."""
        total: Floats = self._bias + self._weights[seen.facts].sum(0)
        for found in (seen.letters, np.array([row for row, _, _ in seen.meanings], np.intp)):
            if len(found):
                once = np.unique(found)
                total += self._weights.take(once, 0).sum(0) / self._length(once)
        total *= self.about["steepness"]
        return total

    def _length(self, rows: Rows) -> float:
        return math.sqrt(self._rarity.take(rows).sum())

    def _letter_rows(self, word: str) -> Rows:
        known = self._letters.get(word)
        if known is None:
            keys = (key_of(LETTERS, run) for run in letters_of(word))
            known = np.array([row for key in keys if (row := self._row.get(key, -1)) >= 0], np.intp)
            if len(self._letters) < _CACHED:
                self._letters[word] = known
        return known

    def _find(self, block: str, name: str) -> int:
        return self._row.get(key_of(block, name), -1)

    def _meaning_row(self, name: Name) -> int:
        row = self._find(MEANINGS, spelt(name))
        if len(self._meanings) < 4 * _CACHED:
            self._meanings[name] = row
        return row

    def spoke_for(
        self, reading: Reading, seen: Seen, labels: Sequence[int]
    ) -> list[tuple[Evidence, ...]]:
        """For each label the words that speak most for it, in the order of the text."""
        place = np.repeat(np.arange(len(seen.words)), seen.counts)
        table = np.array(seen.meanings, np.intp).reshape(-1, 3)
        of_meaning = table[:, 0]
        word_of = np.array(_word_of_token(reading, seen), np.intp)
        at = np.concatenate([place, word_of[table[:, 1]], word_of[table[:, 2]]])
        of_letters = max(self._length(seen.letters), 1.0)
        of_meanings = max(2 * self._length(of_meaning), 1.0)
        quoted = []
        for label in labels:
            weights = self._spoken[label]
            meanings = weights.take(of_meaning) / of_meanings
            spoken = np.concatenate([weights.take(seen.letters) / of_letters, meanings, meanings])
            quoted.append(_quotes(reading, seen, np.bincount(at, spoken, len(seen.words))))
        return quoted


def _word_of_token(reading: Reading, seen: Seen) -> list[int]:
    """For each token the number of the word between spaces that it stands in."""
    words, numbers, at = seen.words, [], 0
    starts = {name: text.starts for name, text in reading.folded.items()}
    for number, token in enumerate(reading.tokens):
        field = "subject" if number < reading.body_from else "body"
        while at < len(words) - 1:
            name, _, end = words[at]
            if name == field and starts[name][end - 1] >= token.start:
                break
            at += 1
        numbers.append(at)
    return numbers


def _quotes(reading: Reading, seen: Seen, weight: Any) -> tuple[Evidence, ...]:
    """The weightiest words, those that stand side by side as one quotation."""
    best = np.argsort(-weight, kind="stable")[:_MOST_QUOTES]
    joined: list[tuple[str, int, int]] = []
    last = -2
    for at in sorted(int(at) for at in best if weight[at] > 0):
        field, start, end = seen.words[at]
        if joined and last == at - 1 and joined[-1][0] == field:
            joined[-1] = (field, joined[-1][1], end)
        else:
            joined.append((field, start, end))
        last = at
    quoted = []
    for field, start, end in joined:
        first, after = reading.folded[field].span(start, end)
        text = reading.complaint.subject if field == "subject" else reading.complaint.body
        quoted.append(Evidence(field, text[first:after], first, after))
    return tuple(quoted)


def spelt(name: Name) -> str:
    return name if isinstance(name, str) else " ".join(name)


@lru_cache(maxsize=4)
def model_named(name: str) -> Model:
    """The model of that name in `models/`. Raises `ModelError`."""
    if not name.replace("-", "").isalnum():
        raise ModelError(f"no name of a model: {name!r}")
    return Model.load(FOLDER / f"{name}.npz")


def save(path: Path, about: dict[str, Any], arrays: dict[str, Any]) -> None:
    """The same numbers give the same bytes."""
    written = json.dumps(about, sort_keys=True).encode()
    np.savez_compressed(path, about=np.frombuffer(written, np.uint8), **arrays)


def names_in(reading: Reading, fired: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Every name that a complaint has in each block: what training counts."""
    seen, manner = facts_of(reading, fired)
    return {
        LETTERS: {
            run
            for text in reading.folded.values()
            for word, _, _ in written_words(text)
            for run in letters_of(word)
        },
        MEANINGS: {spelt(name) for name, _, _ in meanings_in(reading)},
        SEEN: set(seen),
        MANNER: set(manner),
    }
