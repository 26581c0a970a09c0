"""What a team that gets a ticket promises by that."""

from __future__ import annotations

from datetime import datetime

from sla.models import SlaPolicy
from sla.services.clocks import facts_of
from sla.targets import deadline_for
from tickets.models import Ticket


def receiving_deadline(ticket: Ticket, team: str, since: datetime) -> datetime:
    """When the promise of a team that gets the ticket at `since` is due, by the policy in force."""
    rules = SlaPolicy.in_force().rules
    metric = rules.receiving_metric(team)
    facts = facts_of(ticket, metric) | {"team": team}
    return deadline_for(rules, metric, facts, [(since, None)]).due_at
