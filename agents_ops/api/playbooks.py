"""The playbooks in force, for the desk and those who look on."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from agents_ops.playbook.parts import Playbook
from agents_ops.selectors import playbook_versions, playbooks_in_force
from agents_ops.states import Group
from helpdesk.common.api_docs import endpoint
from helpdesk.common.inputs import QuerySerializer, read_query
from helpdesk.common.outputs import listed
from tickets.api.edge import actor_of

TAG = "Playbooks"


class PlaybookLineSerializer(serializers.Serializer[Playbook]):
    code = serializers.CharField()
    name_id = serializers.CharField(source="names.id")
    name_en = serializers.CharField(source="names.en")
    group = serializers.ChoiceField(choices=Group.choices)
    source = serializers.CharField(help_text="The row of the document that it comes from.")  # type: ignore[assignment]
    categories = serializers.ListField(child=serializers.CharField())
    steps = serializers.SerializerMethodField(help_text="How many steps it has.")

    def get_steps(self, playbook: Playbook) -> int:
        return len(playbook.steps)


class PlaybookListSerializer(serializers.Serializer[Any]):
    results = PlaybookLineSerializer(many=True)


class PlaybookSerializer(serializers.Serializer[Any]):
    """As it is kept: docs/playbooks.md tells of each name."""

    version = serializers.IntegerField()
    code = serializers.CharField()
    id = serializers.CharField(help_text="Its name in Indonesian.")
    en = serializers.CharField(help_text="Its name in English.")
    group = serializers.ChoiceField(choices=Group.choices)
    source = serializers.CharField(required=False)  # type: ignore[assignment]
    suggest = serializers.DictField(required=False)
    steps = serializers.ListField(child=serializers.DictField())


@endpoint(
    "The playbooks in force",
    name="list_playbooks",
    tag=TAG,
    description="What guides the cases of reseller agents. For the desk.",
    answers=PlaybookListSerializer,
    refuses=(403,),
)
@api_view(["GET"])
def playbooks(request: Request) -> Response:
    read_query(request, QuerySerializer)
    found = playbooks_in_force(actor_of(request))
    return Response({"results": listed(PlaybookLineSerializer, found.values())})


@endpoint(
    "A playbook with its steps",
    name="get_playbook",
    tag=TAG,
    description="Of the version in force: steps, fields, ways on. For the desk.",
    answers=PlaybookSerializer,
    refuses=(403, 404),
)
@api_view(["GET"])
def playbook(request: Request, slug: str) -> Response:
    latest = playbook_versions(actor=actor_of(request))[0]
    for row in latest.body["playbooks"]:
        if row["code"] == slug:
            return Response({"version": latest.version, **row})
    raise Http404("playbook")
