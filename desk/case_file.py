"""Everything on record about one ticket that its page tells, read in one statement."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet

from agents_ops.models import PlaybookRun, StepRecord
from desk.access import person_of
from desk.receiving_actions import WorkFacts, WorkRows, work_facts
from escalation.models import Decision, Escalation, FollowUp, FreezeRequest, Hearing, RelayNote
from helpdesk.common.together import Shelf, read_together
from people.actors import Actor
from people.models import Team, User
from sla.kinds import CONFIRMATION
from sla.models import Clock, Metric, Timer
from tickets.customers import Satisfaction, earlier_tickets, ratings_of, satisfaction_of
from tickets.models import (
    Attachment,
    ClosingForm,
    Draft,
    IncidentTicket,
    KeptFile,
    Message,
    Notice,
    OutgoingReply,
    Ticket,
    TicketEvent,
    TicketLink,
)
from tickets.selectors import visible_tickets, watchers_of

EARLIER_TICKETS = 5
OF_ESCALATION = ("to_team", "requested_by", "decided_by", "accepted_by", "assignee")
Rows = QuerySet[Any, Any]


@dataclass(frozen=True)
class CaseFile:
    """Rows by what they are; each in the order in which the page tells them."""

    ticket: Ticket
    events: list[TicketEvent]
    messages: list[Message]
    files: dict[int | None, list[Attachment]]
    clocks: list[Clock]
    escalations: list[Escalation]
    freezes: list[FreezeRequest]
    relays: list[RelayNote]
    decisions: list[Decision]
    closings: list[ClosingForm]
    earlier: list[Ticket]
    satisfaction: Satisfaction
    teams: dict[str, Team]
    work: WorkFacts
    confirmation: Timer | None
    unread: bool
    links: list[TicketLink]
    linked_seen: frozenset[int]
    watchers: list[User]
    member: IncidentTicket | None
    drafts: list[Draft]
    kept: list[KeptFile]
    leaving: list[OutgoingReply]
    leaving_files: list[KeptFile]
    runs: list[PlaybookRun]
    records: list[StepRecord]
    people: dict[int, str] = field(default_factory=dict)


def read_case_file(actor: Actor, ticket: Ticket) -> CaseFile:
    """`ticket` comes from the funnel, with its people. One statement; what the reader may not see
    of other tickets of the customer stays out."""
    asked: dict[str, Any] = {
        **_SHELF.parts("", _rows, ticket.pk, person_of(actor).pk, ticket.customer_id),
        **_SHELF.parts(actor.sight, partial(_others_seen, actor), ticket.pk, ticket.customer_id),
    }
    if ticket.watched:
        asked["watchers"] = watchers_of(ticket).only("full_name")
    found = dict(zip(asked, read_together(*asked.values()), strict=True))
    _know_clocks(found["escalations"], found["clocks"])
    work = WorkRows(
        found["freezes"],
        found.pop("follow_ups"),
        found.pop("hearings"),
        found["decisions"],
        found["escalations"],
    )
    messages = _in_order(found.pop("messages"), found.pop("merged"))
    files: dict[int | None, list[Attachment]] = {}
    for file in found.pop("files") + found.pop("merged_files"):
        files.setdefault(file.message_id, []).append(file)
    return CaseFile(
        ticket=ticket,
        files=files,
        work=work_facts(ticket, work),
        messages=messages,
        watchers=found.pop("watchers", []),
        member=next(iter(found.pop("member")), None),
        linked_seen=frozenset(found.pop("seen_from") + found.pop("seen_to")),
        confirmation=_confirmation(ticket, found.pop("confirmation")),
        unread=bool(found.pop("unread")),
        satisfaction=satisfaction_of(found.pop("ratings")),
        teams={team.code: team for team in found.pop("teams")},
        people=_people(ticket, found["events"], messages),
        **found,
    )


def _rows(ticket: int, reader: int, customer: int) -> dict[str, Rows]:
    of_ticket = {"ticket_id": ticket}
    accepted = {"escalation__ticket_id": ticket, "escalation__state": Escalation.State.ACCEPTED}
    decisions = Decision.objects.filter(escalation__ticket_id=ticket)
    return {
        "events": TicketEvent.objects.filter(**of_ticket)
        .select_related("actor", "note", "classification")
        .order_by("id"),
        "messages": Message.objects.filter(**of_ticket)
        .select_related("author")
        .order_by("sent_at", "id"),
        "merged": Message.objects.filter(**_merged_into(ticket)).select_related("author"),
        "merged_files": Attachment.objects.filter(**_merged_into(ticket)).order_by("id"),
        "links": TicketLink.objects.filter(Q(from_ticket_id=ticket) | Q(to_ticket_id=ticket))
        .select_related("from_ticket", "to_ticket")
        .only(*OF_LINK),
        "member": IncidentTicket.objects.filter(**of_ticket).select_related("incident"),
        "files": Attachment.objects.filter(**of_ticket).order_by("id"),
        "clocks": Clock.objects.filter(**of_ticket).order_by("id"),
        "escalations": Escalation.objects.filter(**of_ticket).select_related(*OF_ESCALATION),
        "freezes": FreezeRequest.objects.filter(**of_ticket).select_related(
            "asked_by", "decided_by"
        ),
        "relays": RelayNote.objects.filter(**of_ticket).select_related("by"),
        "follow_ups": FollowUp.objects.filter(**accepted),
        "hearings": Hearing.objects.filter(**accepted),
        "decisions": decisions.select_related("escalation", "decided_by"),
        "closings": ClosingForm.objects.filter(**of_ticket)
        .select_related("survey")
        .order_by("-id"),
        "ratings": ratings_of(customer),
        "teams": Team.objects.all(),
        "confirmation": Timer.objects.filter(
            kind=CONFIRMATION,
            subject_type="ticket",
            subject_id=ticket,
            state=Timer.State.ARMED,
        ),
        "drafts": Draft.objects.filter(user_id=reader, **of_ticket)
        .select_related("macro")
        .order_by("-saved_at"),
        "kept": KeptFile.objects.filter(user_id=reader, outgoing=None, **of_ticket),
        "leaving": OutgoingReply.objects.filter(
            state=OutgoingReply.State.WAITING, **of_ticket
        ).select_related("author", "macro"),
        "leaving_files": KeptFile.objects.filter(
            outgoing__state=OutgoingReply.State.WAITING, **of_ticket
        ),
        "runs": PlaybookRun.objects.filter(**of_ticket)
        .select_related("started_by")
        .order_by("-id"),
        "records": StepRecord.objects.filter(run__ticket_id=ticket)
        .select_related("by", "given")
        .order_by("id"),
        "unread": Notice.objects.filter(recipient_id=reader, read_at__isnull=True, **of_ticket)
        .order_by()
        .values_list("pk", flat=True)[:1],
    }


_SHELF = Shelf()
OF_LINK = (
    *("kind", "made_at"),
    *(
        f"{end}__{name}"
        for end in ("from_ticket", "to_ticket")
        for name in ("number", "subject", "state")
    ),
)


def _merged_into(ticket: int) -> dict[str, Any]:
    """What belongs to the tickets that go on in this one."""
    kind = TicketLink.Kind.MERGED_INTO
    return {"ticket__links_out__to_ticket_id": ticket, "ticket__links_out__kind": kind}


def _others_seen(actor: Actor, ticket: int, customer: int) -> dict[str, Rows]:
    """The customer's earlier tickets, and the ids of those at the other end of a link, as far as
    the reader may see them."""
    seen = visible_tickets(actor).order_by()
    return {
        "earlier": earlier_tickets(actor, ticket, customer)[:EARLIER_TICKETS],
        "seen_from": seen.filter(links_out__to_ticket=ticket).values_list("pk", flat=True),
        "seen_to": seen.filter(links_in__from_ticket=ticket).values_list("pk", flat=True),
    }


def _know_clocks(escalations: list[Escalation], clocks: list[Clock]) -> None:
    """The clock that an acceptance began is among those read: nobody asks for it again."""
    due = {row.started_at: row.due_at for row in clocks if row.metric == Metric.MEDIATION_DECISION}
    for row in escalations:
        row.clock_due_at = due.get(row.accepted_at) if row.accepted_at else None


def _in_order(messages: list[Message], merged: list[Message]) -> list[Message]:
    """With those of the tickets merged into this one."""
    return sorted([*messages, *merged], key=lambda message: (message.sent_at, message.pk))


def _confirmation(ticket: Ticket, timers: list[Timer]) -> Timer | None:
    """When the ticket closes by itself unless the customer answers."""
    asked = ticket.confirmation_asked_at is not None and ticket.is_open
    return next(iter(timers), None) if asked else None


def _people(ticket: Ticket, events: list[TicketEvent], messages: list[Message]) -> dict[int, str]:
    """The names at hand; whoever is missing is asked for when a sentence needs him."""
    known = [event.actor for event in events] + [message.author for message in messages]
    return {person.pk: person.full_name for person in [*known, ticket.assignee] if person}
