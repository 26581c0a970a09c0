"""Learns the model of `model.py` from labelled complaints. Needs scikit-learn (development only)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tickets.triage.batch import parse_case
from tickets.triage.categorising import Kind, fired_rules
from tickets.triage.decision import Complaint
from tickets.triage.engine import look_up
from tickets.triage.features import SIGHT
from tickets.triage.model import LETTERS, MEANINGS, VALUES, key_of, names_in
from tickets.triage.reading import Reading, read
from tickets.triage.rules import RuleSet

# What fewer complaints have says little, and would make the file large.
LEAST_SEEN = 3
SOFTNESS = 1.0
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Example:
    """A complaint with its expected category, priority and queue; the names that it has in each
    block (`model.names_in`), and its label."""

    complaint: Complaint
    expected: Mapping[str, str]
    names: Mapping[str, set[str]]
    label: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Which names are worth a weight, and how rare each is."""

    place: dict[tuple[str, str], int]
    rarity: Any

    @classmethod
    def of(cls, examples: Sequence[Example]) -> Columns:
        often = Counter(
            (block, name)
            for example in examples
            for block, names in example.names.items()
            for name in names
        )
        kept = sorted(each for each, count in often.items() if count >= LEAST_SEEN)
        rarity = np.array(
            [
                VALUES.get(block, np.log((1 + len(examples)) / (1 + often[block, name])) + 1)
                for block, name in kept
            ],
            np.float32,
        )
        return cls({each: at for at, each in enumerate(kept)}, rarity)

    def matrix(self, examples: Sequence[Example]) -> Any:
        from scipy.sparse import csr_matrix

        values, columns, ends = [], [], [0]
        for example in examples:
            for block, names in example.names.items():
                found = [self.place.get((block, name), -1) for name in names]
                at = np.array(sorted(column for column in found if column >= 0), int)
                value = self.rarity[at]
                if block in (LETTERS, MEANINGS) and len(at):
                    value = value / np.sqrt((value**2).sum())
                columns.append(at)
                values.append(value)
            ends.append(ends[-1] + sum(len(part) for part in columns[-len(example.names) :]))
        shape = (len(examples), len(self.place))
        return csr_matrix((np.concatenate(values), np.concatenate(columns), ends), shape)


def read_examples(lines: Iterable[str], rules: RuleSet) -> list[Example]:
    """The labelled cases among JSON lines, as a rule set sees them. Raises `CaseError`."""
    examples = []
    for line in lines:
        _, complaint, expected = parse_case(line)
        if expected:
            reading = read(complaint, rules.book)
            names = names_in(reading, fired_rules(reading, rules))
            examples.append(Example(complaint, expected, names, _label(reading, expected, rules)))
    return examples


def _label(reading: Reading, expected: Mapping[str, str], rules: RuleSet) -> str:
    """The category, with the variant that leads to the expected priority and queue; the usual one
    where several do, or none."""
    category = expected["category"]
    for variant in ("", *rules.categories[category].variants):
        kind = Kind(category, variant, 1.0, ())
        outcome = [look_up(reading, rules, kind, target)[0] for target in ("priority", "queue")]
        if outcome == [expected["priority"], expected["queue"]]:
            return f"{category}/{variant}".rstrip("/")
    return category


def learn(examples: Sequence[Example]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The model's description (without thresholds) and its numbers, the same for the same examples."""
    from sklearn.svm import LinearSVC

    columns = Columns.of(examples)
    matrix = columns.matrix(examples)
    labels = LinearSVC(C=SOFTNESS, random_state=0)
    labels.fit(matrix, [example.label for example in examples])
    urgent = LinearSVC(C=SOFTNESS, random_state=0)
    urgent.fit(matrix, [example.expected["priority"] == "URGENT" for example in examples])
    spoken = np.vstack([labels.coef_, urgent.coef_])
    weights = (spoken.T * columns.rarity[:, None]).astype(np.float32)
    scale = np.maximum(np.abs(weights).max(1), 1e-9) / 127
    arrays = {
        "keys": np.array([key_of(*each) for each in columns.place], np.uint32),
        "rarity": columns.rarity.astype(np.float16),
        "scale": scale.astype(np.float16),
        "weights": np.round(weights / scale[:, None]).astype(np.int8),
        "bias": np.append(labels.intercept_, urgent.intercept_).astype(np.float32),
    }
    return {"labels": [str(label) for label in labels.classes_], "sight": SIGHT}, arrays


def folds_of(examples: Sequence[Example], count: int = FOLDS) -> list[int]:
    """The fold of each example: labels are spread evenly, by a fixed shuffle."""
    order = np.random.default_rng(0).permutation(len(examples))
    dealt: Counter[str] = Counter()
    folds = [0] * len(examples)
    for at in order:
        label = examples[at].label
        # Rare labels start at different folds, so that the last fold is not short of them.
        folds[at] = (dealt[label] + key_of("fold", label)) % count
        dealt[label] += 1
    return folds
