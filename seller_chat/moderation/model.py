"""The learned part: how likely each violation is, and where to draw the line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bahasa.linear import LinearModel, ModelError, read_json, sigmoid

# The model's pseudo-label: the message holds some violation, whichever it is.
ANY = "any"
# How much that speaks for the likeliest violation, and for a further one beside it.
PULL_LIKELIEST, PULL_FURTHER = 1.5, 0.3

Pair = tuple[str, str]


@dataclass(frozen=True)
class Lines:
    """From which log-odds on (with the pull of `ANY`) a violation is found.

    `companion` stands for `further` where the violation often goes with the likeliest one, as a
    threat does with a review asked for; there the pull of `ANY` is left out.
    """

    likeliest: float
    further: float
    companion: float


@dataclass(frozen=True)
class Model:
    """`slope` and `shift` turn the distance from a line into a probability; `version` names what
    the model was trained on. `pairs` (likeliest, companion) often go together."""

    linear: LinearModel
    lines: Lines
    pairs: frozenset[Pair]
    slope: float
    shift: float
    version: str

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Model:
        """Raises `ModelError`."""
        try:
            written = data["lines"]
            lines = Lines(*(float(written[name]) for name in Lines.__annotations__))
            pairs = frozenset((str(one), str(other)) for one, other in data["pairs"])
            slope, shift = float(data["slope"]), float(data["shift"])
            version = data["version"]
            linear = LinearModel.from_dict(data["linear"])
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"the model has the wrong form: {error!r}") from error
        if ANY not in linear.labels or len(linear.labels) < 2:
            raise ModelError(f"the model lacks the label {ANY!r}")
        return cls(linear, lines, pairs, slope, shift, version)

    @classmethod
    def from_file(cls, path: str | Path) -> Model:
        """Raises `ModelError`."""
        return cls.from_dict(read_json(path))

    @property
    def threshold(self) -> float:
        """The probability on the line."""
        return sigmoid(self.shift)

    def probabilities(self, features: Mapping[str, float]) -> dict[str, float]:
        """How likely each violation is; it is found from `threshold` on."""
        scores = self.linear.scores(features)
        some = scores.pop(ANY)
        likeliest = max(scores, key=lambda label: scores[label])
        further = PULL_FURTHER * some - self.lines.further
        distances = {
            label: max(score + further, score - self.lines.companion)
            if (likeliest, label) in self.pairs
            else score + further
            for label, score in scores.items()
        }
        distances[likeliest] = max(
            distances[likeliest], scores[likeliest] + PULL_LIKELIEST * some - self.lines.likeliest
        )
        return {
            label: sigmoid(self.slope * distance + self.shift)
            for label, distance in distances.items()
        }
