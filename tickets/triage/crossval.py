"""Holds the learned reader against complaints that it has not learnt from, and sets its thresholds.

The examples are dealt into folds; each fold is decided by a model learnt from the others (and from
the cases that the rules' author had in view, which are never counted).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tickets.triage.categorising import fired_rules
from tickets.triage.decision import Decision
from tickets.triage.engine import triage
from tickets.triage.evaluation import Curve, Evaluation
from tickets.triage.learned import Learned
from tickets.triage.model import Model
from tickets.triage.reading import read
from tickets.triage.rules import RuleSet, labels_of
from tickets.triage.training import FOLDS, Example, folds_of, learn

# Of the complaints that are not urgent, so many may be taken for urgent to miss fewer that are.
FALSE_URGENT = 0.025
# Of the decisions that are called sure, so many should have the right category.
SURE_RIGHT = 0.96


@dataclass(frozen=True, slots=True)
class Fold:
    """A model and the examples that it has not seen."""

    about: dict[str, Any]
    arrays: dict[str, Any]
    examples: list[Example]

    def learned(self, rules: RuleSet, thresholds: dict[str, float]) -> Learned:
        model = Model({**self.about, **thresholds}, self.arrays)
        return Learned(model, *labels_of(rules.categories))


@dataclass(frozen=True, slots=True)
class Validation:
    """Folds with the thresholds that follow from all of them together."""

    rules: RuleSet
    folds: list[Fold]
    thresholds: dict[str, float]

    def decisions(self) -> Iterator[tuple[Example, Decision]]:
        """Each example, decided by the engine with the model that has not seen it."""
        for fold in self.folds:
            rules = dataclasses.replace(
                self.rules, learned=fold.learned(self.rules, self.thresholds)
            )
            for example in fold.examples:
                yield example, triage(example.complaint, rules)

    def report(self, *, confusions: int = 10) -> Iterator[str]:
        """The figures of all folds together, and how many decisions are how sure."""
        evaluation, curve = Evaluation(), Curve()
        for example, decision in self.decisions():
            evaluation.add(None, decision, dict(example.expected))
            curve.add(decision, example.expected["category"])
        yield from evaluation.lines(confusions=confusions, ids=False)
        yield ", ".join(f"{name} {value:g}" for name, value in self.thresholds.items())
        yield from curve.lines()


def validate(counted: Sequence[Example], always: Sequence[Example], rules: RuleSet) -> Validation:
    """Learns `FOLDS` models; `always` is learnt from by each and never counted."""
    place = folds_of(counted)
    folds = []
    for number in range(FOLDS):
        seen = [each for each, fold in zip(counted, place, strict=True) if fold != number]
        unseen = [each for each, fold in zip(counted, place, strict=True) if fold == number]
        folds.append(Fold(*learn([*seen, *always]), unseen))
    return Validation(rules, folds, _thresholds(folds, rules))


def _thresholds(folds: list[Fold], rules: RuleSet) -> dict[str, float]:
    labels = folds[0].about["labels"]
    totals, truth, urgent = [], [], []
    for fold in folds:
        if fold.about["labels"] != labels:
            raise ValueError("a label is too rare to be learnt in every fold")
        learned = fold.learned(rules, {"steepness": 1.0})
        for example in fold.examples:
            reading = read(example.complaint, rules.book)
            totals.append(learned.totals(reading, fired_rules(reading, rules)))
            truth.append(labels.index(example.label))
            urgent.append(example.expected["priority"] == "URGENT")
    scores, wanted = np.array(totals), np.array(truth)
    steepness = min(
        np.arange(1.0, 20.0, 0.2), key=lambda value: _surprise(scores[:, :-1] * value, wanted)
    )
    shares = _shares(scores[:, :-1] * steepness)
    urgency = np.array([learned.judged(row)[1] for row in scores * steepness])
    calm = np.sort(urgency[~np.array(urgent)])
    urgent_from = calm[int(len(calm) * (1 - FALSE_URGENT))]
    names = [label.partition("/")[0] for label in labels]
    chosen = [names[label] for label in shares.argmax(1)]
    right = np.array([name == names[label] for name, label in zip(chosen, truth, strict=True)])
    sure = np.array(
        [
            sum(share for share, name in zip(row, names, strict=True) if name == chosen[at])
            for at, row in enumerate(shares)
        ]
    )
    return {
        "steepness": round(float(steepness), 2),
        "urgent_from": round(float(urgent_from), 3),
        "unsure_below": round(_unsure_below(sure, right), 2),
    }


def _shares(scores: Any) -> Any:
    odds = np.exp(scores - scores.max(1, keepdims=True))
    return odds / odds.sum(1, keepdims=True)


def _surprise(scores: Any, wanted: Any) -> float:
    shares = _shares(scores)[np.arange(len(wanted)), wanted]
    return float(-np.log(np.maximum(shares, 1e-9)).mean())


def _unsure_below(sure: Any, right: Any) -> float:
    """The lowest confidence from which on decisions are right often enough."""
    for threshold in np.arange(0.0, 1.0, 0.01):
        kept = sure >= threshold
        if kept.any() and right[kept].mean() >= SURE_RIGHT:
            return float(threshold)
    return 1.0
