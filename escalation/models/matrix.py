from __future__ import annotations

from helpdesk.common.versioned import VersionedData


class EscalationMatrix(VersionedData):
    """Who is next for which problem, and which triggers act by themselves (fixtures/escalation_matrix.json)."""
