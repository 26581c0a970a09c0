from __future__ import annotations

from functools import cached_property

from escalation.triggers import Trigger, read_triggers
from helpdesk.common.versioned import VersionedData

PARTS = ("rows", "forms", "default_team", "top_team")


class EscalationMatrix(VersionedData):
    """Who is next for which problem, and which triggers act by themselves (fixtures/escalation_matrix.json).

    Whoever decides by it reads it once, so that the version on record is the one that decided.
    """

    @cached_property
    def triggers(self) -> list[Trigger]:
        """In their order: of several that would escalate, the first does."""
        return read_triggers(self.body)

    def read_all(self) -> None:
        _read = self.triggers, [self.body[part] for part in PARTS]
