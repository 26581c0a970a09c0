"""A ticket's escalations, and the verbs that ask for, decide and receive one."""

from __future__ import annotations

from typing import Any

from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from escalation.api.serializers import (
    Acceptance,
    EscalationListSerializer,
    EscalationRequest,
    EscalationSerializer,
    Progress,
    Verification,
)
from escalation.selectors import escalations_of, escalations_of_each, waiting_request
from escalation.services import (
    Form,
    accept_escalation,
    decline_escalation,
    report_progress,
    request_escalation,
    return_escalation,
    verify_escalation,
)
from helpdesk.common.api_docs import endpoint
from helpdesk.common.errors import InvalidInput
from helpdesk.common.inputs import QuerySerializer
from helpdesk.common.outputs import listed
from helpdesk.common.wording import gettext as _
from people.models import Team
from people.selectors import team_of_code
from tickets.api.actions import verb
from tickets.api.edge import Call, changed, person_of_id, read_call, read_look
from tickets.api.expansions import Expansion, expands
from tickets.api.inputs import Reason

TAG = "Escalation"
expands("escalations", Expansion(EscalationSerializer, escalations_of_each))


@endpoint(
    "A ticket's escalations",
    name="list_escalations",
    tag=TAG,
    description="The forms with their approval paths, the latest first. For the desk.",
    answers=EscalationListSerializer,
    refuses=(403, 404),
)
@api_view(["GET"])
def escalations(request: Request, number: str) -> Response:
    look = read_look(request, number, QuerySerializer)
    rows = escalations_of(look.ticket, actor=look.actor)
    return Response({"results": listed(EscalationSerializer, rows)})


@verb("Ask for an escalation", name="request_escalation", body=EscalationRequest, tag=TAG)
def escalation(request: Request, number: str) -> Response:
    """An officer asks, a supervisor verifies; a supervisor's own request is verified by that."""
    call = read_call(request, number, EscalationRequest)
    parts = dict(call.values)
    reason, team = parts.pop("reason"), _team(parts.pop("to_team"))
    request_escalation(**call.change, form=Form(to_team=team, **parts), reason=reason)
    return changed(call)


@verb("Verify an escalation", name="verify_escalation", body=Verification, tag=TAG)
def verification(request: Request, number: str) -> Response:
    """A supervisor sends the ticket to the team that was asked for, or to another."""
    call = read_call(request, number, Verification)
    decision, code = _decision(call), call.values["to_team"]
    team = _team(code) if code else None
    verify_escalation(**decision, reason=call.values["reason"], to_team=team)
    return changed(call)


@verb("Send an escalation back with advice", name="decline_escalation", body=Reason, tag=TAG)
def decline(request: Request, number: str) -> Response:
    """A supervisor declines, with advice for the officer who asked."""
    call = read_call(request, number, Reason)
    decline_escalation(**_decision(call), reason=call.values["reason"])
    return changed(call)


@verb("Accept an escalated ticket", name="accept_escalation", body=Acceptance, tag=TAG)
def acceptance(request: Request, number: str) -> Response:
    """escalated -> monitored: the receiving team says what it will do."""
    call = read_call(request, number, Acceptance)
    values = dict(call.values)
    assignee = person_of_id(values.pop("assignee", None), "assignee")
    accept_escalation(**call.change, **values, assignee=assignee)
    return changed(call)


@verb("Report progress", name="report_progress", body=Progress, tag=TAG)
def progress(request: Request, number: str) -> Response:
    """The receiving team's report; sets the next follow-up."""
    call = read_call(request, number, Progress)
    report_progress(**call.change, **call.values)
    return changed(call)


@verb("Return an escalated ticket", name="return_escalation", body=Reason, tag=TAG)
def give_back(request: Request, number: str) -> Response:
    """escalated or monitored -> handled: back to the squad, with a reason."""
    call = read_call(request, number, Reason)
    return_escalation(**call.change, **call.values)
    return changed(call)


def _decision(call: Call) -> dict[str, Any]:
    waiting = waiting_request(call.ticket, actor=call.actor)
    return {
        "actor": call.actor,
        "escalation_id": waiting.pk,
        "expected_version": call.version,
    }


def _team(code: str) -> Team:
    team = team_of_code(code)
    if team is None:
        message = _("There is no team with this code.")
        raise InvalidInput(message, code="unknown_team", fields={"to_team": message})
    return team
