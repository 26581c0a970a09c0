from __future__ import annotations

from functools import cached_property

from helpdesk.common.versioned import VersionedData
from sla.rules import Rules


class SlaPolicy(VersionedData):
    """Targets, calendars, pauses, warning levels, effects of a breach (fixtures/sla_policy.json)."""

    @cached_property
    def rules(self) -> Rules:
        return Rules.read(self.body)

    def read_all(self) -> None:
        _read = self.rules
