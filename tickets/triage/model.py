"""The learned reader: scores each label for a complaint, and says which words spoke for it.

A linear model in one file of numbers (`numpy`'s .npz, nothing that could run). `training.py` writes
it. A label is a category, or "category/variant" where the rule set tells variants apart.
"""

from __future__ import annotations

import json
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
Rows = tuple[int, ...]


class ModelError(ValueError):
    """The model cannot be read; the message says why."""


def key_of(block: str, name: str) -> int:
    return crc32(f"{block}:{name}".encode("utf-8", "replace"))


@dataclass(frozen=True, slots=True)
class Seen:
    """A complaint as a model knows it, by the rows of its weights.

    `words`: field, start and end in its folded text, rows. `meanings`: row, first and last token.
    """

    words: list[tuple[str, int, int, Rows]]
    meanings: list[tuple[int, int, int]]
    facts: list[int]

    @property
    def readable(self) -> bool:
        """Whether the model knows any of its words."""
        return bool(self.meanings) or any(rows for _, _, _, rows in self.words)


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
        words = [
            (name, start, end, self._letter_rows(word))
            for name, text in reading.folded.items()
            for word, start, end in written_words(text)
        ]
        known = self._meanings
        meanings = []
        for name, first, last in meanings_in(reading):
            row = known.get(name)
            if row is None:
                row = self._meaning_row(name)
            if row >= 0:
                meanings.append((row, first, last))
        seen, manner = facts_of(reading, fired)
        facts = [self._row_of(SEEN, name) for name in seen]
        facts += [self._row_of(MANNER, name) for name in manner]
        return Seen(words, meanings, [row for row in facts if row >= 0])

    def totals(self, seen: Seen) -> Floats:
        """How much speaks for each label, and last how much for an urgent case of any kind."""
        letters: set[int] = set()
        for _, _, _, rows in seen.words:
            letters.update(rows)
        total: Floats = self._bias + self._weights[seen.facts].sum(0)
        for found in (list(letters), list({row for row, _, _ in seen.meanings})):
            if found:
                total += self._weights[found].sum(0) / self._length(found)
        total *= self.about["steepness"]
        return total

    def _length(self, rows: list[int]) -> float:
        return float(np.sqrt(self._rarity[rows].sum()))

    def _letter_rows(self, word: str) -> Rows:
        known = self._letters.get(word)
        if known is None:
            keys = (key_of(LETTERS, run) for run in letters_of(word))
            known = tuple(row for key in keys if (row := self._row.get(key, -1)) >= 0)
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
        counts = [len(rows) for _, _, _, rows in seen.words]
        rows = [row for _, _, _, here in seen.words for row in here]
        place = np.repeat(np.arange(len(counts)), counts)
        letters = self._weights[rows][:, labels] / max(self._length(rows), 1.0)
        word_of = _word_of_token(reading, seen)
        of_meaning = [row for row, _, _ in seen.meanings]
        meanings = self._weights[of_meaning][:, labels] / max(2 * self._length(of_meaning), 1.0)
        firsts = [word_of[first] for _, first, _ in seen.meanings]
        lasts = [word_of[last] for _, _, last in seen.meanings]
        at = np.concatenate([place, np.array(firsts, int), np.array(lasts, int)])
        spoken = np.concatenate([letters, meanings, meanings])
        return [
            _quotes(reading, seen, np.bincount(at, spoken[:, column], len(counts)))
            for column in range(len(labels))
        ]


def _word_of_token(reading: Reading, seen: Seen) -> list[int]:
    """For each token the number of the word between spaces that it stands in."""
    words, numbers, at = seen.words, [], 0
    starts = {name: text.starts for name, text in reading.folded.items()}
    for number, token in enumerate(reading.tokens):
        field = "subject" if number < reading.body_from else "body"
        while at < len(words) - 1:
            name, _, end, _ = words[at]
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
        field, start, end, _ = seen.words[at]
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
