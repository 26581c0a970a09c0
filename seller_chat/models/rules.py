from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.utils.translation import get_language

from helpdesk.common.versioned import VersionedData


class EnforcementRules(VersionedData):
    """How shops are evaluated and what a violation costs (fixtures/enforcement.json)."""

    @property
    def evaluation(self) -> dict[str, Any]:
        part: dict[str, Any] = self.body["evaluation"]
        return part

    @cached_property
    def closures(self) -> frozenset[date]:
        """Days on which no message is assessed although they are no public holidays."""
        return frozenset(date.fromisoformat(day) for day in self.evaluation["closures"])

    @cached_property
    def levels(self) -> list[dict[str, Any]]:
        """The mildest first."""
        return sorted(self.body["levels"], key=lambda level: level["from_points"])

    def guideline(self, code: str) -> dict[str, Any]:
        row: dict[str, Any] = self.body["guidelines"][code]
        return row

    def points_of(self, code: str) -> int:
        return int(self.body["severities"][self.guideline(code)["severity"]])

    @property
    def points_last(self) -> timedelta:
        return timedelta(days=self.body["points_expire_days"])

    @property
    def ceiling(self) -> int:
        """The points from which the last level holds."""
        return int(self.levels[-1]["from_points"])

    def read_all(self) -> None:
        _read = (
            self.closures,
            self.evaluation["target_bp"],
            self.evaluation["least_assessed"],
            [self.points_of(code) for code in self.body["guidelines"]],
            [(level["code"], level["days"]) for level in self.levels],
            [self.body[part] for part in ("answering_days", "appeals", "buyer_patterns")],
        )


def guideline_name(code: str) -> str:
    """What the guideline forbids or asks, in the reader's language; the code of one that is gone."""
    rows = EnforcementRules.in_force().body["guidelines"]
    language = "en" if (get_language() or "id").startswith("en") else "id"
    return str(rows[code][language]) if code in rows else code


def guideline_source(code: str) -> str:
    """Its section in the guidelines for sellers."""
    rows = EnforcementRules.in_force().body["guidelines"]
    return str(rows[code]["source"]) if code in rows else ""
