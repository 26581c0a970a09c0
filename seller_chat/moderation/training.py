"""Learns the model from labelled messages. Needs scikit-learn (development requirements)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, diags_array
from sklearn.linear_model import LogisticRegression

from bahasa.linear import pack
from seller_chat.moderation.batch import MASKED, Labelled, Score
from seller_chat.moderation.features import features, occurrences
from seller_chat.moderation.folds import folds
from seller_chat.moderation.model import ANY, PULL_FURTHER, PULL_LIKELIEST, Lines, Pair
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
# Two violations are companions when so many messages show both, and this share of one's does.
_LEAST_TOGETHER, _SHARE_TOGETHER = 4, 0.03
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

    Messages that are much alike are in the same fold. The lines that judge a fold are drawn on the
    other folds.
    """
    held_out = folds([message.text for _, message, _ in material.cases], FOLDS, _SEED)
    order = [index for fold in held_out for index in fold]
    scores = np.zeros(material.truth.shape)
    for held in held_out:
        apart = set(held)
        vocabulary, weights, biases = _learn(material, [i for i in order if i not in apart])
        scores[held] = _matrix([material.rows[i] for i in held], vocabulary) @ weights + biases
    score = Score()
    for held in held_out:
        apart = set(held)
        rest = [i for i in order if i not in apart]
        pairs = companions(material, rest)
        lines = draw_lines(material, scores, rules, rest, pairs)
        found_here = _found(held, scores, lines, pairs, material, rules)
        for i, row in zip(held, found_here, strict=True):
            _, message, expected = material.cases[i]
            found = [name for name, is_found in zip(material.labels, row, strict=False) if is_found]
            score.add(message.text, found, expected)
    return score, scores


def train(material: Material, scores: np.ndarray, rules: RuleSet, version: str) -> dict[str, Any]:
    """The JSON body of a model. `scores` are those of cross-validation: they draw the lines."""
    everything = list(range(len(material.rows)))
    vocabulary, weights, biases = _learn(material, everything)
    pairs = companions(material, everything)
    lines = draw_lines(material, scores, rules, everything, pairs)
    slope, shift = _calibrate(material, scores, lines, pairs)
    names = sorted(vocabulary, key=lambda name: vocabulary[name])
    learnt = dict(zip(names, weights.tolist(), strict=True))
    return {
        "version": version,
        "lines": asdict(lines),
        "pairs": sorted(pairs),
        "slope": round(slope, 5),
        "shift": round(shift, 5),
        "linear": pack(material.labels, biases.tolist(), learnt),
    }


def companions(material: Material, rows: Sequence[int]) -> frozenset[Pair]:
    """Which violations often go with which, both ways round."""
    names = material.labels[:-1]
    truth = material.truth[rows, :-1].astype(int)
    together = truth.T @ truth
    alone = np.maximum(1, truth.sum(axis=0))
    share = np.maximum(together / alone[:, None], together / alone[None, :])
    often = (together >= _LEAST_TOGETHER) & (share >= _SHARE_TOGETHER)
    return frozenset(
        (one, other)
        for i, one in enumerate(names)
        for j, other in enumerate(names)
        if i != j and often[i, j]
    )


def draw_lines(
    material: Material,
    scores: np.ndarray,
    rules: RuleSet,
    rows: Sequence[int],
    pairs: frozenset[Pair],
) -> Lines:
    """The lines that weigh found violations against clean messages wrongly flagged best."""
    truth = material.truth[rows, :-1].astype(bool)
    clean = ~truth.any(axis=1)
    best, best_lines = -1.0, Lines(0.0, 0.0, 0.0)
    steps = (np.arange(0.0, 3.5, 0.25), np.arange(2.5, 5.5, 1.0), np.arange(-1.0, 2.5, 0.5))
    for likeliest, further, companion in product(*steps):
        lines = Lines(float(likeliest), float(further), float(companion))
        found = _found(rows, scores, lines, pairs, material, rules)
        f1 = 2 * (found & truth).sum() / max(1, found.sum() + truth.sum())
        value = f1 - _CLEAN_COST * found[clean].any(axis=1).mean()
        if value > best:
            best, best_lines = value, lines
    return best_lines


def _distances(
    scores: np.ndarray, lines: Lines, pairs: frozenset[Pair], names: Sequence[str]
) -> np.ndarray:
    """How far each violation lies beyond its line, as `Model.probabilities` has it."""
    own, some = scores[:, :-1], scores[:, -1]
    distances = own + (PULL_FURTHER * some - lines.further)[:, None]
    at, likeliest = np.arange(len(own)), own.argmax(axis=1)
    goes_with = np.array([[(one, other) in pairs for other in names] for one in names])
    near = goes_with[likeliest]
    distances = np.where(near, np.maximum(distances, own - lines.companion), distances)
    pulled = own[at, likeliest] + PULL_LIKELIEST * some - lines.likeliest
    distances[at, likeliest] = np.maximum(distances[at, likeliest], pulled)
    return distances


def _found(
    rows: Sequence[int],
    scores: np.ndarray,
    lines: Lines,
    pairs: frozenset[Pair],
    material: Material,
    rules: RuleSet,
) -> np.ndarray:
    """Which violations scores (log-odds) and certain rules amount to: rows x labels."""
    names = material.labels[:-1]
    absorbs = np.array(
        [[other in rules.absorbs.get(name, ()) for other in names] for name in names], dtype=int
    )
    over = _distances(scores[rows], lines, pairs, names) >= 0
    over |= material.certain[rows]
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


def _calibrate(
    material: Material, scores: np.ndarray, lines: Lines, pairs: frozenset[Pair]
) -> tuple[float, float]:
    """Slope and shift that turn a distance into a probability, the same for every violation."""
    learner = LogisticRegression(C=1e6, solver="liblinear", random_state=_SEED)
    seen = material.truth[:, :-1].any(axis=0)
    distances = _distances(scores, lines, pairs, material.labels[:-1])[:, seen]
    learner.fit(distances.reshape(-1, 1), material.truth[:, :-1][:, seen].ravel())
    return float(learner.coef_[0][0]), float(learner.intercept_[0])
