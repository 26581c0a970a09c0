"""The learned part: calibrated probabilities of each violation, and where to draw the line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bahasa.linear import LinearModel, ModelError, read_json, sigmoid

# The model's pseudo-label: the message holds some violation, whichever it is.
ANY = "any"


@dataclass(frozen=True)
class Model:
    """`thresholds` are probabilities, also of `ANY`; `version` names what it was trained on."""

    linear: LinearModel
    slope: float
    shift: float
    thresholds: Mapping[str, float]
    version: str

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Model:
        """Raises `ModelError`."""
        try:
            linear = LinearModel.from_dict(data["linear"])
            model = cls(
                linear,
                float(data["slope"]),
                float(data["shift"]),
                data["thresholds"],
                data["version"],
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"the model has the wrong form: {error!r}") from error
        if set(model.thresholds) != set(linear.labels):
            raise ModelError("the model's thresholds do not fit its labels")
        return model

    @classmethod
    def from_file(cls, path: str | Path) -> Model:
        """Raises `ModelError`."""
        return cls.from_dict(read_json(path))

    def probabilities(self, features: Mapping[str, float]) -> dict[str, float]:
        return {
            label: sigmoid(self.slope * score + self.shift)
            for label, score in self.linear.scores(features).items()
        }
