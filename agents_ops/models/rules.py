from __future__ import annotations

from functools import cached_property

from agents_ops.verification.rules import Rulebook
from helpdesk.common.versioned import VersionedData


class AgentRules(VersionedData):
    """How agents are verified and what a second person decides (fixtures/agent_rules.json)."""

    @cached_property
    def book(self) -> Rulebook:
        return Rulebook.read(self.body)

    def read_all(self) -> None:
        _read = self.book
