"""Triggers of time: armed for the moment at which they become true, with nobody touching the ticket."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from escalation.matrix import facts_about
from escalation.models import EscalationMatrix
from escalation.services.firing import AGE, Occasion, fire, has_fired, key_of
from escalation.triggers import Facts, Trigger
from people.actors import SWEEP
from sla.services import arm, disarm
from tickets.models import Ticket
from tickets.states import rank_of

# The kinds of earlier versions, one for each of the two triggers that there were.
FORMER_KINDS = ("escalation.seller_silent", "escalation.dispute_age")


def arm_triggers(
    ticket: Ticket,
    at: datetime,
    rules: EscalationMatrix,
    *,
    new: bool = False,
    later_only: bool = False,
) -> None:
    """Arm the one timer of a locked ticket for the next moment at which a trigger becomes true.

    A moment that is past fires with the next sweep, unless `later_only`.
    """
    moments = [moment for _trigger, moment in still_to_come(ticket, rules, new=new)]
    moments = [moment for moment in moments if moment > at] if later_only else moments
    rearm(ticket, at, min(moments, default=None), new=new)


def next_moment(ticket: Ticket, rules: EscalationMatrix) -> datetime | None:
    """When the next trigger of time becomes, or became, true; None where none is to come."""
    if not ticket.is_open:
        return None
    return min((moment for _trigger, moment in still_to_come(ticket, rules)), default=None)


def rearm(ticket: Ticket, at: datetime, moment: datetime | None, *, new: bool = False) -> None:
    """The one timer of a locked ticket, at `moment` or, where that is past, now; None: no timer."""
    if not new:
        disarm("ticket", ticket.pk, AGE, *FORMER_KINDS)
    if ticket.is_open and moment is not None:
        urgency = rank_of(ticket.priority)
        # A new ticket may have been received long before it was filed, which is now.
        armed_at, due_at = None if new else at, max(moment, at)
        arm(AGE, "ticket", ticket.pk, due_at, urgency=urgency, at=armed_at, replaces=False)


def moment_reached(ticket: Ticket, now: datetime) -> None:
    """Fire the triggers of a locked ticket whose moment has passed, and arm the next one."""
    occasion = Occasion(at=now, actor=SWEEP)
    due = [row for row, moment in still_to_come(ticket, occasion.rules) if moment <= now]
    for trigger in due:
        fire(ticket, trigger, facts_about(ticket), occasion)
    arm_triggers(ticket, now, occasion.rules, later_only=True)


def still_to_come(
    ticket: Ticket, rules: EscalationMatrix, *, new: bool = False
) -> list[tuple[Trigger, datetime]]:
    """The triggers of time that concern the ticket and have not acted, with their moments."""
    facts = facts_about(ticket)
    rows = moments_of(rules.triggers, facts)
    if new:
        return rows
    return [
        (trigger, moment)
        for trigger, moment in rows
        if not has_fired(ticket, trigger, key_of(trigger.used(facts)))
    ]


def moments_of(triggers: Iterable[Trigger], facts: Facts) -> list[tuple[Trigger, datetime]]:
    """The triggers of time that these facts wait for or have reached, whether or not they acted."""
    return [
        (trigger, moment)
        for trigger in triggers
        if trigger.kind == "time"
        and trigger.matches(facts)
        and (moment := trigger.moment(facts)) is not None
        and not _has_its_priority(facts, trigger)
    ]


def _has_its_priority(facts: Facts, trigger: Trigger) -> bool:
    only_raises = trigger.priority and not trigger.team and not trigger.alert
    return bool(only_raises) and rank_of(facts.priority) <= rank_of(trigger.priority)
