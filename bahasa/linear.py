"""A linear text model as it runs: weights of features in a compact file, no learning library.

A model file is JSON: labels, one bias a label, features (one string, a line each) and their
weights as bytes (one signed byte a label, base 85), which `scale` turns into real ones.
"""

from __future__ import annotations

import base64
import json
import math
from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


class ModelError(ValueError):
    """A model file cannot be read; the message says why."""


class LinearModel:
    """Scores of labels for a bag of features. Build it once and share it: it does not change."""

    def __init__(
        self,
        labels: Sequence[str],
        biases: Sequence[float],
        features: Sequence[str],
        weights: bytes,
        scale: float,
    ) -> None:
        if len(weights) != len(features) * len(labels) or len(biases) != len(labels):
            raise ModelError("the model's weights do not fit its features and labels")
        self.labels = tuple(labels)
        self.biases = tuple(biases)
        self.scale = scale
        self._rows = {name: index * len(labels) for index, name in enumerate(features)}
        self._weights = array("b", weights)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> LinearModel:
        """Raises `ModelError`."""
        try:
            return cls(
                data["labels"],
                data["biases"],
                data["features"].split("\n"),
                base64.b85decode(data["weights"]),
                float(data["scale"]),
            )
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ModelError(f"the model has the wrong form: {error!r}") from error

    def scores(self, features: Mapping[str, float]) -> dict[str, float]:
        """Log-odds of each label, before calibration."""
        width = len(self.labels)
        totals = [0.0] * width
        rows, weights = self._rows, self._weights
        for name, value in features.items():
            at = rows.get(name)
            if at is not None:
                for index, weight in enumerate(weights[at : at + width]):
                    totals[index] += weight * value
        return {
            label: bias + self.scale * total
            for label, bias, total in zip(self.labels, self.biases, totals, strict=True)
        }

    def weight(self, feature: str, label: str) -> float:
        """What one feature of value 1 adds to the score of a label; 0 when it is not known."""
        at = self._rows.get(feature)
        return 0.0 if at is None else self.scale * self._weights[at + self.labels.index(label)]


def pack(
    labels: Sequence[str],
    biases: Sequence[float],
    weights: Mapping[str, Sequence[float]],
) -> dict[str, Any]:
    """The JSON body of a model; features whose weights all round to nothing are left out."""
    largest = max((abs(value) for row in weights.values() for value in row), default=1.0) or 1.0
    scale = largest / 127
    kept: list[str] = []
    packed = array("b")
    for name in sorted(weights):
        row = [round(value / scale) for value in weights[name]]
        if any(row):
            kept.append(name)
            packed.extend(row)
    return {
        "labels": list(labels),
        "biases": [round(value, 5) for value in biases],
        "scale": scale,
        "features": "\n".join(kept),
        "weights": base64.b85encode(packed.tobytes()).decode("ascii"),
    }


def read_json(path: str | Path) -> dict[str, Any]:
    """A model file's JSON object. Raises `ModelError`."""
    try:
        data = json.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"cannot read {path}: {error}") from error
    if not isinstance(data, dict):
        raise ModelError(f"{path}: a JSON object is expected")
    return data


def sigmoid(value: float) -> float:
    """From log-odds to a probability."""
    if value < -500:
        return 0.0
    return 1 / (1 + math.exp(-value))
