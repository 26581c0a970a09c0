"""Tickets of another system brought in: their past is retold, their customers hear nothing of it.

A closed ticket arrives closed: its history is written as it was told, without clocks, timers, letters
or triggers. An open one is received as of its own time and lives by our rules from then on, as a part
that is split off does (`splitting.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils import translation

from helpdesk.common import writes
from helpdesk.common.wording import gettext as _
from people.actors import TRIAGE, Actor, of_user
from people.models import Customer, Tier, User
from people.services import NewCustomer, know_customer
from tickets.events import CustomerWrote, TeamReplied, TicketNews
from tickets.models import (
    ClosingForm,
    EventKind,
    ImportedTicket,
    Message,
    Ticket,
    TicketEvent,
)
from tickets.moving.entry import Closing, Entry, Said
from tickets.numbers import new_number
from tickets.routing import holding_team
from tickets.services.changes import record, save_change, tell
from tickets.services.classification import classify_by_rules, decided, keep_decision
from tickets.services.handling import start_handling
from tickets.services.mail import without_customer_mail
from tickets.services.tagging import tags_called
from tickets.states import State
from tickets.triage import Complaint, Decision, Evidence, Reason
from tickets.triage_in_force import triage_in_force

IMPORT = Actor(system="import")
_CUSTOMER, _REPLY = Message.Kind.CUSTOMER, Message.Kind.REPLY
_KINDS: dict[str, tuple[EventKind, type[TicketNews] | None]] = {
    Message.Kind.CUSTOMER: (EventKind.CUSTOMER_WROTE, CustomerWrote),
    Message.Kind.REPLY: (EventKind.REPLIED, TeamReplied),
    Message.Kind.NOTE: (EventKind.NOTED, None),
}


class Importer:
    """Writes entries of one `source`. `staff`: people of ours by address, and by name where only one
    has it. Each call belongs inside a transaction of its caller."""

    def __init__(self, source: str, staff: dict[str, User], at: datetime) -> None:
        self.source, self.staff, self.at = source, staff, at
        self._customers: dict[tuple[str, str], Customer] = {}

    def bring_in(self, entries: Sequence[Entry]) -> list[Ticket]:
        """The tickets made, open ones last. Raises Refusal and DatabaseError; then nothing is stored."""
        self._customers.clear()  # of a transaction that may have been undone
        taken = _taken([entry.number for entry in entries if entry.number])
        numbers = {entry.external_id: self._number(entry, taken) for entry in entries}
        with writes.gathered(rows=4 * len(entries) or 1):
            made = [
                self._closed(entry, entry.closing, numbers[entry.external_id])
                for entry in entries
                if entry.closing is not None
            ]
        with without_customer_mail():
            opened = [entry for entry in entries if entry.closing is None]
            made += [self._open(entry, numbers[entry.external_id]) for entry in opened]
        return made

    def person(self, word: str) -> User | None:
        return self.staff.get(word.strip().lower()) if word else None

    # --- closed ---------------------------------------------------------------------------------------
    def _closed(self, entry: Entry, end: Closing, number: str) -> Ticket:
        said, facts = entry.said, self._facts(entry, number)
        decision = _decide(facts, entry)
        ticket = Ticket(
            **facts,
            state=State.CLOSED,
            category=decision.category,
            priority=decision.priority,
            queue=decision.queue,
            classified_at=entry.received_at,
            assignee=self.person(entry.assignee),
            first_response_at=entry.first_response_at or _first_reply(said) or end.at,
            closed_at=end.at,
            sealed_at=self.at,
        )
        ticket.team = ticket.home_team = holding_team(decision.category, decision.queue)
        writes.insert(ticket)
        self._tell_of_receipt(ticket, entry, decision)
        answered = False
        for each in said:
            data = _spoken(self._message(ticket, each))
            if each.kind == _REPLY:
                data |= {"first": not answered, "waiting": False}
                answered = True
            kind, actor = _KINDS[each.kind][0], self._teller(ticket, each)
            self._past(ticket, kind, each.at, data, actor)
        form = self._form(ticket, end)
        data = {"confirmation": form.confirmation, "closing_form": form.pk}
        states = (State.HANDLED, State.CLOSED)
        form.event = self._past(ticket, EventKind.CLOSED, end.at, data, states=states)
        self._past(ticket, EventKind.SEALED, self.at, {})
        return self._remember(ticket, entry)

    def _tell_of_receipt(self, ticket: Ticket, entry: Entry, decision: Decision) -> None:
        at = entry.received_at
        first = self._message(ticket, Said(_CUSTOMER, entry.description, at, masked=entry.masked))
        customer, data = Actor(customer=ticket.customer), _opening(ticket, first)
        self._past(ticket, EventKind.RECEIVED, at, data, customer, states=("", State.RECEIVED))
        data, states = decided(decision), (State.RECEIVED, State.CLASSIFIED)
        event = self._past(ticket, EventKind.CLASSIFIED, at, data, TRIAGE, states=states)
        keep_decision(ticket, event, decision)

    def _past(
        self,
        ticket: Ticket,
        kind: str,
        at: datetime,
        data: dict[str, Any],
        actor: Actor = IMPORT,
        *,
        states: tuple[str, str] = ("", ""),
    ) -> TicketEvent:
        """An event of the time before: nobody is told of it, no clock follows it."""
        event = TicketEvent(
            ticket=ticket,
            at=at,
            kind=kind,
            actor=actor.user,
            actor_label=actor.label,
            from_state=states[0],
            to_state=states[1],
            data={**data, "imported": self.source, "past": True},
        )
        writes.insert(event)
        return event

    def _form(self, ticket: Ticket, end: Closing) -> ClosingForm:
        with translation.override(ticket.language):
            unknown = str(_("Not recorded where the ticket came from."))
        form = ClosingForm(
            ticket=ticket,
            root_cause=end.root_cause or unknown,
            solution=end.solution or unknown,
            confirmation=end.confirmation,
            prepared_by=None,
            prepared_at=end.at,
        )
        writes.insert(form)
        return form

    # --- open -----------------------------------------------------------------------------------------
    def _open(self, entry: Entry, number: str) -> Ticket:
        facts, at = self._facts(entry, number), entry.received_at
        decision = _decide(facts, entry)
        ticket = Ticket(**facts)
        writes.insert(ticket)
        first = self._message(ticket, Said(_CUSTOMER, entry.description, at, masked=entry.masked))
        mark = {"imported": self.source}
        customer = Actor(customer=ticket.customer)
        data = _opening(ticket, first) | mark
        record(ticket, actor=customer, kind=EventKind.RECEIVED, at=at, data=data)
        classify_by_rules(ticket, decision, at=at, because=mark)
        officer = self.person(entry.assignee)
        # Unless a rule has escalated it at once.
        free = entry.state == State.HANDLED and ticket.state == State.CLASSIFIED
        if free and officer is not None and ticket.team_id in officer.team_ids:
            ticket.assignee = officer
            start_handling(ticket, actor=of_user(officer), at=at, because=mark)
        waits = entry.said[-1] if entry.waiting and entry.said else None
        for said in entry.said:
            waiting = said is waits and said.kind == _REPLY
            self._retell(ticket, said, waiting=waiting, mark=mark)
        return self._remember(ticket, entry)

    def _retell(self, ticket: Ticket, said: Said, *, waiting: bool, mark: dict[str, Any]) -> None:
        kind, news = _KINDS[said.kind]
        data = _spoken(self._message(ticket, said)) | mark
        if said.kind == _REPLY:
            data |= {"first": ticket.first_response_at is None, "waiting": waiting}
            ticket.first_response_at = ticket.first_response_at or said.at
            ticket.waiting_for_customer_since = said.at if waiting else None
            save_change(ticket, "first_response_at", "waiting_for_customer_since")
        actor = self._teller(ticket, said)
        event = record(ticket, actor=actor, kind=kind, at=said.at, data=data)
        if news is not None:
            tell(news, ticket, event)

    # --- both -----------------------------------------------------------------------------------------
    def _facts(self, entry: Entry, number: str) -> dict[str, Any]:
        """What the ticket was received with."""
        customer = self._customer(entry)
        return {
            "number": number,
            "customer": customer,
            "reporter": entry.reporter,
            "tier": customer.tier,
            "channel": entry.channel,
            "language": entry.language,
            "subject": entry.subject,
            "description": entry.description,
            "order_number": entry.order_number,
            "wanted_solution": entry.wanted_solution,
            "amount_idr": entry.amount_idr,
            "received_at": entry.received_at,
            "tags": tags_called(entry.tags, actor=IMPORT) if entry.tags else [],
        }

    def _customer(self, entry: Entry) -> Customer:
        person = entry.customer
        key = (person.email, person.phone)
        if key not in self._customers:
            self._customers[key] = know_customer(
                NewCustomer(
                    name=person.name or person.email or person.phone,
                    email=person.email,
                    phone=person.phone,
                    tier=entry.tier or Tier.REGULAR,
                    language=entry.language,
                )
            )
        return self._customers[key]

    def _message(self, ticket: Ticket, said: Said) -> Message:
        ours = said.kind != _CUSTOMER
        message = Message(
            ticket=ticket,
            kind=said.kind,
            author=self._author(said) if ours else None,
            customer=None if ours else ticket.customer,
            body=said.body,
            masked=list(said.masked),
            sent_at=said.at,
        )
        writes.insert(message)
        return message

    def _author(self, said: Said) -> User | None:
        return self.person(said.author.email) or self.person(said.author.name)

    def _teller(self, ticket: Ticket, said: Said) -> Actor:
        if said.kind == _CUSTOMER:
            return Actor(customer=ticket.customer)
        author = self._author(said)
        return of_user(author) if author else IMPORT

    def _number(self, entry: Entry, taken: set[str]) -> str:
        """Its own, where it was ours and is free: customers know it by that."""
        if not entry.number or entry.number in taken:
            return new_number()
        taken.add(entry.number)
        return entry.number

    def _remember(self, ticket: Ticket, entry: Entry) -> Ticket:
        row = ImportedTicket(
            source=self.source, external_id=entry.external_id, ticket=ticket, at=self.at
        )
        writes.insert(row)
        return ticket


def _decide(facts: dict[str, Any], entry: Entry) -> Decision:
    """Triage's decision, with what the other system says over it."""
    known = ("channel", "reporter", "tier", "amount_idr", "subject")
    complaint = Complaint(**{name: facts[name] for name in known}, body=facts["description"])
    decision = triage_in_force(complaint)
    said = {name: getattr(entry, name) for name in ("category", "priority", "queue")}
    given = {name: word for name, word in said.items() if word}
    if not given:
        return decision
    reason = Reason(
        rule="imported",
        title_id="Dibawa dari sistem sebelumnya",
        title_en="Brought along from the former system",
        evidence=tuple(Evidence(field=name, text=word) for name, word in given.items()),
        effect=given,
        source="",
    )
    kept: dict[str, Any] = {**given, "reasons": (*decision.reasons, reason)}
    return replace(decision, **kept)


def _taken(numbers: Sequence[str]) -> set[str]:
    found = Ticket.objects.filter(number__in=numbers).values_list("number", flat=True)
    return set(found) if numbers else set()


def _first_reply(said: Sequence[Said]) -> datetime | None:
    return next((each.at for each in said if each.kind == _REPLY), None)


def _opening(ticket: Ticket, first: Message) -> dict[str, Any]:
    return {"channel": ticket.channel, **_spoken(first)}


def _spoken(message: Message) -> dict[str, Any]:
    return {"message": message.pk, "files": 0, "masked": message.masked, "retold": True}
