"""The score sheet: what is judged, what each mark is worth, and how marks become a score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language


@dataclass(frozen=True)
class Criterion:
    """`weight` in points of the whole; a `critical` one that is missed makes the score 0."""

    code: str
    names: Mapping[str, str]
    checks: Mapping[str, str]
    weight: int
    critical: bool
    source: str

    @property
    def name(self) -> str:
        return self.names[_language()]

    @property
    def check(self) -> str:
        return self.checks[_language()]


@dataclass(frozen=True)
class Mark:
    """`percent` of the criterion's weight that it is worth; None takes the criterion out."""

    code: str
    names: Mapping[str, str]
    percent: int | None

    @property
    def name(self) -> str:
        return self.names[_language()]

    @property
    def needs_evidence(self) -> bool:
        """Whoever takes points away says where it is seen."""
        return self.percent is not None and self.percent < 100


@dataclass(frozen=True)
class Score:
    """0 to 100; None where no criterion applied. `failed`: a critical one was missed."""

    percent: int | None
    failed: bool


@dataclass(frozen=True)
class Sheet:
    criteria: Mapping[str, Criterion]
    marks: Mapping[str, Mark]

    def score(self, given: Mapping[str, str]) -> Score:
        """Of a mark for each criterion: the weighted mean, half a point rounds up."""
        counted = [
            (criterion, percent)
            for code, criterion in self.criteria.items()
            if (percent := self.marks[given[code]].percent) is not None
        ]
        weight = sum(criterion.weight for criterion, _percent in counted)
        if not weight:
            return Score(None, failed=False)
        if any(criterion.critical and percent == 0 for criterion, percent in counted):
            return Score(0, failed=True)
        points = sum(criterion.weight * percent for criterion, percent in counted)
        return Score((2 * points + weight) // (2 * weight), failed=False)


def read_sheet(body: Mapping[str, Any]) -> Sheet:
    """Raises KeyError, ValueError or TypeError for another shape."""
    criteria = {row["code"]: _criterion(row) for row in body["criteria"]}
    marks = {
        row["code"]: Mark(
            row["code"],
            {"id": row["id"], "en": row["en"]},
            None if row["percent"] is None else int(row["percent"]),
        )
        for row in body["marks"]
    }
    if not criteria or any(each.weight <= 0 for each in criteria.values()):
        raise ValueError("each criterion needs a weight")
    return Sheet(criteria, marks)


def _criterion(row: Mapping[str, Any]) -> Criterion:
    return Criterion(
        code=row["code"],
        names={"id": row["id"], "en": row["en"]},
        checks={"id": row["check_id"], "en": row["check_en"]},
        weight=int(row["weight"]),
        critical=bool(row["critical"]),
        source=row["source"],
    )


def _language() -> str:
    return "en" if (get_language() or "id").startswith("en") else "id"
