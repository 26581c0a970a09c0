"""What a team promises that gets a ticket, and when it accepts it."""

from __future__ import annotations

from datetime import datetime

from sla.models import SlaPolicy
from sla.services.clocks import facts_of
from sla.targets import deadline_for
from tickets.models import Ticket


def receiving_deadline(ticket: Ticket, team: str, since: datetime) -> datetime:
    """When the promise of a team that gets the ticket at `since` is due, by the policy in force."""
    rules = SlaPolicy.exactly_in_force().rules
    metric = rules.receiving_metric(team)
    facts = facts_of(ticket, metric) | {"team": team}
    return deadline_for(rules, metric, facts, [(since, None)]).due_at


def working_deadline(ticket: Ticket, team: str, since: datetime) -> datetime | None:
    """When the promise is due that begins with the team's acceptance at `since`; None: there is none."""
    rules = SlaPolicy.exactly_in_force().rules
    metric = rules.after_acceptance.get(team)
    if metric is None:
        return None
    facts = facts_of(ticket, metric) | {"team": team}
    return deadline_for(rules, metric, facts, [(since, None)]).due_at
