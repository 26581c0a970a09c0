"""What triage says of a ticket once a fact about it was put right."""

from __future__ import annotations

from people.actors import TRIAGE
from tickets.models import EventKind, Ticket, TicketEvent
from tickets.services.changes import record, save_change
from tickets.services.classification import keep_decision
from tickets.triage import Decision
from tickets.triage_in_force import complaint_of, triage_in_force


def judge_again(ticket: Ticket, correction: TicketEvent) -> TicketEvent | None:
    """The priority follows from the facts as they are now, with the reasons beside it; the event of its
    change, which the caller tells.

    On a locked ticket. An officer's own judgement stands, and so does the kind of problem: who has
    the ticket and where it goes is for people and for triggers to say.
    """
    latest = ticket.classifications.order_by("-id").first()
    if latest is None or latest.rules_version is None:
        return None
    decision = triage_in_force(complaint_of(ticket, correction.at))
    if decision.category != ticket.category:
        return None
    changed = None
    if decision.priority != ticket.priority:
        changed = _change_priority(ticket, decision, correction)
    keep_decision(ticket, changed or correction, decision)
    return changed


def _change_priority(ticket: Ticket, decision: Decision, correction: TicketEvent) -> TicketEvent:
    before = {"category": ticket.category, "priority": ticket.priority, "queue": ticket.queue}
    ticket.priority = decision.priority
    save_change(ticket, "priority")
    data = {
        "from": before,
        "to": before | {"priority": decision.priority},
        "rules_version": decision.rules_version,
        "correction": correction.pk,
    }
    return record(ticket, actor=TRIAGE, kind=EventKind.RECLASSIFIED, at=correction.at, data=data)
