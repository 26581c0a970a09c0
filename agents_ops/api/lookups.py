"""Looking into a system for the open step of a ticket's playbook."""

from __future__ import annotations

from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from agents_ops.api.runs import played, ticket_playbook
from agents_ops.lookup_gate import EVERY_RESULT
from agents_ops.services import look_up, look_up_by_hand
from helpdesk.common.inputs import Choice, InputSerializer, Text
from tickets.api.edge import read_call
from tickets.api.inputs import Nothing
from tickets.selectors import ticket_after_change


class FoundByHand(InputSerializer):
    result = Choice(choices=EVERY_RESULT, help_text="One of the system's results.")
    words = Text(max_length=500, help_text="What was checked, and where.")


@played(
    "Look into the system of the open step",
    name="look_up_for_playbook",
    body=Nothing,
    description=(
        "Asks the connector and keeps its answer as the result of the gate. A system that is away "
        "is on record as well: the gate then says that it is to be checked by hand."
    ),
)
@api_view(["POST"])
def lookup(request: Request, number: str) -> Response:
    call = read_call(request, number, Nothing)
    look_up(actor=call.actor, ticket_id=call.ticket.pk)
    return ticket_playbook(call.actor, ticket_after_change(call.ticket))


@played(
    "Tell what was found by hand",
    name="look_up_by_hand_for_playbook",
    body=FoundByHand,
    description="While the system is away. Where it has answered: 409 `system_answers`.",
)
@api_view(["POST"])
def by_hand(request: Request, number: str) -> Response:
    call = read_call(request, number, FoundByHand)
    look_up_by_hand(actor=call.actor, ticket_id=call.ticket.pk, **call.values)
    return ticket_playbook(call.actor, ticket_after_change(call.ticket))
