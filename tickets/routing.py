"""Which team holds a ticket after triage (move 1 of document 004: by service, not by channel)."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet

from helpdesk.common import reads
from helpdesk.common.together import Shelf, read_together
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
    (found,) = read_together(_TEAM.parts("", _coded, code)[""])
    if not found:
        raise Team.DoesNotExist(code)
    return cast("Team", found[0])


_TEAM = Shelf()


def _coded(code: str) -> dict[str, QuerySet[Team]]:
    return {"": Team.objects.filter(code=code)}
