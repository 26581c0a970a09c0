from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
ALWAYS = "always"


@dataclass(frozen=True)
class Known:
    """The codes that a policy may speak of."""

    metrics: frozenset[str]
    categories: frozenset[str]
    priorities: tuple[str, ...]
    tiers: frozenset[str]
    channels: frozenset[str]
    teams: frozenset[str]
    reporters: frozenset[str]

    def of(self, condition: str) -> frozenset[str]:
        return {
            "category": self.categories,
            "priority": frozenset(self.priorities),
            "tier": self.tiers,
            "channel": self.channels,
            "team": self.teams,
            "reporter": self.reporters,
        }[condition]


def whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def calendar_codes(body: dict[str, Any]) -> set[str]:
    return {ALWAYS, *body.get("calendars", {})}
