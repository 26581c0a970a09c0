"""The policy by which deadlines are set, and the versions before it. Read only."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import endpoint
from helpdesk.common.inputs import QuerySerializer, read_query
from helpdesk.common.outputs import Moment, listed
from helpdesk.common.paging import PageQuery, next_link, page_of
from people.api.serializers import PersonSerializer
from sla.models import SlaPolicy
from sla.policy_reads import policy_in_force, versions
from tickets.api.edge import actor_of

TAG = "SLA"


class PolicyVersionSerializer(serializers.Serializer[SlaPolicy]):
    """A published version; it never changes."""

    version = serializers.IntegerField()
    published_at = Moment()
    published_by = PersonSerializer(allow_null=True, help_text="Null: came with the program.")
    note = serializers.CharField(allow_blank=True)


class PolicySerializer(PolicyVersionSerializer):
    body = serializers.JSONField(
        help_text="`targets`, `calendars`, `closures`, `pauses`, `warning_percent`, `breach`, …"
    )


class PolicyPageSerializer(serializers.Serializer[Any]):
    results = PolicyVersionSerializer(many=True)
    next = serializers.URLField(allow_null=True)


@endpoint(
    "The SLA policy in force",
    name="get_sla_policy",
    tag=TAG,
    scope="rules:read",
    description="For the desk and administrators.",
    answers=PolicySerializer,
    refuses=(400, 403),
)
@api_view(["GET"])
def policy(request: Request) -> Response:
    read_query(request, QuerySerializer)
    return Response(PolicySerializer(policy_in_force(actor=actor_of(request))).data)


@endpoint(
    "Versions of the SLA policy",
    name="list_sla_policies",
    tag=TAG,
    scope="rules:read",
    description="The latest published first. For the desk and administrators.",
    answers=PolicyPageSerializer,
    query=PageQuery,
    refuses=(403,),
)
@api_view(["GET"])
def policies(request: Request) -> Response:
    query = read_query(request, PageQuery)
    rows = versions(actor=actor_of(request)).defer("body").order_by()
    found, further = page_of(rows, query, by=("published_at", "id"), descending=True)
    results = listed(PolicyVersionSerializer, found)
    return Response({"results": results, "next": next_link(request, further)})
