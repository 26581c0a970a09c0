"""What happens to a team's follow-ups by themselves: they remind, become overdue, end with their case."""

from __future__ import annotations

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from escalation.matrix import matrix
from escalation.models import Escalation, FollowUp
from escalation.models.escalation import FOLLOWED
from escalation.models.follow_up import OPEN
from escalation.services.automatic import Deadline, escalate_automatically
from escalation.services.follow_ups import (
    FOLLOW_UP,
    FOLLOW_UP_OVERDUE,
    SUBJECT,
    end_follow_ups,
    settings_of_follow_ups,
)
from helpdesk.common import writes
from helpdesk.common.durations import wib_text
from helpdesk.common.events import hears
from people.actors import SWEEP
from people.models import Team
from sla.models import Timer
from sla.services import arm
from sla.timers import fires, locks
from tickets.events import TicketAssigned, TicketClosed, TicketEscalated
from tickets.models import EventKind, Ticket, TicketEvent
from tickets.services import notify, notify_team, record
from tickets.states import State, rank_of


@locks(SUBJECT)
def lock_free_follow_ups(ids: list[int]) -> dict[int, FollowUp]:
    """Those on whose tickets nobody works now; their tickets are locked, one row for each."""
    rows = FollowUp.objects.filter(pk__in=ids)
    wanted = dict(rows.values_list("pk", "escalation__ticket_id"))
    locked = {
        ticket.pk: ticket
        for ticket in Ticket.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
        .select_related("team", "home_team", "assignee")
        .filter(pk__in=set(wanted.values()))
        .order_by("pk")
    }
    mine = [pk for pk, ticket_id in wanted.items() if ticket_id in locked]
    found = FollowUp.objects.select_related("escalation__to_team", "owner").in_bulk(mine)
    for pk, follow_up in found.items():
        follow_up.escalation.ticket = locked[wanted[pk]]
    return found


@fires(FOLLOW_UP, in_bulk=True)
def _due(timer: Timer, follow_up: FollowUp, now: datetime) -> None:
    """Its owner, who keeps the case and the team's leads hear of it; left for long, it is overdue."""
    if not follow_up.is_open:
        return
    ticket = follow_up.escalation.ticket
    data = {"kind": timer.kind, "follow_up": follow_up.pk, "escalation": follow_up.escalation_id}
    event = record(ticket, actor=SWEEP, kind=EventKind.TIMER_FIRED, at=now, data=data)
    follow_up.reminded_at = now
    writes.update(follow_up, "reminded_at")
    people = [person for person in (follow_up.owner, ticket.assignee) if person is not None]
    if ticket.team is None:
        notify(ticket, event, people)
    else:
        notify_team(ticket, event, ticket.team, leads_only=True, also=people)
    _default, after = settings_of_follow_ups()
    arm(
        FOLLOW_UP_OVERDUE,
        SUBJECT,
        follow_up.pk,
        follow_up.due_at + after,
        urgency=rank_of(ticket.priority),
        at=now,
        replaces=False,
    )


@fires(FOLLOW_UP_OVERDUE)
def _overdue(timer: Timer, follow_up: FollowUp, now: datetime) -> None:
    """Leads and supervisors know, and the case goes up the chain as with a missed promise."""
    if not follow_up.is_open:
        return
    ticket = follow_up.escalation.ticket
    late = round((now - timer.due_at).total_seconds(), 3)
    data = {
        "follow_up": follow_up.pk,
        "escalation": follow_up.escalation_id,
        "due_at": follow_up.due_at.isoformat(),
        "late_seconds": late,
    }
    event = record(ticket, actor=SWEEP, kind=EventKind.FOLLOW_UP_OVERDUE, at=now, data=data)
    follow_up.overdue_at = now
    writes.update(follow_up, "overdue_at")
    top = Team.objects.get(code=matrix()["top_team"])
    _tell_leads(ticket, follow_up, event, top)
    if ticket.team is None:
        return
    with translation.override("id"):
        cause = _("Overdue follow-up of %(team)s, due %(due)s.") % {
            "team": ticket.team.name_id,
            "due": wib_text(follow_up.due_at),
        }
    answers = Deadline(
        timer.due_at, round(timer.engine_late(now), 3), sweep=timer.sweep, cause=event
    )
    escalate_automatically(
        ticket, actor=SWEEP, to_team=top, trigger=FOLLOWED, at=now, cause=cause, answers=answers
    )


def _tell_leads(ticket: Ticket, follow_up: FollowUp, event: TicketEvent, top: Team) -> None:
    """Whoever gets the case reads of it once, with its cause."""
    gets = top if ticket.team is not None and ticket.team.pk != top.pk else None
    supervisors = Team.objects.get(code=matrix()["default_team"])
    if ticket.team is not None:
        notify_team(ticket, event, ticket.team, leads_only=True, also=[follow_up.owner], but=gets)
    notify_team(ticket, event, supervisors, but=gets)


@hears(TicketAssigned)
def _kept_by_another(news: TicketAssigned) -> None:
    """Inside the receiving team the case has a new keeper, who owes CS the next news."""
    ticket = news.ticket
    if ticket.state not in (State.ESCALATED, State.MONITORED):
        return
    ticket.escalations.filter(state__in=Escalation.ACTIVE).update(assignee=ticket.assignee)
    FollowUp.objects.filter(OPEN, escalation__ticket=ticket, kind=FollowUp.Kind.NEWS).update(
        owner=ticket.assignee
    )


@hears(TicketEscalated)
def _passed_on(news: TicketEscalated) -> None:
    # Only an accepted escalation has a plan, and its ticket was monitored.
    if news.event.from_state == State.MONITORED:
        end_follow_ups(news.ticket, at=news.event.at)


@hears(TicketClosed)
def _closed(news: TicketClosed) -> None:
    if news.event.from_state == State.MONITORED:
        end_follow_ups(news.ticket, at=news.event.at)
