"""Tickets: file one, list them, look at one."""

from __future__ import annotations

import threading
from typing import Any

from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import endpoint
from helpdesk.common.errors import Conflict, InvalidInput
from helpdesk.common.inputs import read_body, read_query
from helpdesk.common.paging import next_link, page_of
from helpdesk.common.preconditions import etag
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from tickets.api.edge import actor_of, is_form, read_look, sees_desk
from tickets.api.inputs import NewTicket, NewTicketWithFiles
from tickets.api.listing import TicketQuery, listed_tickets
from tickets.api.shapes import (
    ReceiptSerializer,
    TicketDetailSerializer,
    TicketPageSerializer,
)
from tickets.api.shaping import ShapedQuery, shown
from tickets.models import Ticket
from tickets.personal_data import sees_openly
from tickets.selectors import sees, ticket_after_change
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
    description=(
        "The header ETag begins with its version: for If-Match with a change, for If-None-Match "
        "with the next look."
    ),
    answers=TicketDetailSerializer,
    query=ShapedQuery,
    refuses=(404,),
)
@api_view(["GET"])
def ticket(request: Request, number: str) -> Response:
    look = read_look(request, number, ShapedQuery)
    (answer,) = shown([look.ticket], look.values, actor=look.actor, shape=TicketDetailSerializer)
    response = Response(answer)
    response["ETag"] = etag(look.ticket.version)
    return response


def _list(request: Request) -> Response:
    actor, query = actor_of(request), read_query(request, TicketQuery)
    found = listed_tickets(actor, query).select_related("team", "home_team", "assignee")
    rows, further = page_of(found, query, by=("received_at", "id"), descending=True)
    return Response(
        {"results": shown(rows, query, actor=actor), "next": next_link(request, further)}
    )


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
    answer = _receipt_serializer(context).to_representation(ticket)
    response = Response(answer, status=status)
    response["Location"] = answer["links"]["self"]
    response["ETag"] = etag(ticket.version)
    return response


_kept = threading.local()


def _receipt_serializer(context: dict[str, Any]) -> ReceiptSerializer:
    """One for each thread and each sort of reader: REST framework copies some fifty fields to make it."""
    made: dict[tuple[bool, bool], ReceiptSerializer] = _kept.__dict__.setdefault("made", {})
    sort = (context["at_desk"], context["openly"])
    if sort not in made:
        made[sort] = ReceiptSerializer(context=context)
    made[sort].serve(context)
    return made[sort]
