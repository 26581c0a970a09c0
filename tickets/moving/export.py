"""Tickets as they leave us: a JSON object a line or a row of CSV, in the order in which they were made.

The shape is what `tickets import` reads again. Files do not go along.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from tickets.models import ClosingForm, Message, Ticket
from tickets.tag_reads import slugs_of_ids

CHUNK = 500
COLUMNS = (
    *("external_id", "number", "state", "waiting", "priority", "category", "queue", "team"),
    *("assignee", "subject", "description", "channel", "language", "reporter", "tier"),
    *("order_number", "wanted_solution", "amount_idr"),
    *("customer_name", "customer_email", "customer_phone"),
    *("received_at", "first_response_at", "closed_at", "tags"),
    *("root_cause", "solution", "confirmation", "source", "source_id", "messages"),
)


def write_tickets(tickets: QuerySet[Ticket], target: IO[str], *, form: str) -> Iterator[int]:
    """Writes all of them as 'jsonl' or 'csv' and yields after each how many there are so far.

    One chunk is in memory at a time; all are read as of one instant.
    """
    writer = csv.DictWriter(target, COLUMNS, lineterminator="\n")
    if form == "csv":
        writer.writeheader()
    for number, shape in enumerate(shapes_of(tickets), start=1):
        if form == "csv":
            writer.writerow(_flat(shape))
        else:
            target.write(json.dumps(shape, ensure_ascii=False) + "\n")
        yield number


def shapes_of(tickets: QuerySet[Ticket]) -> Iterator[dict[str, Any]]:
    said = Message.objects.select_related("author", "customer").order_by("sent_at", "id")
    forms = ClosingForm.objects.exclude(event=None).order_by("id")
    rows = (
        tickets.select_related("team", "assignee", "customer", "imported")
        .prefetch_related(Prefetch("messages", said), Prefetch("closing_forms", forms))
        .order_by("pk")
    )
    with transaction.atomic():
        for chunk in _chunks(rows.iterator(chunk_size=CHUNK)):
            tags = slugs_of_ids({pk for ticket in chunk for pk in ticket.tags})
            for ticket in chunk:
                yield _shape(ticket, tags)


def _chunks(tickets: Iterable[Ticket]) -> Iterator[list[Ticket]]:
    chunk: list[Ticket] = []
    for ticket in tickets:
        chunk.append(ticket)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _shape(ticket: Ticket, tags: dict[int, str]) -> dict[str, Any]:
    origin = getattr(ticket, "imported", None)
    forms = list(ticket.closing_forms.all()) if ticket.closed_at else []
    return {
        "external_id": ticket.number,
        "number": ticket.number,
        "state": ticket.state,
        "waiting": ticket.waiting_for_customer_since is not None,
        "priority": ticket.priority,
        "category": ticket.category,
        "queue": ticket.queue,
        "team": ticket.team.code if ticket.team else None,
        "assignee": ticket.assignee.email if ticket.assignee else None,
        "subject": ticket.subject,
        "description": ticket.description,
        "channel": ticket.channel,
        "language": ticket.language,
        "reporter": ticket.reporter,
        "tier": ticket.tier,
        "order_number": ticket.order_number,
        "wanted_solution": ticket.wanted_solution,
        "amount_idr": ticket.amount_idr,
        "customer": {
            "name": ticket.customer.own_name,
            "email": ticket.customer.email,
            "phone": ticket.customer.phone,
        },
        "received_at": _moment(ticket.received_at),
        "first_response_at": _moment(ticket.first_response_at),
        "closed_at": _moment(ticket.closed_at),
        "tags": sorted({tags[pk] for pk in ticket.tags if pk in tags}),
        "closing": _closing(forms[-1]) if forms else None,
        "source": origin.source if origin else None,
        "source_id": origin.external_id if origin else None,
        "messages": [_message(message) for message in _after_the_complaint(ticket)],
    }


def _after_the_complaint(ticket: Ticket) -> list[Message]:
    """The complaint itself is the description."""
    said = list(ticket.messages.all())
    own = (ticket.received_at, Message.Kind.CUSTOMER)
    return said[1:] if said and (said[0].sent_at, said[0].kind) == own else said


def _message(message: Message) -> dict[str, Any]:
    person = message.author
    author = {"name": person.full_name, "email": person.email} if person else None
    return {
        "kind": message.kind,
        "body": message.body,
        "sent_at": _moment(message.sent_at),
        "author": author,
    }


def _closing(form: ClosingForm) -> dict[str, str]:
    return {
        "root_cause": form.root_cause,
        "solution": form.solution,
        "confirmation": form.confirmation,
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _flat(shape: dict[str, Any]) -> dict[str, Any]:
    """A row of CSV: the messages stand in one cell as JSON."""
    customer = {f"customer_{name}": value for name, value in shape["customer"].items()}
    flat = {**shape, **customer, **(shape["closing"] or {}), "tags": ",".join(shape["tags"])}
    flat["messages"] = json.dumps(shape["messages"], ensure_ascii=False)
    flat["waiting"] = "true" if shape["waiting"] else ""
    return {name: flat.get(name) for name in COLUMNS}
