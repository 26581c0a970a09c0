"""What happens to the date that a team promised by itself: it nears, it is missed, it ends."""

from __future__ import annotations

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from escalation.matrix import matrix, team_of
from escalation.models import Escalation
from escalation.models.escalation import TARGETED
from escalation.services.automatic import Deadline, escalate_automatically
from escalation.services.targets import TARGET_MISSED, TARGET_NEARS, end_target
from helpdesk.common import writes
from helpdesk.common.durations import wib_text
from helpdesk.common.events import hears
from people.actors import SWEEP
from people.models import User
from sla.models import Timer
from sla.timers import fires
from tickets.events import EscalationReturned, TicketEscalated
from tickets.models import EventKind, Ticket
from tickets.services import notify_team, record
from tickets.states import State


@fires(TARGET_NEARS)
def _nears(timer: Timer, ticket: Ticket, now: datetime) -> None:
    """Who accepted, who keeps the case and the team's leads hear of it, unless it has passed."""
    found = _promised(ticket)
    if found is None or ticket.team is None or now >= _date(found):
        return
    due_at = _date(found).isoformat()
    data = {"kind": timer.kind, "escalation": found.pk, "due_at": due_at}
    event = record(ticket, actor=SWEEP, kind=EventKind.TIMER_FIRED, at=now, data=data)
    notify_team(ticket, event, ticket.team, leads_only=True, also=_bound(found, ticket))


@fires(TARGET_MISSED)
def _missed(timer: Timer, ticket: Ticket, now: datetime) -> None:
    """Recorded; leads and supervisors know; and the case goes up the chain as with a missed promise."""
    found = _promised(ticket)
    if found is None or ticket.team is None:
        return
    data = {
        "escalation": found.pk,
        "due_at": timer.due_at.isoformat(),
        "late_seconds": round((now - timer.due_at).total_seconds(), 3),
    }
    event = record(ticket, actor=SWEEP, kind=EventKind.TARGET_MISSED, at=now, data=data)
    found.target_missed_at = now
    writes.update(found, "target_missed_at")
    top = team_of(matrix()["top_team"])
    # Whoever gets the case reads of it once, with its cause.
    gets = top if top.pk != ticket.team.pk else None
    bound = _bound(found, ticket)
    notify_team(ticket, event, ticket.team, leads_only=True, also=bound, but=gets)
    notify_team(ticket, event, team_of(matrix()["default_team"]), but=gets)
    with translation.override("id"):
        cause = _("Missed target of %(team)s, promised for %(due)s.") % {
            "team": ticket.team.name_id,
            "due": wib_text(timer.due_at),
        }
    answers = Deadline(
        timer.due_at, round(timer.engine_late(now), 3), sweep=timer.sweep, cause=event
    )
    escalate_automatically(
        ticket,
        actor=SWEEP,
        to_team=top,
        trigger=TARGETED,
        at=now,
        cause=cause,
        answers=answers,
    )


def _promised(ticket: Ticket) -> Escalation | None:
    rows = ticket.escalations.filter(
        state=Escalation.State.ACCEPTED, agreed_target_at__isnull=False
    )
    return rows.select_related("accepted_by").first()


def _date(escalation: Escalation) -> datetime:
    assert escalation.agreed_target_at is not None  # noqa: S101 - `_promised` asked for it
    return escalation.agreed_target_at


def _bound(escalation: Escalation, ticket: Ticket) -> list[User]:
    return [person for person in (escalation.accepted_by, ticket.assignee) if person is not None]


@hears(EscalationReturned)
def _returned(news: EscalationReturned) -> None:
    if news.event.from_state == State.MONITORED:
        end_target(news.ticket)


@hears(TicketEscalated)
def _passed_on(news: TicketEscalated) -> None:
    # Only an accepted escalation has a date. (Closing cancels every timer of a ticket.)
    if news.event.from_state == State.MONITORED:
        end_target(news.ticket)
