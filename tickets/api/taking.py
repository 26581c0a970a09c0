"""Take the next one: the most urgent ticket of the caller's teams that nobody has."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import endpoint
from helpdesk.common.inputs import read_body
from helpdesk.common.outputs import Moment
from tickets.api import inputs
from tickets.api.edge import actor_of, sees_desk
from tickets.api.shapes import TicketDetailSerializer
from tickets.selectors import ticket_after_change
from tickets.services import take_next


class WhySerializer(serializers.Serializer[Any]):
    rule = serializers.ChoiceField(
        choices=["expedited", "due", "oldest"], help_text="By which it came first."
    )
    promise = serializers.CharField(required=False, help_text="Whose deadline is the nearest.")
    due_at = Moment(required=False)


class TakenSerializer(serializers.Serializer[Any]):
    ticket = TicketDetailSerializer(allow_null=True, help_text="null: none is left to take.")
    why = WhySerializer(allow_null=True)


@endpoint(
    "Take the next ticket",
    name="take_next_ticket",
    tag="Actions",
    description=(
        "Gives the caller the most urgent ticket of their teams that nobody has, in the queue's order, "
        "and starts handling it. Two callers at once get two tickets. 409: `not_available` while away "
        "or off shift, `too_many_open` at the organisation's limit."
    ),
    body=inputs.Taking,
    answers=TakenSerializer,
    refuses=(403, 409),
)
@api_view(["POST"])
def take(request: Request) -> Response:
    actor = actor_of(request)
    actor.require("handle_ticket")
    taken = take_next(actor=actor, **read_body(request, inputs.Taking))
    if taken is None:
        return Response({"ticket": None, "why": None})
    answer = {"ticket": ticket_after_change(taken.ticket), "why": taken.why}
    return Response(TakenSerializer(answer, context={"at_desk": sees_desk(actor)}).data)
