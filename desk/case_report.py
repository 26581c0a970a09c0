"""The case report: one to three pages from the record, for the team that receives the case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from desk.promises import Promise, promises_of
from desk.reasons import reasons_of
from desk.sentences import Names, sentence
from desk.timeline import Stage, events_of, stages_of, who_did
from escalation.models import Decision, Escalation, FollowUp, Hearing
from escalation.selectors import escalation_path
from helpdesk.common import clock
from helpdesk.common.promises import promise_name
from people.actors import Actor
from tickets.models import EventKind, Message, Ticket, TicketEvent
from tickets.selectors import conversation, ticket_for_actor_or_404

# What a reader of the report wants of the course of things; the conversation stands by itself.
TOLD_ELSEWHERE = {
    EventKind.REPLIED,
    EventKind.CUSTOMER_WROTE,
    EventKind.NOTED,
    EventKind.PROGRESS,
    EventKind.WARNED,
}
MAX_EVENTS = 40
FIRST_MESSAGES, LAST_MESSAGES = 3, 9
MAX_WORDS = 420


@dataclass(frozen=True)
class Line:
    at: Any
    text: str
    who: str
    note: str


@dataclass(frozen=True)
class Said:
    message: Message
    text: str


def report_context(actor: Actor, escalation: Escalation, *, notes: bool) -> dict[str, Any]:
    """The context of `desk/escalation/report.html`; a fixed number of queries."""
    ticket = ticket_for_actor_or_404(actor, escalation.ticket.number)
    events = events_of(ticket)
    said, left_out = _conversation(ticket, notes=notes)
    lines = _lines(events, notes=notes)
    return {
        "ticket": ticket,
        "escalation": escalation,
        "made_at": clock.for_display(),
        "made_by": actor.user,
        "notes": notes,
        "reasons": reasons_of(ticket),
        "lines": lines[-MAX_EVENTS:],
        "lines_left_out": max(0, len(lines) - MAX_EVENTS),
        "stages": _stages(ticket, events),
        "promises": _promises(ticket),
        "said": said,
        "left_out": left_out,
        "files": list(
            ticket.attachments.filter(message__isnull=False)
            .select_related("message__author")
            .exclude(**({} if notes else {"message__kind": Message.Kind.NOTE}))
            .order_by("id")[:40]
        ),
        "path": list(escalation_path(ticket)),
        **(_papers(ticket) if notes else {}),
    }


def _papers(ticket: Ticket) -> dict[str, Any]:
    mine = {"escalation__ticket": ticket}
    return {
        "follow_ups": list(FollowUp.objects.filter(**mine).select_related("owner")),
        "hearings": list(Hearing.objects.filter(**mine).select_related("by")),
        "decisions": list(Decision.objects.filter(**mine).select_related("decided_by")),
        "freezes": list(ticket.freeze_requests.select_related("asked_by", "decided_by")),
    }


def _lines(events: list[TicketEvent], *, notes: bool) -> list[Line]:
    names = Names(events)
    lines = []
    for event in events:
        if event.kind in TOLD_ELSEWHERE:
            continue
        note = getattr(event, "note", None) if notes else None
        text, who = sentence(event, names), who_did(event)
        lines.append(Line(event.at, text, "" if who in text else who, note.text if note else ""))
    return lines


def _stages(ticket: Ticket, events: list[TicketEvent]) -> list[Stage]:
    return [stage for stage in stages_of(ticket, events) if stage.reached]


@dataclass(frozen=True)
class Kept:
    promise: Promise
    label: Any
    missed: bool


def _promises(ticket: Ticket) -> list[Kept]:
    now = clock.for_display()
    return [
        Kept(
            promise,
            label=promise_name(promise.kind),
            missed=promise.state == "breached" or (promise.ended_at or now) > promise.due_at,
        )
        for promise in promises_of(ticket)
    ]


def _conversation(ticket: Ticket, *, notes: bool) -> tuple[list[Said], int]:
    """The first words and the last ones; how many stand between them."""
    messages = list(
        conversation(ticket, internal=notes)
        .annotate(files=Count("attachments"))
        .order_by("sent_at", "id")
    )
    shown = messages
    if len(messages) > FIRST_MESSAGES + LAST_MESSAGES:
        shown = messages[:FIRST_MESSAGES] + messages[-LAST_MESSAGES:]
    return [Said(message, _short(message.body)) for message in shown], len(messages) - len(shown)


def _short(text: str) -> str:
    return text if len(text) <= MAX_WORDS else f"{text[:MAX_WORDS].rstrip()}…"
