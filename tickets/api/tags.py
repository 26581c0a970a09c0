"""Tags: the vocabulary, and those of a ticket."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import IF_MATCH, endpoint
from helpdesk.common.inputs import (
    InputSerializer,
    QuerySerializer,
    Several,
    Text,
    read_body,
    read_query,
)
from helpdesk.common.outputs import listed
from tickets.api.edge import actor_of, changed, read_call
from tickets.api.shapes import TicketDetailSerializer
from tickets.models import Tag
from tickets.services import merge_tags, rename_tag, tag_ticket
from tickets.services.tagging import MOST
from tickets.tag_reads import LONGEST, slug_of, tags_in_use

TAG = "Tags"


class TagQuery(QuerySerializer):
    q = Text(required=False, max_length=LONGEST, help_text="A part of the tag.")


class TagSerializer(serializers.Serializer[Tag]):
    slug = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class TagListSerializer(serializers.Serializer[Any]):
    results = TagSerializer(many=True)


class Tags(InputSerializer):
    tags = Several(child=Text(max_length=LONGEST), max_length=MOST, help_text="Labels or slugs.")


class MoreTags(InputSerializer):
    add = Several(required=False, child=Text(max_length=LONGEST), max_length=MOST)
    remove = Several(required=False, child=Text(max_length=LONGEST), max_length=MOST)


class NewName(InputSerializer):
    label = Text(max_length=LONGEST)  # type: ignore[assignment]


class MergeTarget(InputSerializer):
    into = Text(max_length=LONGEST, help_text="The slug or label of the tag that stays.")


@endpoint(
    "The vocabulary",
    name="list_tags",
    tag=TAG,
    description="Every tag that is in use or was; what was merged away is left out. For the desk.",
    query=TagQuery,
    answers=TagListSerializer,
)
@api_view(["GET"])
def tags(request: Request) -> Response:
    found = tags_in_use(actor_of(request), read_query(request, TagQuery).get("q", ""))
    return Response({"results": listed(TagSerializer, found)})


@endpoint(
    "Rename a tag",
    name="rename_tag",
    tag=TAG,
    description="For those who direct work. The old slug goes on meaning it.",
    body=NewName,
    answers=TagSerializer,
    refuses=(403, 404, 409),
)
@api_view(["PATCH"])
def tag(request: Request, slug: str) -> Response:
    actor = actor_of(request)
    actor.require("direct_work")
    values = read_body(request, NewName)
    get_object_or_404(Tag, slug=slug_of(slug))
    return Response(TagSerializer(rename_tag(actor=actor, slug=slug, **values)).data)


@endpoint(
    "Merge a tag into another",
    name="merge_tag",
    tag=TAG,
    description="For those who direct work. It stands for the other from now on, everywhere.",
    body=MergeTarget,
    answers=TagSerializer,
    refuses=(403, 404),
)
@api_view(["POST"])
def merge(request: Request, slug: str) -> Response:
    actor = actor_of(request)
    actor.require("direct_work")
    values = read_body(request, MergeTarget)
    get_object_or_404(Tag, slug=slug_of(slug))
    return Response(TagSerializer(merge_tags(actor=actor, slug=slug, **values)).data)


@endpoint(
    "Give a ticket these tags",
    name="set_ticket_tags",
    tag=TAG,
    method="PUT",
    description="Exactly these, at most 20; new words are made.",
    body=Tags,
    answers=TicketDetailSerializer,
    headers=(IF_MATCH,),
    refuses=(403, 404, 409, 412),
)
@endpoint(
    "Add and remove tags",
    name="change_ticket_tags",
    tag=TAG,
    method="POST",
    description="What is so already changes nothing.",
    body=MoreTags,
    answers=TicketDetailSerializer,
    headers=(IF_MATCH,),
    refuses=(403, 404, 409, 412),
)
@api_view(["PUT", "POST"])
def ticket_tags(request: Request, number: str) -> Response:
    if request.method == "PUT":
        call = read_call(request, number, Tags)
        tag_ticket(**call.change, only=call.values["tags"])
    else:
        call = read_call(request, number, MoreTags)
        tag_ticket(**call.change, **call.values)
    return changed(call)
