"""Escalation by itself: triggers at classification, missed deadlines, time triggers."""

from __future__ import annotations

from datetime import timedelta

from django.utils import translation
from django.utils.translation import gettext as _

from escalation.matrix import alert_team, at_once_team, matrix, next_team
from escalation.models import Escalation
from escalation.services.automatic import escalate_automatically
from escalation.services.receiving import FOLLOW_UP
from helpdesk.common.events import hears
from people.actors import ESCALATION_RULES, SWEEP
from people.models import Team
from sla.events import ClockBreached
from sla.models import Metric
from sla.services import arm, disarm
from tickets.events import TicketClassified, TicketClosed, TicketReclassified
from tickets.models import EventKind, Ticket
from tickets.services import notify, notify_team, record
from tickets.states import PRIORITY_RANK


@hears(ClockBreached)
def _breach(news: ClockBreached) -> None:
    """Recorded already; now it escalates and notifies (domain section 3)."""
    ticket = news.ticket
    with translation.override("id"):
        cause = _("Missed deadline: %(promise)s.") % {"promise": Metric(news.clock.metric).label}
    if ticket.assignee:
        notify(ticket, news.event, [ticket.assignee])
    if ticket.home_team:
        notify_team(ticket, news.event, ticket.home_team, leads_only=True)
    escalate_automatically(
        ticket,
        actor=SWEEP,
        to_team=next_team(ticket),
        trigger=f"breach.{news.clock.metric}",
        at=news.event.at,
        cause=cause,
    )


@hears(TicketClassified)
def _triggers(news: TicketClassified) -> None:
    _arm_time_triggers(news)
    _trigger_at_once(news)


@hears(TicketReclassified)
def _triggers_again(news: TicketReclassified) -> None:
    _arm_time_triggers(news)
    if not news.ticket.escalations.filter(state__in=Escalation.ACTIVE).exists():
        _trigger_at_once(news)


def _trigger_at_once(news: TicketClassified | TicketReclassified) -> None:
    ticket, at = news.ticket, news.event.at
    if team := at_once_team(ticket):
        with translation.override("id"):
            cause = _("Automatic trigger of %(team)s.") % {"team": team.name_id}
        escalate_automatically(
            ticket,
            actor=ESCALATION_RULES,
            to_team=team,
            trigger=f"rule.{ticket.category}",
            at=at,
            cause=cause,
        )
    elif team := alert_team(ticket):
        _alert(ticket, team)


def _alert(ticket: Ticket, team: Team) -> None:
    """The specialists know at once and may look on; the squad's promise to answer stays with the squad."""
    if ticket.events.filter(kind=EventKind.ALERTED, data__team=team.code).exists():
        return
    ticket.involved_teams.add(team)
    event = record(ticket, actor=ESCALATION_RULES, kind=EventKind.ALERTED, data={"team": team.code})
    notify_team(ticket, event, team, mail="notice")


def _arm_time_triggers(news: TicketClassified | TicketReclassified) -> None:
    """Arm 'seller silent' and 'dispute age' for the moment that passes with nobody touching the ticket."""
    ticket = news.ticket
    for kind, trigger in matrix()["time_triggers"].items():
        if (
            ticket.category not in trigger["categories"]
            or trigger.get("priority") == ticket.priority
        ):
            disarm("ticket", ticket.pk, kind)
            continue
        since = ticket.problem_since or ticket.received_at
        # Strictly more than: the trigger fires just after the last instant that is not yet more.
        due_at = max(since + timedelta(days=trigger["more_than_days"], seconds=1), news.event.at)
        arm(
            kind,
            "ticket",
            ticket.pk,
            due_at,
            urgency=PRIORITY_RANK.get(ticket.priority, 2),
            at=news.event.at,
        )


@hears(TicketClosed)
def _finished(news: TicketClosed) -> None:
    disarm("ticket", news.ticket.pk, FOLLOW_UP)
    news.ticket.escalations.filter(
        state__in=[*Escalation.ACTIVE, Escalation.State.REQUESTED]
    ).update(state=Escalation.State.FINISHED, ended_at=news.event.at)
