"""The verbs on a ticket, one address each. `If-Match` makes any of them conditional."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import IF_MATCH, endpoint
from helpdesk.common.errors import InvalidInput
from helpdesk.common.wording import gettext as _
from people.selectors import desk_person
from tickets.api import inputs
from tickets.api.edge import changed, read_call
from tickets.api.shapes import TicketDetailSerializer
from tickets.services import (
    Correction,
    answer_confirmation,
    answer_survey,
    ask_confirmation,
    assign_ticket,
    close_ticket,
    correct_ticket,
    handle_ticket,
    reclassify_ticket,
    reopen_ticket,
)


def verb(summary: str, *, name: str, body: Any, tag: str = "Actions") -> Callable[[Any], Any]:
    """A POST that changes one ticket and answers with it."""

    def wrap(view: Callable[..., Response]) -> Any:
        described = endpoint(
            summary,
            name=name,
            tag=tag,
            description=view.__doc__ or "",
            body=body,
            answers=TicketDetailSerializer,
            headers=(IF_MATCH,),
            refuses=(403, 404, 409, 412),
        )
        return described(api_view(["POST"])(view))

    return wrap


@verb("Take a ticket on", name="handle_ticket", body=inputs.Nothing)
def handle(request: Request, number: str) -> Response:
    """classified -> handled; the caller becomes its assignee."""
    call = read_call(request, number, inputs.Nothing)
    handle_ticket(**call.change)
    return changed(call)


@verb("Assign a ticket", name="assign_ticket", body=inputs.Assignment)
def assign(request: Request, number: str) -> Response:
    """To oneself, or, for leads, to a member of the team that holds the ticket."""
    call = read_call(request, number, inputs.Assignment)
    wanted = call.values.get("assignee")
    person = desk_person(wanted) if wanted else call.actor.user
    if person is None:
        message = _("There is no such person at the desk.")
        raise InvalidInput(message, code="unknown_person", fields={"assignee": message})
    assign_ticket(**call.change, assignee=person)
    return changed(call)


@verb("Change the classification", name="reclassify_ticket", body=inputs.NewClassification)
def classification(request: Request, number: str) -> Response:
    """Category, priority or queue of an open ticket; its deadlines are recomputed."""
    call = read_call(request, number, inputs.NewClassification)
    present = {name: getattr(call.ticket, name) for name in ("category", "priority", "queue")}
    # What is filled in from the ticket must still be so when the change is made.
    version = call.ticket.version if call.version is None else call.version
    reclassify_ticket(**{**call.change, "expected_version": version, **present, **call.values})
    return changed(call)


@verb("Put facts right", name="correct_ticket", body=inputs.CorrectedFacts)
def correction(request: Request, number: str) -> Response:
    """Amount, order number, begin or wanted solution; automatic triggers look at them again."""
    call = read_call(request, number, inputs.CorrectedFacts)
    values = dict(call.values)
    reason = values.pop("reason")
    correct_ticket(**call.change, facts=Correction(**values), reason=reason)
    return changed(call)


@verb("Ask for confirmation", name="ask_confirmation", body=inputs.ConfirmationRequest)
def confirmation_request(request: Request, number: str) -> Response:
    """Put the solution to the customer; unanswered, the ticket closes by itself."""
    call = read_call(request, number, inputs.ConfirmationRequest)
    ask_confirmation(**call.change, **call.values)
    return changed(call)


@verb("Answer the confirmation", name="answer_confirmation", body=inputs.ConfirmationAnswer)
def confirmation(request: Request, number: str) -> Response:
    """The reporter says whether the solution holds."""
    call = read_call(request, number, inputs.ConfirmationAnswer)
    answer_confirmation(**call.change, **call.values)
    return changed(call)


@verb("Close a ticket", name="close_ticket", body=inputs.Closing)
def closing(request: Request, number: str) -> Response:
    """handled or monitored -> closed, with the closing form."""
    call = read_call(request, number, inputs.Closing)
    close_ticket(**call.change, **call.values)
    return changed(call)


@verb("Reopen a ticket", name="reopen_ticket", body=inputs.Reason)
def reopening(request: Request, number: str) -> Response:
    """closed -> handled: the reporter within the reopen window, a supervisor at any time."""
    call = read_call(request, number, inputs.Reason)
    reopen_ticket(**call.change, **call.values)
    return changed(call)


@verb("Answer the satisfaction survey", name="answer_survey", body=inputs.Survey)
def survey(request: Request, number: str) -> Response:
    """The reporter's mark for the latest closing; for some days it can be changed."""
    call = read_call(request, number, inputs.Survey)
    answer_survey(**call.change, **call.values)
    return changed(call)
