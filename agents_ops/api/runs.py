"""A ticket's playbook: read it, start it, do its steps, leave its path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from agents_ops.api.playbooks import TAG
from agents_ops.api.shapes import (
    LeavePlaybook,
    Start,
    StepDone,
    StepSkipped,
    TicketPlaybookSerializer,
    run_parts,
)
from agents_ops.models import PlaybookSet
from agents_ops.selectors import is_agent_case, runs_of
from agents_ops.services import do_step, leave_playbook, skip_step, start_playbook
from agents_ops.suggestions import suggestions_for
from helpdesk.common.api_docs import endpoint
from helpdesk.common.inputs import QuerySerializer
from people.actors import Actor
from tickets.api.edge import read_call, read_look
from tickets.models import Ticket
from tickets.personal_data import sees_openly
from tickets.selectors import ticket_after_change


def played(
    summary: str, *, name: str, body: Any, method: str = "", description: str = ""
) -> Callable[[Any], Any]:
    """A change of the run, which answers with the run as it is then."""
    return endpoint(
        summary,
        name=name,
        tag=TAG,
        method=method,
        body=body,
        description=description,
        answers=TicketPlaybookSerializer,
        refuses=(403, 404, 409),
    )


@endpoint(
    "A ticket's playbook",
    name="get_ticket_playbook",
    tag=TAG,
    method="GET",
    description="The run that goes on, else the latest; which playbooks fit, and why. For the desk.",
    answers=TicketPlaybookSerializer,
    refuses=(403, 404),
)
@played("Start a playbook", name="start_playbook", body=Start, method="POST")
@api_view(["GET", "POST"])
def playbook(request: Request, number: str) -> Response:
    if request.method == "POST":
        call = read_call(request, number, Start)
        start_playbook(**call.change, **call.values)
        return ticket_playbook(call.actor, ticket_after_change(call.ticket))
    look = read_look(request, number, QuerySerializer)
    return ticket_playbook(look.actor, look.ticket)


@played("Finish the open step", name="do_playbook_step", body=StepDone)
@api_view(["POST"])
def step(request: Request, number: str) -> Response:
    return _change(request, number, StepDone, do_step)


@played("Skip to a step ahead", name="skip_playbook_step", body=StepSkipped)
@api_view(["POST"])
def skip(request: Request, number: str) -> Response:
    return _change(request, number, StepSkipped, skip_step)


@played("Leave the playbook", name="leave_playbook", body=LeavePlaybook)
@api_view(["POST"])
def leave(request: Request, number: str) -> Response:
    return _change(request, number, LeavePlaybook, leave_playbook)


def _change(request: Request, number: str, body: Any, act: Callable[..., Any]) -> Response:
    call = read_call(request, number, body)
    act(actor=call.actor, ticket_id=call.ticket.pk, **call.values)
    return ticket_playbook(call.actor, ticket_after_change(call.ticket))


def ticket_playbook(actor: Actor, ticket: Ticket) -> Response:
    """The run that goes on, else the latest, and what else fits."""
    runs = list(runs_of(ticket, actor=actor))
    run = next((each for each in runs if each.is_active), runs[0] if runs else None)
    suggestions: list[dict[str, str]] = []
    if is_agent_case(ticket) and (run is None or not run.is_active):
        found = suggestions_for(ticket, PlaybookSet.exactly_in_force().playbooks)
        suggestions = [{"playbook": each.playbook.code, "why": each.why} for each in found]
    told = run_parts(run, openly=sees_openly(actor)) if run else None
    return Response(TicketPlaybookSerializer({"run": told, "suggestions": suggestions}).data)
