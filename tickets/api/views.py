"""Tickets: file one, list them, look at one."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import endpoint
from helpdesk.common.errors import Conflict, InvalidInput
from helpdesk.common.inputs import QuerySerializer, read_body, read_query
from helpdesk.common.outputs import listed
from helpdesk.common.paging import next_link, page_of
from helpdesk.common.preconditions import etag
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.selectors import team_of_code
from tickets.api.edge import actor_of, is_form, read_look, sees_desk, ticket_answer
from tickets.api.inputs import (
    PRIORITIES,
    STATES,
    NewTicket,
    NewTicketWithFiles,
    TicketQuery,
)
from tickets.api.shapes import (
    ReceiptSerializer,
    TicketDetailSerializer,
    TicketPageSerializer,
    TicketSerializer,
)
from tickets.catalogue import known_category
from tickets.models import Ticket
from tickets.personal_data import sees_openly
from tickets.selectors import sees, ticket_after_change, visible_tickets
from tickets.services import Receipt, Report, receive_ticket
from tickets.states import Channel

TRUSTED_ONLY = ("channel", "tier")


@endpoint(
    "List tickets",
    name="list_tickets",
    tag="Tickets",
    method="GET",
    description="The tickets that the caller may see, the latest received first.",
    answers=TicketPageSerializer,
    query=TicketQuery,
)
@endpoint(
    "File a complaint",
    name="create_ticket",
    tag="Tickets",
    method="POST",
    description=(
        "Received, triaged and timed in one step. 200 with `created: false` is the open ticket of "
        "the same person about the same problem."
    ),
    body=NewTicket,
    files_body=NewTicketWithFiles,
    status=201,
    answers=ReceiptSerializer,
    other_answers={200: ReceiptSerializer},
    refuses=(409, 422),
)
@api_view(["GET", "POST"])
def tickets(request: Request) -> Response:
    return _create(request) if request.method == "POST" else _list(request)


@endpoint(
    "Look at one ticket",
    name="get_ticket",
    tag="Tickets",
    description="The header ETag holds its version, for If-Match.",
    answers=TicketDetailSerializer,
    refuses=(404,),
)
@api_view(["GET"])
def ticket(request: Request, number: str) -> Response:
    look = read_look(request, number, QuerySerializer)
    return ticket_answer(look.actor, look.ticket)


def _list(request: Request) -> Response:
    actor, query = actor_of(request), read_query(request, TicketQuery)
    found = _filtered(actor, query).select_related("team", "home_team", "assignee")
    rows, further = page_of(found, query, by=("received_at", "id"), descending=True)
    results = listed(TicketSerializer, rows, at_desk=sees_desk(actor))
    return Response({"results": results, "next": next_link(request, further)})


def _filtered(actor: Actor, query: dict[str, Any]) -> QuerySet[Ticket]:
    rows = visible_tickets(actor)
    for name, known in (("state", STATES), ("priority", PRIORITIES)):
        if words := query.get(name):
            rows = rows.filter(**{f"{name}__in": _known(words, known, name)})
    if code := query.get("team"):
        team = team_of_code(code)
        if team is None:
            raise _unknown("team")
        rows = rows.filter(team=team)
    if code := query.get("category"):
        if not known_category(code):
            raise _unknown("category")
        rows = rows.filter(category=code)
    if number := query.get("order_number"):
        rows = rows.filter(order_number=number)
    if email := query.get("customer_email"):
        rows = rows.filter(customer__email=email.lower())
    if query.get("watched"):
        rows = rows.filter(watches__person=actor.user)
    return rows


def _known(words: str, known: frozenset[str], name: str) -> list[str]:
    given = words.split(",")
    if not known.issuperset(given):
        raise _unknown(name)
    return given


def _unknown(name: str) -> InvalidInput:
    message = _("This value is not known.")
    return InvalidInput(message, code="unknown_value", fields={name: message})


def _create(request: Request) -> Response:
    actor = actor_of(request)
    values = read_body(request, NewTicketWithFiles if is_form(request) else NewTicket)
    _refuse_claims(actor, values)
    files, even_if_open = values.pop("files", ()), values.pop("even_if_open")
    receipt = receive_ticket(
        actor=actor,
        report=Report(**{"channel": Channel.API, **values}),
        files=files,
        even_if_open=even_if_open,
    )
    if receipt.created:
        return _receipt_answer(actor, receipt.ticket, created=True, masked=receipt.masked)
    return _answer_with_earlier(actor, receipt)


def _refuse_claims(actor: Actor, values: dict[str, Any]) -> None:
    """Only those whose word on it can be trusted say by which channel and of which tier it came."""
    if actor.at_desk or actor.may("receive_for_others"):
        return
    message = _("Only connected systems and the desk may set this.")
    claimed = {name: message for name in TRUSTED_ONLY if name in values}
    if claimed:
        raise InvalidInput(message, code="not_yours_to_set", fields=claimed)


def _answer_with_earlier(actor: Actor, receipt: Receipt) -> Response:
    """The open ticket about the same problem."""
    if not sees(actor, receipt.ticket):
        # Somebody else's: that there is one must be said, which one must not.
        message = _("This person already has an open ticket about this problem.")
        raise Conflict(message, code="open_ticket_exists")
    return _receipt_answer(
        actor,
        ticket_after_change(receipt.ticket),
        created=False,
        masked=receipt.masked,
        status=200,
    )


def _receipt_answer(
    actor: Actor, ticket: Ticket, *, created: bool, masked: tuple[str, ...], status: int = 201
) -> Response:
    context = {
        "at_desk": sees_desk(actor),
        "openly": sees_openly(actor),
        "created": created,
        "masked": masked,
    }
    answer = ReceiptSerializer(ticket, context=context).data
    response = Response(answer, status=status)
    response["Location"] = answer["links"]["self"]
    response["ETag"] = etag(ticket.version)
    return response
