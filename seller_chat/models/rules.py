from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

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

    def read_all(self) -> None:
        _read = self.closures, self.evaluation["target_bp"], self.evaluation["least_assessed"]
