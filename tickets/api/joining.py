"""Tickets that belong together: merged, split, linked."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import IF_MATCH, endpoint
from helpdesk.common.errors import NotAllowed
from helpdesk.common.inputs import QuerySerializer
from helpdesk.common.outputs import Moment, listed
from helpdesk.common.wording import gettext as _
from tickets.api import inputs
from tickets.api.actions import verb
from tickets.api.edge import Call, changed, read_call, read_look, sees_desk, ticket_answer
from tickets.api.shapes import TicketDetailSerializer
from tickets.models import TicketLink
from tickets.selectors import links_of, ticket_after_change, visible_tickets
from tickets.services import (
    link_tickets,
    merge_tickets,
    split_ticket,
    undo_merge,
    unlink_tickets,
)


@verb("Merge tickets into this one", name="merge_tickets", body=inputs.Merge)
def merge(request: Request, number: str) -> Response:
    """Each is closed as a duplicate; its number goes on working and its messages are read here.

    404 `unknown_ticket` for a number that is wrong, unknown or not the caller's to see; 400
    `different_customers`, `same_ticket`; 409 `target_closed`, `target_merged`, `already_merged`,
    `ticket_closed`, `holds_merged`, `held`, `with_a_team`, `escalation_waits`.
    """
    call = read_call(request, number, inputs.Merge)
    merge_tickets(**call.change, **call.values)
    return changed(call)


@verb("Undo a merge", name="undo_merge", body=inputs.Nothing)
def merge_undo(request: Request, number: str) -> Response:
    """Of the ticket that was merged, within a day: it is again what it was, deadlines too.

    409 `not_merged`, `undo_expired`.
    """
    call = read_call(request, number, inputs.Nothing)
    undo_merge(**call.change)
    return changed(call)


@endpoint(
    "Split a ticket",
    name="split_ticket",
    tag="Actions",
    description=(
        "Messages of this ticket become a ticket of its own, which is the answer; they stay here "
        "too. It is classified by the customer's words among them, its deadlines count from when "
        "the customer wrote the first of them, and the customer is told. 400 `unknown_message`, "
        "`no_customer_words`, `too_many`; 409 `already_split`: the very same messages were."
    ),
    body=inputs.Split,
    answers=TicketDetailSerializer,
    status=201,
    headers=(IF_MATCH,),
    refuses=(403, 404, 409, 412),
)
@api_view(["POST"])
def split(request: Request, number: str) -> Response:
    call = read_call(request, number, inputs.Split)
    made = split_ticket(**call.change, **call.values)
    response = ticket_answer(call.actor, ticket_after_change(made), status=201)
    response["Location"] = response.data["links"]["self"]
    return response


class LinkSerializer(serializers.Serializer[TicketLink]):
    """`kind` is how this ticket belongs to the other one, seen from the end named by `way`."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=TicketLink.Kind.choices)
    way = serializers.SerializerMethodField(
        help_text="`to`: this ticket points to the other one; `from`: the other one points here."
    )
    number = serializers.SerializerMethodField(help_text="The other ticket.")
    seen = serializers.SerializerMethodField(help_text="Whether the caller may open it.")
    made_at = Moment()

    def get_way(self, link: TicketLink) -> str:
        return "to" if link.from_ticket_id == self.context["ticket"] else "from"

    def get_number(self, link: TicketLink) -> str:
        forward = link.from_ticket_id == self.context["ticket"]
        return link.to_ticket.number if forward else link.from_ticket.number

    def get_seen(self, link: TicketLink) -> bool:
        seen: set[int] = self.context["seen"]
        return {link.from_ticket_id, link.to_ticket_id} <= seen


class LinkListSerializer(serializers.Serializer[Any]):
    results = LinkSerializer(many=True)


@endpoint(
    "A ticket's links",
    name="list_links",
    tag="Actions",
    method="GET",
    description="The tickets that belong to this one, merged and split ones too. Only for the desk.",
    answers=LinkListSerializer,
    refuses=(403, 404),
)
@endpoint(
    "Link two tickets",
    name="link_tickets",
    tag="Actions",
    method="POST",
    description=(
        "Any two that the caller may see, of one customer or of two; no customer learns of it. 404 "
        "`unknown_ticket`; 400 `same_ticket`; 409 `linked_already`, `circle`, `too_many_links`."
    ),
    body=inputs.NewLink,
    status=201,
    answers=LinkListSerializer,
    headers=(IF_MATCH,),
    refuses=(403, 404, 409, 412),
)
@api_view(["GET", "POST"])
def links(request: Request, number: str) -> Response:
    if request.method == "GET":
        look = read_look(request, number, QuerySerializer)
        if not sees_desk(look.actor) and not look.actor.may("see_all_tickets"):
            raise NotAllowed(_("Your role does not permit this."))
        return _links(look)
    call = read_call(request, number, inputs.NewLink)
    link_tickets(**call.change, **call.values)
    return _links(call, status=201)


@endpoint(
    "Remove a link",
    name="unlink_tickets",
    tag="Actions",
    description="One that was made by hand, from either of its tickets. 409 `no_such_link`.",
    body=inputs.LinkRemoval,
    answers=LinkListSerializer,
    headers=(IF_MATCH,),
    refuses=(403, 404, 409, 412),
)
@api_view(["POST"])
def link_removal(request: Request, number: str) -> Response:
    call = read_call(request, number, inputs.LinkRemoval)
    unlink_tickets(**call.change, link_id=call.values["link"])
    return _links(call)


def _links(call: Call, *, status: int = 200) -> Response:
    rows = list(links_of(call.ticket))
    ends = {pk for link in rows for pk in (link.from_ticket_id, link.to_ticket_id)}
    seen = set(visible_tickets(call.actor).filter(pk__in=ends).values_list("pk", flat=True))
    results = listed(LinkSerializer, rows, ticket=call.ticket.pk, seen=seen)
    return Response({"results": results}, status=status)
