from __future__ import annotations

from helpdesk.common.versioned import VersionedData


class SlaPolicy(VersionedData):
    """Targets, calendars, warning levels (fixtures/sla_policy.json)."""
