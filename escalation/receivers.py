"""Escalation by itself: triggers at classification, missed deadlines, time triggers."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext as _

from escalation.matrix import alert_team, at_once_team, matrix, team_after_breach
from escalation.models import Escalation
from escalation.services.automatic import escalate_automatically, request_by_rule
from helpdesk.common import writes
from helpdesk.common.events import hears
from people.actors import ESCALATION_RULES, SWEEP
from people.models import Team
from sla.events import ClockBreached
from sla.models import Metric
from sla.services import arm, disarm
from tickets.events import TicketClassified, TicketClosed, TicketReclassified, TicketReopened
from tickets.models import EventKind, Ticket
from tickets.services import notify_team, record
from tickets.states import State, rank_of


@hears(ClockBreached)
def _breach(news: ClockBreached) -> None:
    """Recorded already; now it notifies, and escalates as the policy says (domain section 3)."""
    ticket, effect = news.ticket, news.clock.rules.breach[news.clock.metric]
    with translation.override("id"):
        cause = _("Missed deadline: %(promise)s.") % {"promise": Metric(news.clock.metric).label}
    also = [ticket.assignee] if ticket.assignee else []
    if ticket.home_team:
        notify_team(ticket, news.event, ticket.home_team, leads_only=True, also=also)
    team = team_after_breach(ticket, effect)
    if effect.startswith("notify_"):
        notify_team(ticket, news.event, team)
        return
    if not news.escalates:
        return
    escalate_automatically(
        ticket,
        actor=SWEEP,
        to_team=team,
        trigger=f"breach.{news.clock.metric}",
        at=news.event.at,
        cause=cause,
    )


@hears(TicketClassified)
def _triggers(news: TicketClassified) -> None:
    _arm_time_triggers(news.ticket, news.event.at, new=True)
    _trigger_at_once(news)


@hears(TicketReclassified)
def _triggers_again(news: TicketReclassified) -> None:
    """A mere change of priority triggers nothing anew, nor does what a team already has."""
    _arm_time_triggers(news.ticket, news.event.at)
    before, after = news.event.data["from"], news.event.data["to"]
    kind_changed = any(before[part] != after[part] for part in ("category", "queue"))
    if not kind_changed or news.ticket.state in (State.ESCALATED, State.MONITORED):
        return
    actor = news.event.actor
    # An officer asks and a supervisor verifies: renaming a ticket must not be a way round that.
    if actor is None or actor.may("verify_escalation"):
        _trigger_at_once(news)
    elif team := at_once_team(news.ticket):
        request_by_rule(news.ticket, to_team=team, asked_by=actor, at=news.event.at)


@hears(TicketReopened)
def _triggers_after_all(news: TicketReopened) -> None:
    _arm_time_triggers(news.ticket, news.event.at)


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
        _alert(ticket, team, at)


def _alert(ticket: Ticket, team: Team, at: datetime) -> None:
    """The specialists know at once and may look on; the squad's promise to answer stays with the squad."""
    if ticket.events.filter(kind=EventKind.ALERTED, data__team=team.code).exists():
        return
    writes.link(ticket, "involved_teams", team)
    event = record(
        ticket, actor=ESCALATION_RULES, kind=EventKind.ALERTED, at=at, data={"team": team.code}
    )
    notify_team(ticket, event, team, mail="notice")


def _arm_time_triggers(ticket: Ticket, at: datetime, *, new: bool = False) -> None:
    """Arm 'seller silent' and 'dispute age' for the moment that passes with nobody touching the ticket."""
    triggers = matrix()["time_triggers"]
    if not new:
        disarm("ticket", ticket.pk, *triggers)
    for kind, trigger in triggers.items():
        if ticket.category not in trigger["categories"]:
            continue
        if trigger.get("priority") == ticket.priority:
            continue
        since = ticket.problem_since or ticket.received_at
        # Strictly more than: the trigger fires just after the last instant that is not yet more.
        due_at = max(since + timedelta(days=trigger["more_than_days"], seconds=1), at)
        urgency = rank_of(ticket.priority)
        arm(kind, "ticket", ticket.pk, due_at, urgency=urgency, at=at, replaces=False)


@hears(TicketClosed)
def _finished(news: TicketClosed) -> None:
    news.ticket.escalations.filter(
        state__in=[*Escalation.ACTIVE, Escalation.State.REQUESTED]
    ).update(state=Escalation.State.FINISHED, ended_at=news.event.at)
