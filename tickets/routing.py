"""Which team holds a ticket after triage (move 1 of document 004: by service, not by channel)."""

from __future__ import annotations

from typing import Any

from helpdesk.common import reads
from people.models import Team, organisation


def routing() -> dict[str, Any]:
    """The organisation's routing table: 'squads' by category, 'default_squad', 'direct_queues'."""
    table: dict[str, Any] = organisation()["routing"]
    return table


def holding_team(category: str, queue: str) -> Team:
    """The squad for the category; press and partnership go to their own contacts at once."""
    table = routing()
    code = (
        queue
        if queue in table["direct_queues"]
        else table["squads"].get(category, table["default_squad"])
    )
    return reads.once(_team, code)


def _team(code: str) -> Team:
    return Team.objects.get(code=code)
