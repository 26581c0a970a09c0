"""The values that go into triage and come out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple


@dataclass(frozen=True)
class Complaint:
    """What triage may know about a complaint. Amount in whole rupiah, `days_open` in days."""

    channel: str = ""
    reporter: str = "buyer"
    tier: str = "regular"
    amount_idr: int | None = None
    days_open: int | float | None = None
    subject: str = ""
    body: str = ""


class Evidence(NamedTuple):
    """Words of the complaint, or the value of one of its fields.

    For `subject` and `body`, `start` and `end` are offsets into the text as it was written and
    `text` is that slice. For any other field both are 0 and `text` is the value or comparison.
    """

    field: str
    text: str
    start: int = 0
    end: int = 0

    def to_dict(self) -> dict[str, Any]:
        return {"field": self.field, "text": self.text, "start": self.start, "end": self.end}


@dataclass(frozen=True)
class Reason:
    """One rule that fired: what it saw, what it does, and which document says so."""

    rule: str
    title_id: str
    title_en: str
    evidence: tuple[Evidence, ...]
    effect: Mapping[str, str]
    source: str
    fired: bool = True

    def to_dict(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "title_id": self.title_id,
            "title_en": self.title_en,
            "effect": dict(self.effect),
            "evidence": [item.to_dict() for item in self.evidence],
            "source": self.source,
        }


@dataclass(frozen=True)
class Decision:
    """Category, priority, queue and flags, with every reason. `confidence` runs from 0 to 1."""

    category: str
    priority: str
    queue: str
    flags: tuple[str, ...]
    reasons: tuple[Reason, ...]
    rules_version: int
    confidence: float

    def to_dict(self) -> dict[str, Any]:
        return {
            "category": self.category,
            "priority": self.priority,
            "queue": self.queue,
            "flags": list(self.flags),
            "reasons": [reason.to_dict() for reason in self.reasons],
            "rules_version": self.rules_version,
            "confidence": self.confidence,
        }
