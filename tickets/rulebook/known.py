from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Body = dict[str, Any]


@dataclass(frozen=True)
class Known:
    """The codes that a rule set may speak of besides its own."""

    queues: frozenset[str]
    reporters: tuple[str, ...]
    channels: tuple[str, ...]
    tiers: tuple[str, ...]

    def of(self, field: str) -> tuple[str, ...]:
        return {"reporter": self.reporters, "channel": self.channels, "tier": self.tiers}[field]
