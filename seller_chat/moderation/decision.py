"""The values that go into moderation and come out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SENDERS = ("seller", "buyer")


@dataclass(frozen=True)
class Message:
    """One chat message. `sender` is seller or buyer."""

    sender: str
    text: str


@dataclass(frozen=True)
class Evidence:
    """Words of the message: `text` is the slice from `start` to `end` of it as it was written."""

    text: str
    start: int
    end: int

    def to_dict(self) -> dict[str, Any]:
        return {"text": self.text, "start": self.start, "end": self.end}


@dataclass(frozen=True)
class Reason:
    """Why a violation was found, was not found, or gave way.

    `effect` is `found`, `cleared` (a rule says that it is allowed), `absorbed` (a more specific
    violation says it already) or `nearest` (the closest that was not found).
    """

    violation: str
    rule: str
    effect: str
    text_id: str
    text_en: str
    evidence: tuple[Evidence, ...]
    source: str
    score: float

    def to_dict(self) -> dict[str, Any]:
        return {
            "violation": self.violation,
            "rule": self.rule,
            "effect": self.effect,
            "id": self.text_id,
            "en": self.text_en,
            "evidence": [item.to_dict() for item in self.evidence],
            "source": self.source,
            "score": self.score,
        }


@dataclass(frozen=True)
class Decision:
    """The violations, every reason, and whether an officer should look.

    `confidence` runs from 0.5 (a violation stands on the line between found and not) to 1.
    `scores` holds the probability of each violation.
    """

    violations: tuple[str, ...]
    reasons: tuple[Reason, ...]
    scores: Mapping[str, float]
    confidence: float
    needs_review: bool
    rules_version: int
    model_version: str

    def to_dict(self) -> dict[str, Any]:
        return {
            "violations": list(self.violations),
            "confidence": self.confidence,
            "needs_review": self.needs_review,
            "rules_version": self.rules_version,
            "model_version": self.model_version,
            "reasons": [reason.to_dict() for reason in self.reasons],
        }
