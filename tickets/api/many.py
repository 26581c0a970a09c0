"""File up to a thousand complaints in one request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import ProblemDocument, endpoint
from helpdesk.common.errors import Conflict, Refusal
from helpdesk.common.inputs import InputSerializer, Several, read, read_body
from helpdesk.common.outputs import Moment
from helpdesk.common.problems import problem_of
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from tickets.api.edge import actor_of
from tickets.api.inputs import NewTicket
from tickets.models import Ticket
from tickets.selectors import seen_among
from tickets.services import MOST_AT_ONCE, NotReceived, Receipt, Report, receive_tickets
from tickets.states import Channel, Priority, State


class NewTickets(InputSerializer):
    tickets = Several(
        child=NewTicket(),
        allow_empty=False,
        max_length=MOST_AT_ONCE,
        help_text="Each as in `POST /tickets`, without files. 2 MB in all.",
    )


class _AsItIs(serializers.Field[Any, Any, Any, Any]):
    """Read later, one by one: what is wrong with one is no fault of the others."""

    def to_internal_value(self, data: Any) -> Any:
        return data


class _Envelope(InputSerializer):
    tickets = Several(child=_AsItIs(allow_null=True), allow_empty=False, max_length=MOST_AT_ONCE)


class FiledTicketSerializer(serializers.Serializer[Any]):
    number = serializers.CharField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(choices=State.choices)
    category = serializers.CharField()
    priority = serializers.ChoiceField(choices=Priority.choices)
    queue = serializers.CharField()
    team = serializers.CharField(help_text="Its code.")
    received_at = Moment()
    next_due_at = Moment(allow_null=True)
    url = serializers.URLField()


class FilingSerializer(serializers.Serializer[Any]):
    index = serializers.IntegerField(help_text="Its place in the request, from 0.")
    status = serializers.IntegerField(
        help_text="What `POST /tickets` would have answered: 201, 200 (already open) or an error."
    )
    ticket = FiledTicketSerializer(allow_null=True, help_text="Null where it was refused.")
    masked = serializers.ListField(
        child=serializers.CharField(), help_text="Kinds of secrets that were hidden."
    )
    problem = ProblemDocument(
        allow_null=True, help_text="Why it was refused; `field` such as `tickets.3.amount_idr`."
    )


class FilingsSerializer(serializers.Serializer[Any]):
    created = serializers.IntegerField(help_text="How many are new.")
    existing = serializers.IntegerField(help_text="How many are open already.")
    refused = serializers.IntegerField()
    results = FilingSerializer(many=True, help_text="One for each, in the order of the request.")


@endpoint(
    "File many complaints",
    name="create_tickets",
    tag="Many tickets",
    description=(
        "Up to 1,000 complaints, each received, triaged and timed as by `POST /tickets`. Those that "
        "can be received are kept; each of the others has its problem document. All that is kept is "
        "kept in one transaction: without an answer, send the same again with the same "
        "Idempotency-Key. For connected systems and the desk."
    ),
    body=NewTickets,
    answers=FilingsSerializer,
)
@api_view(["POST"])
def create(request: Request) -> Response:
    actor, given = actor_of(request), read_body(request, _Envelope)["tickets"]
    answers: dict[int, Receipt | Refusal] = {}
    values: dict[int, dict[str, Any]] = {}
    reader = NewTicket()
    for place, item in enumerate(given):
        try:
            values[place] = _read(reader, item)
        except Refusal as refusal:
            answers[place] = refusal
    received = receive_tickets(
        actor=actor,
        even_if_open=[each.pop("even_if_open") for each in values.values()],
        reports=[Report(**{"channel": Channel.API, **each}) for each in values.values()],
    )
    for place, answer in zip(values, received, strict=True):
        answers[place] = answer.refusal if isinstance(answer, NotReceived) else answer
    _hide_foreign(actor, answers)
    results = [_result(place, answers[place]) for place in range(len(given))]
    statuses = [result["status"] for result in results]
    counts = {"created": statuses.count(201), "existing": statuses.count(200)}
    refused = len(statuses) - sum(counts.values())
    return Response({**counts, "refused": refused, "results": results})


def _read(reader: NewTicket, item: Any) -> dict[str, Any]:
    if isinstance(item, Mapping):
        try:
            return dict(reader.run_validation(item))
        except serializers.ValidationError:
            pass  # said again below, in both languages
    return read(NewTicket, item)


def _hide_foreign(actor: Actor, answers: dict[int, Receipt | Refusal]) -> None:
    """Of somebody else's open ticket is said that there is one, and not which."""
    found = [a.ticket for a in answers.values() if isinstance(a, Receipt) and not a.created]
    seen = seen_among(actor, found)
    for place, answer in answers.items():
        if isinstance(answer, Receipt) and not answer.created and answer.ticket.pk not in seen:
            message = _("This person already has an open ticket about this problem.")
            answers[place] = Conflict(message, code="open_ticket_exists")


def _result(place: int, answer: Receipt | Refusal) -> dict[str, Any]:
    if isinstance(answer, Receipt):
        return {
            "index": place,
            "status": 201 if answer.created else 200,
            "ticket": _ticket(answer.ticket),
            "masked": list(answer.masked),
            "problem": None,
        }
    problem = problem_of(answer)
    assert problem is not None  # noqa: S101 - a Refusal always is one
    errors = [
        replace(error, field=f"tickets.{place}.{error.field}".rstrip("."))
        for error in problem.errors
    ]
    return {
        "index": place,
        "status": problem.status,
        "ticket": None,
        "masked": [],
        "problem": replace(problem, errors=errors).document(),
    }


def _ticket(ticket: Ticket) -> dict[str, Any]:
    return {
        "number": ticket.number,
        "version": ticket.version,
        "state": ticket.state,
        "category": ticket.category,
        "priority": ticket.priority,
        "queue": ticket.queue,
        "team": ticket.team.code if ticket.team else "",
        "received_at": _MOMENT.to_representation(ticket.received_at),
        "next_due_at": ticket.next_due_at and _MOMENT.to_representation(ticket.next_due_at),
        "url": f"{settings.BASE_URL.rstrip('/')}/api/v1/tickets/{ticket.number}",
    }


_MOMENT = Moment()
