"""Which target holds for a ticket: the earliest of its priority's, channel's and tier's (domain section 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sla.calendars import due_after
from sla.models import Metric, SlaPolicy
from tickets.models import Ticket


@dataclass(frozen=True)
class Deadline:
    """`basis` says which rule decided: 'priority', 'channel', 'tier', 'team' or 'policy'."""

    due_at: datetime
    target: dict[str, Any]
    basis: str


def deadline_for(ticket: Ticket, metric: str, start: datetime, policy: SlaPolicy) -> Deadline:
    """The deadline of `metric` for a clock that began at `start`. Pure: policy and ticket decide."""
    closures = frozenset(policy.body.get("closures", ()))
    found = [
        Deadline(due_at=due_after(start, target, closures), target=target, basis=basis)
        for basis, target in _targets(ticket, metric, policy.body)
    ]
    return min(found, key=lambda deadline: deadline.due_at)


def _targets(ticket: Ticket, metric: str, body: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    if metric == Metric.ACCEPTANCE:
        hours = ticket.team.response_hours if ticket.team else body["acceptance_hours"]
        return [("team", {"hours": hours})]
    if metric == Metric.NEXT_UPDATE:
        return [("policy", body["next_update"])]
    targets: list[tuple[str, dict[str, Any]]] = [("priority", body[metric][ticket.priority])]
    if metric == Metric.FIRST_RESPONSE:
        if by_channel := body["channel_first_response"].get(ticket.channel):
            targets.append(("channel", by_channel))
        if by_tier := body["tier_first_response"].get(ticket.tier):
            targets.append(("tier", by_tier))
    return targets
