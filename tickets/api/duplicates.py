"""Tickets that may tell of the same, and saying that they do not."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import endpoint
from helpdesk.common.inputs import InputSerializer, QuerySerializer, Text
from helpdesk.common.outputs import Moment
from tickets.api.edge import Call, read_call, read_look
from tickets.duplicates import CONTACT, ORDER, PERSON, PROBLEM, alike
from tickets.services.dismissing import dismiss_duplicate


class AlikeSerializer(serializers.Serializer[Any]):
    """`percent`: how many of both texts' words are the same, where `problem` is a reason, else 0."""

    number = serializers.CharField(source="ticket.number")
    subject = serializers.CharField(source="ticket.subject")
    state = serializers.CharField(source="ticket.state")
    received_at = Moment(source="ticket.received_at")
    reasons = serializers.ListField(
        child=serializers.ChoiceField(choices=(PERSON, CONTACT, ORDER, PROBLEM))
    )
    percent = serializers.IntegerField()


class AlikeListSerializer(serializers.Serializer[Any]):
    results = AlikeSerializer(many=True)


class DismissalInput(InputSerializer):
    number = Text(max_length=40, help_text="The ticket that is another problem.")


@endpoint(
    "Tickets that may be the same",
    name="list_duplicates",
    tag="Tickets",
    description=(
        "The likeliest first, at most 8 of those that the caller may see: the same person, order or "
        "problem within 14 days, over any channel. Only for the desk."
    ),
    answers=AlikeListSerializer,
    refuses=(403, 404),
)
@api_view(["GET"])
def duplicates(request: Request, number: str) -> Response:
    return _answer(read_look(request, number, QuerySerializer))


@endpoint(
    "Say that two tickets are two problems",
    name="dismiss_duplicate",
    tag="Actions",
    description="They are not shown to each other any more. 404 `unknown_ticket`; 400 `same_ticket`.",
    body=DismissalInput,
    answers=AlikeListSerializer,
    refuses=(403, 404),
)
@api_view(["POST"])
def dismissal(request: Request, number: str) -> Response:
    call = read_call(request, number, DismissalInput)
    call.actor.require("work_ticket")
    dismiss_duplicate(actor=call.actor, ticket_id=call.ticket.pk, number=str(call.values["number"]))
    return _answer(call)


def _answer(call: Call) -> Response:
    call.actor.require("work_ticket")
    found = alike(call.actor, call.ticket)
    return Response({"results": AlikeSerializer(found, many=True).data})
