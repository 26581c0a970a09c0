"""Saved views: those that the caller has, made, changed, ordered, deleted, and their tickets."""

from __future__ import annotations

from typing import Any, cast

from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from desk.models import SavedView
from desk.saved_views import may_change, saved_view_or_404, saved_views_of, tickets_in
from desk.services import change_view, delete_view, place_view, save_view
from helpdesk.common import clock
from helpdesk.common.api_docs import endpoint
from helpdesk.common.errors import NotAllowed
from helpdesk.common.inputs import (
    Choice,
    InputSerializer,
    QuerySerializer,
    Text,
    WholeNumber,
    read_body,
    read_query,
)
from helpdesk.common.outputs import Moment, listed
from helpdesk.common.paging import PageQuery, next_link, page_of
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import User
from tickets.api.edge import actor_of
from tickets.api.shapes import TicketPageSerializer, TicketSerializer
from tickets.selectors import with_people

TAG = "Views"
BODY_HELP = (
    "`{version, filters, sort, columns}`; a filter is `{field: {operator: value}}`. Fields, operators "
    "and values are those of docs/views.md, everything else is refused."
)


class NewView(InputSerializer):
    name = Text(max_length=60, help_text="Unique among the caller's own.")
    audience = Choice(choices=SavedView.Audience.choices, required=False, default="private")
    team = Text(max_length=40, required=False, default="", help_text="Code, for audience `team`.")
    body = serializers.JSONField(help_text=BODY_HELP)


class ViewChange(InputSerializer):
    """What is left out stays."""

    name = Text(max_length=60, required=False)
    audience = Choice(choices=SavedView.Audience.choices, required=False)
    team = Text(max_length=40, required=False, default="")
    body = serializers.JSONField(required=False, help_text=BODY_HELP)
    position = WholeNumber(
        required=False, min_value=0, max_value=1000, help_text="Its place, the first is 0."
    )


class SavedViewSerializer(serializers.Serializer[SavedView]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    audience = serializers.ChoiceField(choices=SavedView.Audience.choices)
    team = serializers.CharField(source="team.code", allow_null=True, default=None)
    owner = serializers.CharField(source="owner.full_name")
    body = serializers.JSONField(help_text=BODY_HELP)
    position = serializers.IntegerField()
    changed_at = Moment()
    may_change = serializers.SerializerMethodField()

    def get_may_change(self, view: SavedView) -> bool:
        return may_change(self.context["actor"], view)


class SavedViewListSerializer(serializers.Serializer[Any]):
    results = SavedViewSerializer(many=True)


@endpoint(
    "List saved views",
    name="list_views",
    tag=TAG,
    method="GET",
    description="The caller's own, those of their teams, and those for everybody.",
    answers=SavedViewListSerializer,
    refuses=(403,),
)
@endpoint(
    "Save a view",
    name="create_view",
    tag=TAG,
    method="POST",
    description="For the caller alone; sharing it is for those who lead the team.",
    body=NewView,
    status=201,
    answers=SavedViewSerializer,
    refuses=(403, 409),
)
@api_view(["GET", "POST"])
def views(request: Request) -> Response:
    actor = _at_desk(request)
    if request.method == "GET":
        read_query(request, QuerySerializer)
        rows = saved_views_of(_person(actor))
        return Response({"results": listed(SavedViewSerializer, rows, actor=actor)})
    said = read_body(request, NewView)
    view = save_view(
        actor=actor,
        name=said["name"],
        body=said["body"],
        audience=said["audience"],
        team_code=said["team"],
    )
    return _answer(actor, view, status=201)


@endpoint(
    "Look at a saved view",
    name="get_view",
    tag=TAG,
    method="GET",
    answers=SavedViewSerializer,
    refuses=(403, 404),
)
@endpoint(
    "Change a saved view",
    name="change_view",
    tag=TAG,
    method="PATCH",
    description="Name, audience, body or place among its like. A shared one is changed by a lead.",
    body=ViewChange,
    answers=SavedViewSerializer,
    refuses=(403, 404, 409),
)
@endpoint(
    "Delete a saved view",
    name="delete_view",
    tag=TAG,
    method="DELETE",
    status=204,
    answers=None,
    refuses=(403, 404),
)
@api_view(["GET", "PATCH", "DELETE"])
def view(request: Request, pk: int) -> Response:
    actor = _at_desk(request)
    if request.method == "GET":
        return _answer(actor, saved_view_or_404(actor, pk))
    if request.method == "DELETE":
        delete_view(actor=actor, view_id=pk)
        return Response(status=204)
    saved_view_or_404(actor, pk)
    said = read_body(request, ViewChange)
    position = said.pop("position", None)
    team_code = said.pop("team")
    changed = change_view(actor=actor, view_id=pk, team_code=team_code, **said)
    if position is not None:
        changed = place_view(actor=actor, view_id=pk, position=position)
    return _answer(actor, changed)


@endpoint(
    "The tickets of a saved view",
    name="list_view_tickets",
    tag=TAG,
    description="Of the tickets that the caller may see, those of the view; the latest first.",
    query=PageQuery,
    answers=TicketPageSerializer,
    refuses=(403, 404),
)
@api_view(["GET"])
def view_tickets(request: Request, pk: int) -> Response:
    actor = _at_desk(request)
    found = saved_view_or_404(actor, pk)
    query = read_query(request, PageQuery)
    tickets = with_people(tickets_in(found, _person(actor), clock.now()))
    rows, more = page_of(tickets, query, by=("received_at", "id"), descending=True)
    results = listed(TicketSerializer, rows, at_desk=True)
    return Response({"results": results, "next": next_link(request, more)})


def _at_desk(request: Request) -> Actor:
    actor = actor_of(request)
    if not (actor.at_desk or actor.may("see_all_tickets")):
        raise NotAllowed(_("Your role does not permit this."))
    return actor


def _person(actor: Actor) -> User:
    return cast("User", actor.user)


def _answer(actor: Actor, view: SavedView, *, status: int = 200) -> Response:
    return Response(SavedViewSerializer(view, context={"actor": actor}).data, status=status)
