"""Corrections of the machine as labelled examples: read, accept, reject."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import endpoint
from helpdesk.common.inputs import InputSerializer, read_body, read_query
from helpdesk.common.outputs import Moment, listed
from helpdesk.common.paging import PageQuery, next_link, page_of
from people.api.serializers import PersonSerializer
from tickets.api.edge import actor_of
from tickets.example_reads import ExampleFilter, examples
from tickets.models import TriageExample
from tickets.services.examples import review_example

TAG = "Triage"


class SaidSerializer(serializers.Serializer[Any]):
    category = serializers.CharField()
    priority = serializers.CharField()
    queue = serializers.CharField()


class ExampleSerializer(serializers.Serializer[TriageExample]):
    """What the machine said of a complaint and what an officer said instead."""

    id = serializers.IntegerField()
    ticket = serializers.CharField(source="ticket.number")
    state = serializers.ChoiceField(choices=TriageExample.State.choices)
    machine = SaidSerializer(source="machine_said")
    said = SaidSerializer(source="*")
    rules_version = serializers.IntegerField()
    rule = serializers.CharField(help_text="The rule that set the machine's category.")
    confidence = serializers.FloatField(allow_null=True, help_text="0 to 1; null: not recorded.")
    decided_at = Moment()
    said_at = Moment()
    said_by = PersonSerializer()
    reviewed_at = Moment(allow_null=True)
    reviewed_by = PersonSerializer(allow_null=True)


class ExamplePageSerializer(serializers.Serializer[Any]):
    results = ExampleSerializer(many=True)
    next = serializers.URLField(allow_null=True)


class ExampleQuery(PageQuery):
    state = serializers.ChoiceField(
        choices=TriageExample.State.choices,
        required=False,
        help_text="Without it: all that no later correction replaced.",
    )


class ReviewSerializer(InputSerializer):
    accepted = serializers.BooleanField(help_text="Whether to learn from it.")


@endpoint(
    "Corrections of the triage",
    name="list_triage_examples",
    tag=TAG,
    description="The latest first. For those who may edit rules.",
    answers=ExamplePageSerializer,
    query=ExampleQuery,
    refuses=(403,),
)
@api_view(["GET"])
def triage_examples(request: Request) -> Response:
    query = read_query(request, ExampleQuery)
    wanted = ExampleFilter(state=query.get("state", ""))
    rows = examples(actor=actor_of(request), wanted=wanted).order_by()
    found, further = page_of(rows, query, by=("said_at", "id"), descending=True)
    return Response(
        {"results": listed(ExampleSerializer, found), "next": next_link(request, further)}
    )


@endpoint(
    "Accept or reject a correction for training",
    name="review_triage_example",
    tag=TAG,
    body=ReviewSerializer,
    answers=ExampleSerializer,
    refuses=(403, 404, 409),
)
@api_view(["POST"])
def review(request: Request, pk: int) -> Response:
    actor = actor_of(request)
    values = read_body(request, ReviewSerializer)
    actor.require("edit_rules")
    if not TriageExample.objects.filter(pk=pk).exists():
        raise Http404(str(pk))
    example = review_example(actor=actor, example_id=pk, accepted=values["accepted"])
    return Response(ExampleSerializer(example).data)
