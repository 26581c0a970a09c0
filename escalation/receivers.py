"""Escalation by itself: triggers at what is recorded, missed deadlines, triggers of time."""

from __future__ import annotations

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from escalation.matrix import facts_about, team_after_breach
from escalation.models import Escalation, EscalationMatrix
from escalation.models.escalation import BREACH
from escalation.services.automatic import Deadline, escalate_automatically
from escalation.services.firing import Occasion, facts_recorded, newly_true
from escalation.services.waiting import arm_triggers
from helpdesk.common import writes
from helpdesk.common.errors import WrongState
from helpdesk.common.events import hears
from helpdesk.common.wording import gettext
from people.actors import SWEEP
from sla.events import ClockBreached
from sla.models import Metric
from tickets.events import (
    MergeUndone,
    TicketClassified,
    TicketClosed,
    TicketCorrected,
    TicketMerged,
    TicketReclassified,
    TicketReopened,
)
from tickets.services import notify_team


@hears(ClockBreached)
def _breach(news: ClockBreached) -> None:
    """Recorded already; now it notifies, and escalates as the policy says (domain section 3)."""
    ticket, effect = news.ticket, news.clock.rules.breach[news.clock.metric]
    with translation.override("id"):
        cause = _("Missed deadline: %(promise)s.") % {"promise": Metric(news.clock.metric).label}
    also = [ticket.assignee] if ticket.assignee else []
    rules = EscalationMatrix.in_force()
    team = team_after_breach(ticket, effect, rules)
    # Whoever gets the case reads of it once, with its cause.
    goes = news.escalates and ticket.is_open and not effect.startswith("notify_")
    gets = team if goes and team.pk != ticket.team_id else None
    if ticket.home_team:
        notify_team(ticket, news.event, ticket.home_team, leads_only=True, also=also, but=gets)
    if effect.startswith("notify_"):
        notify_team(ticket, news.event, team)
        return
    if not news.escalates:
        return
    if team.pk == ticket.team_id:  # nobody stands above them: they hear of it themselves
        notify_team(ticket, news.event, team)
        return
    escalate_automatically(
        ticket,
        actor=SWEEP,
        to_team=team,
        trigger=f"{BREACH}{news.clock.metric}",
        at=news.event.at,
        cause=cause,
        rules=rules,
        answers=_missed(news),
    )


def _missed(news: ClockBreached) -> Deadline:
    return Deadline(
        due_at=news.clock.due_at,
        late_seconds=news.event.data["engine_late_seconds"],
        metric=news.clock.metric,
        policy_version=news.clock.policy_version,
        sweep=news.sweep,
        cause=news.event,
    )


@hears(TicketClassified)
def _triggers(news: TicketClassified) -> None:
    occasion = Occasion(at=news.event.at, new=True)
    arm_triggers(news.ticket, occasion.at, occasion.rules, new=True)
    rows = newly_true(occasion.rules, facts_about(news.ticket))
    if any(row.priority for row in rows):
        # A change of priority is made on the row as it is on record.
        writes.afterwards(lambda: facts_recorded(news.ticket, occasion))
    elif rows:
        facts_recorded(news.ticket, occasion)


@hears(TicketReclassified)
def _triggers_again(news: TicketReclassified) -> None:
    """Another kind of problem is looked at as at its receipt; a mere change of priority only by what
    asks for a priority."""
    ticket, event = news.ticket, news.event
    before, after = event.data["from"], event.data["to"]
    kind_changed = any(before[part] != after[part] for part in ("category", "queue"))
    hand = event.actor
    # An officer asks and a supervisor verifies: renaming a ticket must not be a way round that.
    asks = hand is not None and not hand.may("verify_escalation")
    occasion = Occasion(
        at=event.at,
        scope=f"event:{event.pk}",
        asked_by=hand if asks else None,
    )
    arm_triggers(ticket, event.at, occasion.rules)
    earlier = None if kind_changed else facts_about(ticket, **before)
    facts_recorded(ticket, occasion, before=earlier)


@hears(TicketCorrected)
def _triggers_of_what_is_now_known(news: TicketCorrected) -> None:
    """A trigger by fact escalates at once, whoever recorded the fact; who did is on the form."""
    ticket, data = news.ticket, news.event.data
    earlier = {}
    if "amount_idr" in data["from"]:
        earlier["amount_idr"] = data["from"]["amount_idr"]
    if "problem_since" in data["from"]:
        since = data["from"]["problem_since"]
        earlier["since"] = datetime.fromisoformat(since) if since else ticket.received_at
    occasion = Occasion(at=news.event.at, changed_by=news.event.actor)
    arm_triggers(ticket, occasion.at, occasion.rules)
    facts_recorded(ticket, occasion, before=facts_about(ticket, **earlier))


@hears(TicketMerged)
def _none_waits(news: TicketMerged) -> None:
    """A supervisor's decision is not taken away by closing the question."""
    if news.ticket.escalations.filter(state=Escalation.State.REQUESTED).exists():
        message = gettext(
            "An escalation of %(number)s waits for a supervisor. It must be decided first."
        )
        raise WrongState(message % {"number": news.ticket.number}, code="escalation_waits")


@hears(MergeUndone)
def _triggers_as_before(news: MergeUndone) -> None:
    arm_triggers(news.ticket, news.event.at, EscalationMatrix.in_force())


@hears(TicketReopened)
def _triggers_after_all(news: TicketReopened) -> None:
    arm_triggers(news.ticket, news.event.at, EscalationMatrix.in_force())


@hears(TicketClosed)
def _finished(news: TicketClosed) -> None:
    news.ticket.escalations.filter(
        state__in=[*Escalation.ACTIVE, Escalation.State.REQUESTED]
    ).update(state=Escalation.State.FINISHED, ended_at=news.event.at)
