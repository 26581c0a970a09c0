"""Which version of the policy held at a moment of the past."""

from __future__ import annotations

from datetime import datetime

from sla.models import SlaPolicy
from sla.rules import Rules


class Versions:
    """All that are published, read once; the first one also holds before its own publication."""

    def __init__(self) -> None:
        self._rows = list(
            SlaPolicy.objects.order_by("version").values_list("version", "pk", "published_at")
        )
        self._keys = {version: pk for version, pk, _at in self._rows}

    def rules(self, version: int) -> Rules:
        return SlaPolicy.known(self._keys[version]).rules

    def rules_at(self, moment: datetime) -> Rules:
        """Of the latest version that was published by then."""
        then = [version for version, _pk, at in self._rows if at <= moment]
        return self.rules(then[-1] if then else self._rows[0][0])
