"""What is on record about an agent, by kind of point; it is compared here and shown nowhere."""

from __future__ import annotations

from collections.abc import Mapping

from people.models import ResellerAgent

Facts = Mapping[str, tuple[str, ...]]
# Of a master dealer any of the downlines is right; whoever has more names one of the first.
MOST_DOWNLINES = 2_000


def facts_of(agent: ResellerAgent | None) -> Facts:
    """Every value that is right, by kind; an agent who is not on record has none."""
    if agent is None:
        return {}
    upline = (agent.upline.code, agent.upline.name) if agent.upline else ()
    below = agent.downlines.order_by("pk").values_list("code", "name")[:MOST_DOWNLINES]
    return {
        "name": (agent.name,),
        "agent_id": (agent.code,),
        "phone": (agent.phone,),
        "upline": upline,
        "downline": tuple(value for row in below for value in row),
    }
