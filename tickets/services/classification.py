from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from helpdesk.common import clock, writes
from helpdesk.common.errors import InvalidInput
from helpdesk.common.wording import gettext as _
from people.actors import TRIAGE, Actor
from tickets.catalogue import known_category, known_queue
from tickets.events import TicketClassified, TicketReclassified
from tickets.models import Classification, EventKind, Ticket, TicketEvent
from tickets.routing import holding_team
from tickets.services.changes import (
    lock_ticket,
    make_transition,
    record,
    require_open,
    require_work_on,
    save_change,
    tell,
)
from tickets.services.examples import keep_example
from tickets.services.handling import squad_member_for
from tickets.services.notices import notify
from tickets.services.words import clean_words
from tickets.states import Priority, State
from tickets.triage import Decision


def classify_by_rules(
    ticket: Ticket, decision: Decision, *, at: datetime, because: dict[str, Any] | None = None
) -> TicketEvent:
    """Put the triage's decision on a ticket just received (inside intake's transaction).

    `because` goes with the event: codes and numbers.
    """
    ticket.category, ticket.priority, ticket.queue = (
        decision.category,
        decision.priority,
        decision.queue,
    )
    ticket.team = ticket.home_team = holding_team(decision.category, decision.queue)
    ticket.classified_at = at
    ticket.expedited = "priority_esc" in decision.flags
    make_transition(ticket, "classify")
    save_change(
        ticket,
        "state",
        "category",
        "priority",
        "queue",
        "team",
        "home_team",
        "classified_at",
        "expedited",
    )
    data = {**decided(decision), **(because or {})}
    event = record(
        ticket, actor=TRIAGE, kind=EventKind.CLASSIFIED, at=at, from_state=State.RECEIVED, data=data
    )
    keep_decision(ticket, event, decision)
    tell(TicketClassified, ticket, event)
    return event


def decided(decision: Decision) -> dict[str, Any]:
    """The decision as an event tells it."""
    return {
        "category": decision.category,
        "priority": decision.priority,
        "queue": decision.queue,
        "rules_version": decision.rules_version,
        "rules": [reason.rule for reason in decision.reasons],
        "confidence": round(decision.confidence, 3),
    }


def keep_decision(ticket: Ticket, event: TicketEvent, decision: Decision) -> None:
    """How the ticket is classified from this event on, with the rules' reasons."""
    writes.insert(
        Classification(
            ticket=ticket,
            event=event,
            category=ticket.category,
            priority=ticket.priority,
            queue=ticket.queue,
            rules_version=decision.rules_version,
            reasons=[reason.to_dict() for reason in decision.reasons],
            flags=list(decision.flags),
            at=event.at,
        )
    )


@transaction.atomic
def reclassify_ticket(
    *,
    actor: Actor,
    ticket_id: int,
    category: str,
    priority: str,
    queue: str,
    reason: str,
    expected_version: int | None = None,
    because: dict[str, Any] | None = None,
) -> Ticket:
    """Change category, priority or queue of an open ticket; the state is kept.

    Deadlines are recomputed from the original receive time by those who hear the news.
    `because` goes with the event where a rule acts: codes and numbers.
    Raises InvalidInput (unknown word, no reason, no change), NotAllowed, WrongState, Conflict.
    """
    actor.require("classify_ticket")
    ticket = lock_ticket(ticket_id, expected_version=expected_version)
    require_open(ticket)
    require_work_on(ticket, actor)
    reason = clean_words(reason, field="reason")
    _check(category=category, priority=priority, queue=queue, reason=reason)
    before = {"category": ticket.category, "priority": ticket.priority, "queue": ticket.queue}
    after = {"category": category, "priority": priority, "queue": queue}
    if before == after:
        raise InvalidInput(_("Nothing would change."), code="no_change")
    now = clock.now()
    ticket.category, ticket.priority, ticket.queue = category, priority, queue
    assignee = ticket.assignee
    if (before["category"], before["queue"]) != (category, queue):
        _reroute(ticket)
    save_change(ticket, *after, "team", "home_team", "assignee")
    event = record(
        ticket,
        actor=actor,
        kind=EventKind.RECLASSIFIED,
        at=now,
        data={"from": before, "to": after, **(because or {})},
        note=reason,
    )
    Classification.objects.create(
        ticket=ticket, event=event, **after, reasons=_override(actor, reason), at=now
    )
    keep_example(ticket, event, after, reason)
    if ticket.assignee and ticket.assignee != assignee:
        notify(ticket, event, [ticket.assignee])
    tell(TicketReclassified, ticket, event)
    return ticket


def _reroute(ticket: Ticket) -> None:
    """Another kind of problem may belong to another squad; who has an escalated ticket keeps it."""
    squad = holding_team(ticket.category, ticket.queue)
    if squad == ticket.home_team:
        return
    ticket.home_team = squad
    if ticket.state in (State.ESCALATED, State.MONITORED):
        return
    ticket.team = squad
    ticket.assignee = squad_member_for(ticket) if ticket.state == State.HANDLED else None


def _check(*, category: str, priority: str, queue: str, reason: str) -> None:
    problems: dict[str, Any] = {}
    if not known_category(category):
        problems["category"] = _("Unknown category.")
    if priority not in Priority.values:
        problems["priority"] = _("Unknown priority.")
    if not known_queue(queue):
        problems["queue"] = _("Unknown team.")
    if not reason:
        problems["reason"] = _("Write why.")
    if problems:
        raise InvalidInput(_("Please mend the marked fields."), fields=problems)


def _override(actor: Actor, reason: str) -> list[dict[str, Any]]:
    title = {"title_id": "Diputuskan petugas", "title_en": "Decided by an officer"}
    if actor.is_system:
        title = {"title_id": "Diputuskan aturan waktu", "title_en": "Decided by a time rule"}
    evidence = [{"field": "reason", "text": reason, "start": 0, "end": len(reason)}]
    return [{"rule": "override", **title, "effect": {}, "evidence": evidence, "source": ""}]
