"""One timeline of a ticket: messages and events by time, and the six stages with who and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from desk.sentences import ICONS, Names, sentence
from people.models import User
from sla.models import Metric
from tickets.models import Attachment, EventKind, Message, Ticket, TicketEvent
from tickets.states import State

LATE = (
    EventKind.BREACHED,
    EventKind.FOLLOW_UP_OVERDUE,
    EventKind.TARGET_MISSED,
    EventKind.FREEZE_UNDECIDED,
    EventKind.REPLY_NOT_SENT,
)
# The message beside it says the same.
SAID_BY_MESSAGE = {
    EventKind.REPLIED,
    EventKind.REPLY_WAITS,
    EventKind.CUSTOMER_WROTE,
    EventKind.NOTED,
    EventKind.MENTIONED,
    EventKind.PROGRESS,
    EventKind.RECEIVED,
}
# A matter between officer and reviewer, told on their pages.
QUALITY = {EventKind.QUALITY_TOLD, EventKind.QUALITY_ANSWERED, EventKind.QUALITY_SETTLED}
STAGES = (
    State.RECEIVED,
    State.CLASSIFIED,
    State.HANDLED,
    State.ESCALATED,
    State.MONITORED,
    State.CLOSED,
)


@dataclass(frozen=True)
class Entry:
    """A message with its files, or an event with its sentence, icon, actor and note.

    `origin`: the number of the merged ticket that a message was written on; `also_in`: of the ticket
    that was made of it.
    """

    at: datetime
    message: Message | None = None
    files: Sequence[Attachment] = ()
    event: TicketEvent | None = None
    text: str = ""
    icon: str = ""
    who: str = ""
    note: str = ""
    tone: str = ""
    first_response: bool = False
    late: bool = False
    progress: bool = False
    thanks: bool = False
    origin: str = ""
    also_in: str = ""


@dataclass(frozen=True)
class Stage:
    state: str
    reached: bool
    current: bool
    at: datetime | None
    who: str


def entries(
    events: Sequence[TicketEvent],
    messages: Sequence[Message],
    files: Mapping[int | None, list[Attachment]],
    names: Names,
    origins: Mapping[int, str],
    split_offs: Mapping[int, str],
) -> list[Entry]:
    """The whole story, oldest first, internal notes included: for the desk only."""
    by_message = {event.data.get("message"): event for event in events if event.data.get("message")}
    missed = _first_response_missed(events)
    told = [
        _said(
            message,
            by_message.get(message.pk),
            files.get(message.pk, []),
            origins,
            split_offs,
            missed,
        )
        for message in messages
    ]
    told += [
        _happened(event, names) for event in events if event.kind not in SAID_BY_MESSAGE | QUALITY
    ]
    return sorted(told, key=lambda entry: (entry.at, _rank(entry)))


def _first_response_missed(events: Sequence[TicketEvent]) -> datetime | None:
    """When it was found missed, by the sweep or by the very answer."""
    missed = (
        event.at
        for event in events
        if event.kind == EventKind.BREACHED and event.data["metric"] == Metric.FIRST_RESPONSE
    )
    return next(missed, None)


def _rank(entry: Entry) -> int:
    """At one instant the customer speaks first, then things happen, then we answer."""
    if entry.message is None:
        return 1
    return 0 if entry.message.kind == Message.Kind.CUSTOMER else 2


def _said(
    message: Message,
    event: TicketEvent | None,
    files: list[Attachment],
    origins: Mapping[int, str],
    split_offs: Mapping[int, str],
    missed: datetime | None,
) -> Entry:
    first = event is not None and bool(event.data.get("first"))
    progress = event is not None and event.kind == EventKind.PROGRESS
    thanks = event is not None and bool(event.data.get("thanks"))
    return Entry(
        at=message.sent_at,
        message=message,
        files=files,
        first_response=first,
        late=first and missed is not None and missed <= message.sent_at,
        progress=progress,
        thanks=thanks,
        origin=origins.get(message.ticket_id, ""),
        also_in=split_offs.get(message.pk, ""),
    )


def _happened(event: TicketEvent, names: Names) -> Entry:
    note = getattr(event, "note", None)
    tone = "late" if event.kind in LATE else ""
    text, who = sentence(event, names), who_did(event)
    return Entry(
        at=event.at,
        event=event,
        text=text,
        icon=ICONS.get(event.kind, "clock"),
        who="" if who in text else who,
        note=note.text if note else "",
        tone=tone,
    )


def who_did(event: TicketEvent) -> str:
    """A person's name, or what the system calls itself."""
    if event.actor is not None:
        return str(event.actor)
    return {
        "triage": _("rules"),
        "escalation_rules": _("rules"),
        "sweep": _("clock"),
        "assignment": _("automatic assignment"),
        "supplier": _("supplier"),
        "account_server": _("account server"),
        "customer": _("customer"),
        "visitor": _("customer"),
        "demo": _("customer"),
        "integrator": "API",
    }.get(event.actor_label, event.actor_label)


def events_of(ticket: Ticket) -> list[TicketEvent]:
    return list(ticket.events.select_related("actor", "note").order_by("id"))


def stages_of(ticket: Ticket, events: list[TicketEvent]) -> list[Stage]:
    """Six fixed stops; a stop is reached when the ticket was ever there in its present life."""
    last: dict[str, TicketEvent] = {}
    for event in events:
        if event.kind == EventKind.RECEIVED:
            last[State.RECEIVED] = event
        elif event.to_state:
            last[event.to_state] = event
    if ticket.is_open:
        last.pop(State.CLOSED, None)
    people = {event.actor_id: event.actor for event in events}
    people[ticket.assignee_id] = ticket.assignee
    return [
        Stage(
            state=state,
            reached=state in last,
            current=state == ticket.state,
            at=last[state].at if state in last else None,
            who=_stage_person(ticket, last[state], people) if state in last else "",
        )
        for state in STAGES
    ]


def _stage_person(ticket: Ticket, event: TicketEvent, people: dict[int | None, User | None]) -> str:
    """Who did it; for 'handled' the one who has it since, e.g. to whom a team returned it."""
    if event.to_state != State.HANDLED:
        return _short(event)
    if ticket.state == State.HANDLED and ticket.assignee is not None:
        return ticket.assignee.get_short_name()
    handler = people.get(event.data.get("assignee"))
    if handler is not None:
        return handler.get_short_name()
    return "" if event.kind == EventKind.RETURNED else _short(event)


def _short(event: TicketEvent) -> str:
    actor = event.actor
    return actor.get_short_name() if isinstance(actor, User) else who_did(event)
