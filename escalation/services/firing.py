"""Automatic triggers act: each once for the same facts, in the transaction that records the facts."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from escalation.matrix import facts_about, team_of
from escalation.models import Escalation, EscalationMatrix, Signal, TriggerFiring
from escalation.services.automatic import escalate_automatically, request_by_rule
from escalation.triggers import Facts, Trigger
from escalation.words import condition_of, name_of
from helpdesk.common import reads, writes
from people.actors import ESCALATION_RULES, Actor
from people.models import Team, User
from tickets.models import EventKind, Ticket
from tickets.services import notify_team, reclassify_ticket, record
from tickets.states import State, rank_of

AGE = "escalation.age"


@dataclass(frozen=True)
class Occasion:
    """What made the triggers look: when, by which matrix, whose hand, which signal.

    `rules` is read once here and noted on all that follows. `asked_by` is the officer whose hand
    set it off where a supervisor must verify before anything escalates. `scope` tells apart the
    same facts recorded anew on purpose, such as by a reclassification.
    """

    at: datetime
    rules: EscalationMatrix = field(default_factory=EscalationMatrix.in_force)
    actor: Actor = ESCALATION_RULES
    changed_by: User | None = None
    asked_by: User | None = None
    signal: Signal | None = None
    scope: str = ""
    new: bool = False  # nothing can have acted on this ticket yet
    more: dict[str, Any] = field(default_factory=dict)


def facts_recorded(
    ticket: Ticket,
    occasion: Occasion,
    *,
    before: Facts | None = None,
    facts: Facts | None = None,
) -> None:
    """Act on a locked ticket's facts; with `before` only what did not hold then.

    The one way for receipt, correction, reclassification and signals (`facts`: with what the signal
    adds). The first trigger that escalates does; teams that it does not lead to are told.
    """
    facts = facts or facts_about(ticket)
    rows = newly_true(occasion.rules, facts, before)
    first = next((row for row in rows if row.team), None)
    # What merely waits for a supervisor has reached nobody yet.
    reached = first.team if first and not occasion.asked_by else ""
    alerting = [row for row in rows if row.alert and row.alert != reached]
    raising = [
        replace(row, team="", alert="")
        for row in rows
        if row.priority and row is not first and row not in alerting
    ]
    for trigger in (*([first] if first else []), *alerting, *raising):
        fire(ticket, trigger, facts, occasion)


def newly_true(rules: EscalationMatrix, now: Facts, before: Facts | None = None) -> list[Trigger]:
    """The triggers of facts that hold, and did not with the facts `before`."""
    rows = [row for row in rules.triggers if row.kind == "fact" and row.matches(now)]
    return [row for row in rows if before is None or not row.matches(before)]


def fire(ticket: Ticket, trigger: Trigger, facts: Facts, occasion: Occasion) -> bool:
    """Do what the trigger says; False when it has acted on these facts or would change nothing."""
    used = trigger.used(facts) | occasion.more
    key = key_of(used, occasion.scope)
    if not ticket.is_open or (not occasion.new and has_fired(ticket, trigger, key)):
        return False
    acts = occasion.new or _acts(ticket, trigger, occasion)
    # The reports that a signal's trigger counted are used up, also where nothing is to be done.
    if not acts and trigger.kind != "signal":
        return False
    if trigger.kind == "time":
        _record_moment(ticket, trigger, used, occasion)
    escalation = _act(ticket, trigger, used, occasion) if acts else _with_team(ticket, trigger)
    firing = TriggerFiring(
        ticket=ticket,
        trigger=trigger.code,
        key=key,
        matrix_version=occasion.rules.version,
        facts=used,
        at=occasion.at,
        signal=occasion.signal,
        escalation=escalation,
    )
    writes.insert(firing)
    return acts


def key_of(used: dict[str, Any], scope: str = "") -> str:
    words = json.dumps([used, scope], sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()[:32]


def has_fired(ticket: Ticket, trigger: Trigger, key: str) -> bool:
    return ticket.trigger_firings.filter(trigger=trigger.code, key=key).exists()


def _acts(ticket: Ticket, trigger: Trigger, occasion: Occasion) -> bool:
    """Whether anything would change."""
    if trigger.team:
        if trigger.kind == "time":
            return not _been_with(ticket, trigger.team)
        return ticket.team is None or ticket.team.code != trigger.team
    if trigger.alert and not _was_told(ticket, trigger.alert, trigger, occasion):
        return True
    return bool(trigger.priority) and rank_of(ticket.priority) > rank_of(trigger.priority)


def _been_with(ticket: Ticket, team: str) -> bool:
    """What was only asked for, or declined, has not been with the team."""
    return ticket.escalations.filter(to_team__code=team, event__isnull=False).exists()


def _was_told(ticket: Ticket, team: str, trigger: Trigger, occasion: Occasion) -> bool:
    """By this trigger; the alerts of an earlier version name none. Each signal is news."""
    if occasion.new or occasion.signal is not None:
        return False
    told = ticket.events.filter(kind=EventKind.ALERTED, data__team=team)
    by_this = Q(data__trigger=trigger.code) | Q(data__trigger__isnull=True)
    return told.filter(by_this).exists()


def _with_team(ticket: Ticket, trigger: Trigger) -> Escalation | None:
    """The escalation by which the ticket lies with the trigger's team already."""
    active = ticket.escalations.filter(state__in=Escalation.ACTIVE, to_team__code=trigger.team)
    return active.first()


def _act(
    ticket: Ticket, trigger: Trigger, used: dict[str, Any], occasion: Occasion
) -> Escalation | None:
    escalation = None
    if trigger.team:
        team = team_of(trigger.team)
        if trigger.kind != "time" and _is_with_specialists(ticket):
            tell_team(ticket, team, trigger, used, occasion)
        else:
            escalation = _escalate(ticket, team, trigger, used, occasion)
    elif trigger.alert:
        team = team_of(trigger.alert)
        tell_team(ticket, team, trigger, used, occasion)
    if trigger.priority and rank_of(ticket.priority) > rank_of(trigger.priority):
        _raise_priority(ticket, trigger, used, occasion)
    return escalation


def _is_with_specialists(ticket: Ticket) -> bool:
    """No trigger of a fact takes a case away from specialists who work on it: theirs is told too."""
    in_hands = ticket.state in (State.ESCALATED, State.MONITORED)
    return in_hands and ticket.team is not None and ticket.team.is_specialist


def _escalate(
    ticket: Ticket, team: Team, trigger: Trigger, used: dict[str, Any], occasion: Occasion
) -> Escalation | None:
    way: dict[str, Any] = {
        "to_team": team,
        "at": occasion.at,
        "cause": cause_of(trigger, occasion),
        "facts": used,
        "form": trigger.form,
        "rules": occasion.rules,
    }
    if occasion.asked_by is None:
        code = f"rule.{trigger.code}"
        return escalate_automatically(ticket, actor=occasion.actor, trigger=code, **way)
    waiting = ticket.escalations.filter(state=Escalation.State.REQUESTED).first()
    if waiting is None:
        return request_by_rule(ticket, asked_by=occasion.asked_by, **way)
    if waiting.to_team_id == team.pk:
        return waiting
    # One request waits at a time: whoever decides on it hears where else the rule leads.
    deciding = team_of(occasion.rules.body["default_team"])
    tell_team(ticket, deciding, trigger, used, occasion)
    return None


def tell_team(
    ticket: Ticket, team: Team, trigger: Trigger, used: dict[str, Any], occasion: Occasion
) -> None:
    """The specialists know at once and may look on; the squad's promise to answer stays with the squad."""
    if _was_told(ticket, team.code, trigger, occasion):
        return
    writes.link(ticket, "involved_teams", team)
    data = {"team": team.code, **_because(trigger, used, occasion)}
    event = record(ticket, actor=occasion.actor, kind=EventKind.ALERTED, at=occasion.at, data=data)
    notify_team(ticket, event, team, mail="notice")


def _raise_priority(
    ticket: Ticket, trigger: Trigger, used: dict[str, Any], occasion: Occasion
) -> None:
    reclassify_ticket(
        actor=occasion.actor,
        ticket_id=ticket.pk,
        category=ticket.category,
        priority=trigger.priority,
        queue=ticket.queue,
        reason=cause_of(trigger, occasion),
        because=_because(trigger, used, occasion),
    )
    # The caller goes on with its own copy of the row, which a nested trigger may have moved.
    ticket.refresh_from_db()


def _record_moment(
    ticket: Ticket, trigger: Trigger, used: dict[str, Any], occasion: Occasion
) -> None:
    data = {"kind": AGE, **_because(trigger, used, occasion)}
    record(ticket, actor=occasion.actor, kind=EventKind.TIMER_FIRED, at=occasion.at, data=data)


def _because(trigger: Trigger, used: dict[str, Any], occasion: Occasion) -> dict[str, Any]:
    """Which rule, which version of the matrix, which facts: codes and numbers for the event."""
    version = occasion.rules.version
    return {"trigger": trigger.code, "matrix_version": version, "facts": used}


def cause_of(trigger: Trigger, occasion: Occasion) -> str:
    """The rule in words, for the papers of the house (in its language)."""
    with translation.override("id"):
        teams = {team.code: team.name for team in reads.once(_teams)}
        words = _("Automatic trigger: %(name)s (%(condition)s). Matrix version %(version)s.") % {
            "name": name_of(trigger),
            "condition": condition_of(trigger, teams),
            "version": occasion.rules.version,
        }
        if occasion.changed_by is not None:
            who = _("The facts were put right by %(person)s.") % {"person": occasion.changed_by}
            words = f"{words} {who}"
        return words


def _teams() -> list[Team]:
    return list(Team.objects.all())
