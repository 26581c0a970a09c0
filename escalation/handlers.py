"""What happens when a timer of this app fires."""

from __future__ import annotations

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from escalation.matrix import matrix
from escalation.services.automatic import escalate_automatically
from escalation.services.sending import FOLLOW_UP
from people.actors import SWEEP
from people.models import Team
from sla.models import Timer
from sla.timers import fires
from tickets.models import EventKind, Ticket
from tickets.services import notify, reclassify_ticket, record

SELLER_SILENT = "escalation.seller_silent"
DISPUTE_AGE = "escalation.dispute_age"


@fires(SELLER_SILENT)
def _seller_silent_too_long(timer: Timer, ticket: Ticket, now: datetime) -> None:
    """A seller silent for more than 5 days makes the ticket HIGH (domain section 3)."""
    trigger = matrix()["time_triggers"][SELLER_SILENT]
    if not ticket.is_open or ticket.priority in ("URGENT", trigger["priority"]):
        return
    record(ticket, actor=SWEEP, kind=EventKind.TIMER_FIRED, at=now, data={"kind": timer.kind})
    with translation.override("id"):
        reason = _("The seller has been silent for more than %(days)s days.") % {
            "days": trigger["more_than_days"]
        }
    reclassify_ticket(
        actor=SWEEP,
        ticket_id=ticket.pk,
        category=ticket.category,
        priority=trigger["priority"],
        queue=ticket.queue,
        reason=reason,
    )


@fires(DISPUTE_AGE)
def _dispute_too_old(timer: Timer, ticket: Ticket, now: datetime) -> None:
    """A dispute of more than 7 days goes to mediation by itself (domain section 4)."""
    trigger = matrix()["time_triggers"][DISPUTE_AGE]
    team = Team.objects.get(code=trigger["team"])
    # What was only asked for, or declined, has not been with the mediators.
    been_there = ticket.escalations.filter(to_team=team, event__isnull=False)
    if not ticket.is_open or been_there.exists():
        return
    record(ticket, actor=SWEEP, kind=EventKind.TIMER_FIRED, at=now, data={"kind": timer.kind})
    with translation.override("id"):
        cause = _("The dispute is older than %(days)s days.") % {"days": trigger["more_than_days"]}
    escalate_automatically(
        ticket, actor=SWEEP, to_team=team, trigger=timer.kind, at=now, cause=cause
    )


@fires(FOLLOW_UP, in_bulk=True)
def _follow_up_due(timer: Timer, ticket: Ticket, now: datetime) -> None:
    event = record(
        ticket, actor=SWEEP, kind=EventKind.TIMER_FIRED, at=now, data={"kind": timer.kind}
    )
    if ticket.assignee:
        notify(ticket, event, [ticket.assignee])
