"""Learns the model from labelled messages. Needs scikit-learn (development requirements)."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, diags_array
from sklearn.linear_model import LogisticRegression

from bahasa.linear import pack
from seller_chat.moderation.batch import MASKED, Labelled, Score
from seller_chat.moderation.features import features, occurrences
from seller_chat.moderation.model import ANY, PULL_FURTHER, PULL_LIKELIEST, Lines
from seller_chat.moderation.reading import read
from seller_chat.moderation.rules import RuleSet

FOLDS = 5
_SEED = 7
_STRENGTH = {ANY: 20.0}
_STRENGTH_OF_LABEL = 60.0
# A feature of a single message says more of that message than of the violation.
_RAREST, _RAREST_LETTERS = 2, 3
# What is in many messages tells little: a feature weighs by the root of its rarity (idf).
_COMMON = 4.0
# What a clean message wrongly flagged costs against micro-F1 when the lines are drawn.
_CLEAN_COST = 0.5


@dataclass
class Material:
    """Messages as features, and what is true of each."""

    labels: tuple[str, ...]
    cases: Labelled
    rows: list[dict[str, float]]
    truth: np.ndarray  # cases x (labels and ANY), 0 or 1
    certain: np.ndarray  # cases x labels, where a rule decides alone


def prepare(cases: Labelled, rules: RuleSet) -> Material:
    """Masked placeholders are left out: they show nobody's words."""
    kept = [case for case in cases if MASKED not in case[1].text]
    labels = (*rules.labels, ANY)
    rows, certain = [], []
    for _, message, _ in kept:
        reading = read(message, rules.book)[0]
        outcomes = {rule.name: rule.test(reading) for rule in rules.rules}
        rows.append(features(occurrences(reading, outcomes)))
        alone = {r.label for r in rules.rules if r.certain and outcomes[r.name].holds}
        certain.append([name in alone for name in rules.labels])
    truth = np.array(
        [[name in found or (name == ANY and bool(found)) for name in labels] for *_, found in kept],
        dtype=np.int8,
    )
    return Material(labels, kept, rows, truth, np.array(certain, dtype=bool))


def cross_validate(material: Material, rules: RuleSet) -> tuple[Score, np.ndarray]:
    """Figures on messages that the model did not see, and their scores (log-odds).

    The lines that judge a fold are drawn on the other folds.
    """
    order = list(range(len(material.rows)))
    random.Random(_SEED).shuffle(order)  # noqa: S311 - folds, no secret
    folds = [order[start::FOLDS] for start in range(FOLDS)]
    scores = np.zeros(material.truth.shape)
    for held in folds:
        apart = set(held)
        vocabulary, weights, biases = _learn(material, [i for i in order if i not in apart])
        scores[held] = _matrix([material.rows[i] for i in held], vocabulary) @ weights + biases
    score = Score()
    for held in folds:
        apart = set(held)
        lines = draw_lines(material, scores, rules, [i for i in order if i not in apart])
        for i, row in zip(held, _found(held, scores, lines, material, rules), strict=True):
            _, message, expected = material.cases[i]
            found = [name for name, is_found in zip(material.labels, row, strict=False) if is_found]
            score.add(message.text, found, expected)
    return score, scores


def train(material: Material, scores: np.ndarray, rules: RuleSet, version: str) -> dict[str, Any]:
    """The JSON body of a model. `scores` are those of cross-validation: they draw the lines."""
    everything = list(range(len(material.rows)))
    vocabulary, weights, biases = _learn(material, everything)
    lines = draw_lines(material, scores, rules, everything)
    slope, shift = _calibrate(material, scores, lines)
    names = sorted(vocabulary, key=lambda name: vocabulary[name])
    learnt = dict(zip(names, weights.tolist(), strict=True))
    return {
        "version": version,
        "lines": {"likeliest": lines.likeliest, "further": lines.further},
        "slope": round(slope, 5),
        "shift": round(shift, 5),
        "linear": pack(material.labels, biases.tolist(), learnt),
    }


def draw_lines(
    material: Material, scores: np.ndarray, rules: RuleSet, rows: Sequence[int]
) -> Lines:
    """The lines that weigh found violations against clean messages wrongly flagged best."""
    truth = material.truth[rows, :-1].astype(bool)
    clean = ~truth.any(axis=1)
    best, best_lines = -1.0, Lines(0.0, 0.0)
    for likeliest in np.arange(-1.0, 3.0, 0.25):
        for further in np.arange(0.0, 4.0, 0.25):
            lines = Lines(float(likeliest), float(further))
            found = _found(rows, scores, lines, material, rules)
            f1 = 2 * (found & truth).sum() / max(1, found.sum() + truth.sum())
            value = f1 - _CLEAN_COST * found[clean].any(axis=1).mean()
            if value > best:
                best, best_lines = value, lines
    return best_lines


def _distances(scores: np.ndarray, lines: Lines) -> np.ndarray:
    """How far each violation lies beyond its line, as `Model.probabilities` has it."""
    own, some = scores[:, :-1], scores[:, -1]
    distances = own + (PULL_FURTHER * some - lines.further)[:, None]
    at, likeliest = np.arange(len(own)), own.argmax(axis=1)
    pulled = own[at, likeliest] + PULL_LIKELIEST * some - lines.likeliest
    distances[at, likeliest] = np.maximum(distances[at, likeliest], pulled)
    return distances


def _found(
    rows: Sequence[int], scores: np.ndarray, lines: Lines, material: Material, rules: RuleSet
) -> np.ndarray:
    """Which violations scores (log-odds) and certain rules amount to: rows x labels."""
    names = material.labels[:-1]
    absorbs = np.array(
        [[other in rules.absorbs.get(name, ()) for other in names] for name in names], dtype=int
    )
    over = (_distances(scores[rows], lines) >= 0) | material.certain[rows]
    return over & ~(over.astype(int) @ absorbs).astype(bool)


def _learn(
    material: Material, chosen: Sequence[int]
) -> tuple[dict[str, int], np.ndarray, np.ndarray]:
    often = Counter(name for i in chosen for name in material.rows[i])
    names = sorted(
        name
        for name, count in often.items()
        if count >= (_RAREST_LETTERS if name.startswith("c:") else _RAREST)
    )
    vocabulary = {name: index for index, name in enumerate(names)}
    # As the weights are multiplied by it in the end, whoever applies them need not know of it.
    rarity = np.array([math.log((len(chosen) + 1) / (often[name] + 1)) for name in names])
    rarity = np.sqrt(rarity / _COMMON)
    matrix = _matrix([material.rows[i] for i in chosen], vocabulary) @ diags_array(rarity)
    matrix = csr_matrix(matrix)
    weights = np.zeros((len(names), len(material.labels)))
    biases = np.full(len(material.labels), -9.0)
    for column, label in enumerate(material.labels):
        truth = material.truth[chosen, column]
        if not 0 < truth.sum() < len(truth):
            continue
        learner = LogisticRegression(
            C=_STRENGTH.get(label, _STRENGTH_OF_LABEL),
            class_weight=None if label == ANY else "balanced",
            solver="liblinear",
            random_state=_SEED,
        )
        learner.fit(matrix, truth)
        weights[:, column], biases[column] = learner.coef_[0], learner.intercept_[0]
    return vocabulary, weights * rarity[:, None], biases


def _matrix(rows: Sequence[Mapping[str, float]], vocabulary: Mapping[str, int]) -> Any:
    values: list[float] = []
    columns: list[int] = []
    ends = [0]
    for row in rows:
        for name in sorted(row.keys() & vocabulary.keys()):
            columns.append(vocabulary[name])
            values.append(row[name])
        ends.append(len(columns))
    return csr_matrix(
        (np.array(values), np.array(columns, dtype=np.int32), np.array(ends, dtype=np.int32)),
        shape=(len(rows), len(vocabulary)),
    )


def _calibrate(material: Material, scores: np.ndarray, lines: Lines) -> tuple[float, float]:
    """Slope and shift that turn a distance into a probability, the same for every violation."""
    learner = LogisticRegression(C=1e6, solver="liblinear", random_state=_SEED)
    seen = material.truth[:, :-1].any(axis=0)
    distances = _distances(scores, lines)[:, seen]
    learner.fit(distances.reshape(-1, 1), material.truth[:, :-1][:, seen].ravel())
    return float(learner.coef_[0][0]), float(learner.intercept_[0])
