"""What a supervisor does about time (hold, pull forward, many at once), and whose turn it is."""

from __future__ import annotations

from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import endpoint
from helpdesk.common.inputs import read_body
from tickets.api import inputs
from tickets.api.actions import verb
from tickets.api.bulk_inputs import BulkOrder, order_of
from tickets.api.bulk_shapes import BulkAnswerSerializer, bulk_answer
from tickets.api.edge import actor_of, changed, read_call
from tickets.services import (
    act_on_many,
    hold_ticket,
    mark_no_reply_needed,
    mark_reply_needed,
    pull_forward,
    put_back,
    release_ticket,
)


@verb("Hold a ticket", name="hold_ticket", body=inputs.Hold)
def hold(request: Request, number: str) -> Response:
    """A supervisor pauses an answered ticket until a moment, with a reason."""
    call = read_call(request, number, inputs.Hold)
    hold_ticket(**call.change, **call.values)
    return changed(call)


@verb("Take a ticket off hold", name="release_ticket", body=inputs.Nothing)
def release(request: Request, number: str) -> Response:
    """Before its moment; the customer's message and an escalation do the same."""
    call = read_call(request, number, inputs.Nothing)
    release_ticket(**call.change)
    return changed(call)


@verb("Pull a ticket forward", name="pull_forward", body=inputs.PullForward)
def forward(request: Request, number: str) -> Response:
    """To the head of its queue, with a reason; `on: false` puts it back to its place."""
    call = read_call(request, number, inputs.PullForward)
    move = pull_forward if call.values["on"] else put_back
    move(**call.change, reason=call.values["reason"])
    return changed(call)


@verb("No reply needed", name="mark_no_reply_needed", body=inputs.Nothing)
def no_reply_needed(request: Request, number: str) -> Response:
    """The customer's last words want no answer: nothing is owed until they write again."""
    call = read_call(request, number, inputs.Nothing)
    mark_no_reply_needed(**call.change)
    return changed(call)


@verb("A reply is needed after all", name="mark_reply_needed", body=inputs.Nothing)
def reply_needed(request: Request, number: str) -> Response:
    """The reporter insists on an answer, or the desk thinks again."""
    call = read_call(request, number, inputs.Nothing)
    mark_reply_needed(**call.change)
    return changed(call)


@endpoint(
    "One action on many tickets",
    name="bulk_action",
    tag="Many tickets",
    description=(
        "Up to 200 tickets, at once. What may be done to one may be done to many. Each ticket is "
        "changed in a transaction of its own; the answer tells for each whether it was done, and if "
        "not, why. The same request again changes nothing twice, but for replies: those belong into "
        "a job. After 15 seconds no further ticket is begun: those have the code `not_reached`; send "
        "them again as a request of their own. More tickets, a preview, a search: `bulk-jobs`."
    ),
    body=BulkOrder,
    answers=BulkAnswerSerializer,
    refuses=(403,),
)
@api_view(["POST"])
def bulk(request: Request) -> Response:
    actor = actor_of(request)
    actor.require("work_ticket")
    values = read_body(request, BulkOrder)
    outcomes = act_on_many(actor=actor, numbers=values["numbers"], order=order_of(values))
    return Response(bulk_answer(outcomes))
