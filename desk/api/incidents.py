"""Incidents: opened, told of, given tickets, and answered or closed together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from desk.incidents import progress_of
from helpdesk.common.api_docs import endpoint
from helpdesk.common.errors import NotAllowed
from helpdesk.common.inputs import (
    Choice,
    InputSerializer,
    Several,
    Text,
    WholeNumber,
    read_body,
    read_query,
)
from helpdesk.common.outputs import Moment, listed
from helpdesk.common.paging import PageQuery, next_link, page_of
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from tickets.api.edge import actor_of, find_ticket
from tickets.models import Incident, IncidentRun, IncidentStep
from tickets.selectors import visible_tickets
from tickets.services import (
    BULK_MOST,
    IncidentWording,
    Outcome,
    attach_tickets,
    change_incident,
    detach_ticket,
    judged_members,
    open_incident,
    preview_run,
    start_run,
    stop_run,
)
from tickets.states import Confirmation

TAG = "Incidents"


class NewIncident(InputSerializer):
    title = Text(max_length=120)
    words = Text(max_length=5000, help_text="What customers are told, placeholders as in macros.")


class IncidentChange(InputSerializer):
    """What is left out stays."""

    title = Text(max_length=120, required=False)
    words = Text(max_length=5000, required=False)
    state = Choice(choices=Incident.State.choices, required=False)
    version = WholeNumber(required=False, min_value=0, max_value=2**31 - 1)


class TicketNumbers(InputSerializer):
    numbers = Several(child=Text(max_length=40), allow_empty=False, max_length=BULK_MOST)


class Leaving(InputSerializer):
    number = Text(max_length=40)


class Order(InputSerializer):
    verb = Choice(choices=IncidentRun.Verb.choices)
    words = Text(max_length=5000, required=False, allow_blank=True, default="")
    root_cause = Text(max_length=5000, required=False, allow_blank=True, default="")
    solution = Text(max_length=5000, required=False, allow_blank=True, default="")
    confirmation = Choice(choices=Confirmation.choices, required=False)


class PreviewQuery(PageQuery):
    verb = Choice(choices=IncidentRun.Verb.choices)


class IncidentSerializer(serializers.Serializer[Incident]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    words = serializers.CharField()
    words_at = Moment(help_text="Since when these words are told.")
    state = serializers.ChoiceField(choices=Incident.State.choices)
    version = serializers.IntegerField()
    opened_at = Moment()
    changed_at = Moment()
    resolved_at = Moment(allow_null=True)
    tickets = serializers.SerializerMethodField(help_text="How many tickets are part of it.")

    def get_tickets(self, incident: Incident) -> int:
        counted = getattr(incident, "counted", None)
        return incident.members.count() if counted is None else counted


class IncidentListSerializer(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    results = IncidentSerializer(many=True)


class OutcomeSerializer(serializers.Serializer[Any]):
    number = serializers.CharField()
    done = serializers.BooleanField(help_text="In a preview: whether it can be done.")
    code = serializers.CharField(help_text="Why not; empty where it is done.")
    why = serializers.CharField()


class OutcomeListSerializer(serializers.Serializer[Any]):
    results = OutcomeSerializer(many=True)


class OutcomePageSerializer(OutcomeListSerializer):
    next = serializers.URLField(allow_null=True)


class RunSerializer(serializers.Serializer[IncidentRun]):
    id = serializers.IntegerField()
    verb = serializers.ChoiceField(choices=IncidentRun.Verb.choices)
    started_at = Moment()
    ended_at = Moment(allow_null=True)
    stopped = serializers.BooleanField()
    counts = serializers.SerializerMethodField(help_text="How many tickets are in which state.")

    def get_counts(self, run: IncidentRun) -> dict[str, int]:
        return progress_of(run).counts


class RunDetailSerializer(RunSerializer):
    next = serializers.URLField(allow_null=True)
    results = OutcomeSerializer(many=True, help_text="What became of each ticket so far.")


@endpoint(
    "List incidents",
    name="list_incidents",
    tag=TAG,
    method="GET",
    description="The latest first.",
    query=PageQuery,
    answers=IncidentListSerializer,
    refuses=(403,),
)
@endpoint(
    "Open an incident",
    name="open_incident",
    tag=TAG,
    method="POST",
    description="For those who may act on many tickets at once. Nobody is told by this.",
    body=NewIncident,
    status=201,
    answers=IncidentSerializer,
    refuses=(403,),
)
@api_view(["GET", "POST"])
def incidents(request: Request) -> Response:
    actor = _at_desk(request)
    if request.method == "GET":
        query = read_query(request, PageQuery)
        rows = Incident.objects.annotate(counted=Count("members"))
        page, more = page_of(rows, query, by=("opened_at", "id"), descending=True)
        results = listed(IncidentSerializer, page)
        return Response({"next": next_link(request, more), "results": results})
    actor.require("direct_work")
    made = open_incident(actor=actor, **read_body(request, NewIncident))
    return Response(IncidentSerializer(made).data, status=201)


@endpoint(
    "Look at an incident",
    name="get_incident",
    tag=TAG,
    method="GET",
    answers=IncidentSerializer,
    refuses=(403, 404),
)
@endpoint(
    "Change an incident",
    name="change_incident",
    tag=TAG,
    method="PATCH",
    description="Title, words, state. With `version` it is conditional: 409 `conflict`.",
    body=IncidentChange,
    answers=IncidentSerializer,
    refuses=(403, 404, 409),
)
@api_view(["GET", "PATCH"])
def incident(request: Request, pk: int) -> Response:
    actor = _at_desk(request)
    found = get_object_or_404(Incident, pk=pk)
    if request.method == "PATCH":
        actor.require("direct_work")
        said = read_body(request, IncidentChange)
        # What is filled in from the incident must still be so when the change is made.
        version = said.pop("version", found.version)
        present = {name: getattr(found, name) for name in ("title", "words", "state")}
        found = change_incident(
            actor=actor, incident_id=pk, expected_version=version, **(present | said)
        )
    return Response(IncidentSerializer(found).data)


@endpoint(
    "The tickets of an incident",
    name="list_incident_tickets",
    tag=TAG,
    method="GET",
    description="Those that the caller sees; `done` says whether its customer knows the words.",
    query=PageQuery,
    answers=OutcomePageSerializer,
    refuses=(403, 404),
)
@endpoint(
    "Make tickets part of an incident",
    name="attach_tickets",
    tag=TAG,
    method="POST",
    description="Each by itself; what became of each. 409 `incident_over`.",
    body=TicketNumbers,
    answers=OutcomeListSerializer,
    refuses=(403, 404, 409),
)
@api_view(["GET", "POST"])
def members(request: Request, pk: int) -> Response:
    actor = _at_desk(request)
    found = get_object_or_404(Incident, pk=pk)
    if request.method == "POST":
        said = read_body(request, TicketNumbers)
        outcomes = attach_tickets(actor=actor, incident_id=pk, numbers=said["numbers"])
        return Response({"results": _shown(outcomes)})
    query = read_query(request, PageQuery)
    seen = visible_tickets(actor).filter(incident_member__incident=found).values("pk")
    rows = found.members.filter(ticket__in=seen).select_related("ticket", "incident")
    page, more = page_of(rows, query, by=("added_at", "id"))
    results = [
        {"number": row.ticket.number, "done": row.is_told, "code": "", "why": ""} for row in page
    ]
    return Response({"next": next_link(request, more), "results": results})


@endpoint(
    "Take a ticket out of its incident",
    name="detach_ticket",
    tag=TAG,
    body=Leaving,
    answers=IncidentSerializer,
    refuses=(403, 404, 409),
)
@api_view(["POST"])
def leaving(request: Request, pk: int) -> Response:
    actor = _at_desk(request)
    found = get_object_or_404(Incident, pk=pk)
    ticket = find_ticket(actor, read_body(request, Leaving)["number"])
    detach_ticket(actor=actor, ticket_id=ticket.pk)
    return Response(IncidentSerializer(found).data)


@endpoint(
    "What an order would do",
    name="preview_incident_order",
    tag=TAG,
    description="For each ticket whether it can be done now, and why not. Nothing is changed.",
    query=PreviewQuery,
    answers=OutcomePageSerializer,
    refuses=(403, 404),
)
@api_view(["GET"])
def preview(request: Request, pk: int) -> Response:
    actor = _at_desk(request)
    found = get_object_or_404(Incident, pk=pk)
    actor.require("direct_work")
    query = read_query(request, PreviewQuery)
    page, more = page_of(judged_members(found), query, by=("added_at", "id"))
    outcomes = preview_run(actor=actor, incident=found, verb=query["verb"], members=page)
    return Response({"next": next_link(request, more), "results": _shown(outcomes)})


@endpoint(
    "Give an order for all tickets of an incident",
    name="start_incident_run",
    tag=TAG,
    description=(
        "`reply` with words, `confirm` with root cause and solution, `close` with the confirmation "
        "too. Carried out one by one by the workers; the answer tells where to look. A customer "
        "is not told the same words twice. 400 `all_told`, `no_tickets`; 409 `run_goes_on`."
    ),
    body=Order,
    status=202,
    answers=RunSerializer,
    refuses=(403, 404, 409),
)
@api_view(["POST"])
def runs(request: Request, pk: int) -> Response:
    actor = _at_desk(request)
    get_object_or_404(Incident, pk=pk)
    said = read_body(request, Order)
    verb = said.pop("verb")
    made = start_run(actor=actor, incident_id=pk, verb=verb, wording=IncidentWording(**said))
    return Response(RunSerializer(made).data, status=202)


@endpoint(
    "How far an order came",
    name="get_incident_run",
    tag=TAG,
    query=PageQuery,
    answers=RunDetailSerializer,
    refuses=(403, 404),
)
@api_view(["GET"])
def run(request: Request, pk: int) -> Response:
    actor = _at_desk(request)
    actor.require("direct_work")
    found = get_object_or_404(IncidentRun, pk=pk)
    query = read_query(request, PageQuery)
    settled = found.steps.exclude(state=IncidentStep.State.WAITING).select_related("ticket")
    steps, more = page_of(settled, query, by=("at", "id"))
    results = [
        {
            "number": step.ticket.number,
            "done": step.state == IncidentStep.State.DONE,
            "code": step.code or ("" if step.state == IncidentStep.State.DONE else step.state),
            "why": step.why_now,
        }
        for step in steps
    ]
    link = next_link(request, more)
    return Response({**RunSerializer(found).data, "next": link, "results": results})


@endpoint(
    "Stop an order",
    name="stop_incident_run",
    tag=TAG,
    description="What is not done yet stays undone. 409 `run_ended`.",
    body=InputSerializer,
    answers=RunSerializer,
    refuses=(403, 404, 409),
)
@api_view(["POST"])
def run_stop(request: Request, pk: int) -> Response:
    actor = _at_desk(request)
    actor.require("direct_work")
    get_object_or_404(IncidentRun, pk=pk)
    return Response(RunSerializer(stop_run(actor=actor, run_id=pk)).data)


def _shown(outcomes: Iterable[Outcome]) -> list[dict[str, Any]]:
    return [
        {
            "number": outcome.number,
            "done": outcome.done,
            "code": outcome.refusal.code if outcome.refusal else "",
            "why": str(outcome.refusal) if outcome.refusal else "",
        }
        for outcome in outcomes
    ]


def _at_desk(request: Request) -> Actor:
    actor = actor_of(request)
    if not (actor.at_desk or actor.may("see_all_tickets")):
        raise NotAllowed(_("Your role does not permit this."))
    return actor
