"""Which specialist team a case lies with, for the papers that only that team writes."""

from __future__ import annotations

from people.actors import Actor
from tickets.models import Ticket
from tickets.states import State

MEDIATION = "mediation"
FRAUD = "fraud"


def lies_with_mediation(ticket: Ticket) -> bool:
    return ticket.team is not None and ticket.team.code == MEDIATION


def relays_for(ticket: Ticket) -> bool:
    """The team that has it never talks to the customer: what may be told, it releases."""
    received = ticket.state in (State.ESCALATED, State.MONITORED)
    return received and ticket.team is not None and not ticket.team.talks_to_customer


def decides_freezes(actor: Actor) -> bool:
    """Supervisors, the operations manager and the leads of the fraud team."""
    leads = actor.user is not None and FRAUD in actor.user.led_team_codes
    return leads or actor.may("decide_freeze")
