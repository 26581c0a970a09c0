"""One ticket and the incident that it is part of."""

from __future__ import annotations

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from tickets.api import inputs
from tickets.api.actions import verb
from tickets.api.edge import changed, read_call
from tickets.models import Incident
from tickets.services import attach_ticket, detach_ticket, tell_incident_words


@verb("Make a ticket part of an incident", name="join_incident", body=inputs.IncidentChoice)
def join(request: Request, number: str) -> Response:
    """Its customer hears nothing by that. 409 `incident_over`, `in_an_incident`."""
    call = read_call(request, number, inputs.IncidentChoice)
    call.actor.require("work_ticket")
    pk = call.values["incident"]
    if not Incident.objects.filter(pk=pk).exists():
        raise Http404("incident")
    attach_ticket(**call.change, incident_id=pk)
    return changed(call)


@verb("Take a ticket out of its incident", name="leave_incident", body=inputs.Nothing)
def leave(request: Request, number: str) -> Response:
    """409 `in_no_incident`."""
    call = read_call(request, number, inputs.Nothing)
    detach_ticket(**call.change)
    return changed(call)


@verb(
    "Tell one customer the incident's words", name="tell_incident_words", body=inputs.IncidentWords
)
def words(request: Request, number: str) -> Response:
    """As a reply, in the caller's own words where they are changed. 409 `in_no_incident`,
    `incident_words_changed`."""
    call = read_call(request, number, inputs.IncidentWords)
    tell_incident_words(**call.change, **call.values)
    return changed(call)
