"""The triage rules by which complaints are judged, and the versions before them. Read only."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import endpoint
from helpdesk.common.inputs import QuerySerializer, read_query
from helpdesk.common.outputs import Moment, listed
from helpdesk.common.paging import PageQuery, next_link, page_of
from people.api.serializers import PersonSerializer
from tickets.api.edge import actor_of
from tickets.models import TriageRules
from tickets.rule_reads import rule_versions, rules_in_force

TAG = "Triage"


class TriageVersionSerializer(serializers.Serializer[TriageRules]):
    """A published version; it never changes. Classifications name the version that judged them."""

    version = serializers.IntegerField()
    published_at = Moment()
    published_by = PersonSerializer(allow_null=True, help_text="Null: came with the program.")
    note = serializers.CharField(allow_blank=True)


class TriageRulesSerializer(TriageVersionSerializer):
    body = serializers.JSONField(
        help_text="`thresholds`, `flags`, `categories`, `precedence`, `rules`, `concepts`, …"
    )


class TriageVersionPageSerializer(serializers.Serializer[Any]):
    results = TriageVersionSerializer(many=True)
    next = serializers.URLField(allow_null=True)


@endpoint(
    "The triage rules in force",
    name="get_triage_rules",
    tag=TAG,
    description="For the desk and administrators.",
    answers=TriageRulesSerializer,
    refuses=(400, 403),
)
@api_view(["GET"])
def rules(request: Request) -> Response:
    read_query(request, QuerySerializer)
    return Response(TriageRulesSerializer(rules_in_force(actor=actor_of(request))).data)


@endpoint(
    "Versions of the triage rules",
    name="list_triage_versions",
    tag=TAG,
    description="The latest published first. For the desk and administrators.",
    answers=TriageVersionPageSerializer,
    query=PageQuery,
    refuses=(403,),
)
@api_view(["GET"])
def versions(request: Request) -> Response:
    query = read_query(request, PageQuery)
    rows = rule_versions(actor=actor_of(request)).defer("body").order_by()
    found, further = page_of(rows, query, by=("published_at", "id"), descending=True)
    results = listed(TriageVersionSerializer, found)
    return Response({"results": results, "next": next_link(request, further)})


@endpoint(
    "One version of the triage rules",
    name="get_triage_version",
    tag=TAG,
    description="For the desk and administrators.",
    answers=TriageRulesSerializer,
    refuses=(400, 403, 404),
)
@api_view(["GET"])
def version(request: Request, version: int) -> Response:
    read_query(request, QuerySerializer)
    found = rule_versions(actor=actor_of(request)).filter(version=version).first()
    if found is None:
        raise Http404(str(version))
    return Response(TriageRulesSerializer(found).data)
