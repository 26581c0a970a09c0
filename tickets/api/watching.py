"""Who watches a ticket."""

from __future__ import annotations

from typing import Any, cast

from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import endpoint
from helpdesk.common.errors import NotAllowed
from helpdesk.common.inputs import QuerySerializer
from helpdesk.common.outputs import listed
from helpdesk.common.wording import gettext as _
from people.api.serializers import PersonSerializer
from people.models import User
from tickets.api import inputs
from tickets.api.edge import Call, person_of_id, read_call, read_look, sees_desk
from tickets.selectors import watchers_of
from tickets.services import ask_to_watch, unwatch_ticket, watch_ticket

TAG = "Watching"


class WatcherListSerializer(serializers.Serializer[Any]):
    results = PersonSerializer(many=True)


@endpoint(
    "Watch a ticket",
    name="watch_ticket",
    tag=TAG,
    description="Notices of what happens on it, until told otherwise. 409 `too_many_watchers`.",
    body=inputs.Nothing,
    answers=WatcherListSerializer,
    refuses=(403, 404, 409),
)
@api_view(["POST"])
def watch(request: Request, number: str) -> Response:
    call = read_call(request, number, inputs.Nothing)
    watch_ticket(**call.change)
    return _watchers(call)


@endpoint(
    "Stop watching a ticket",
    name="unwatch_ticket",
    tag=TAG,
    description="409 `not_watching`.",
    body=inputs.Nothing,
    answers=WatcherListSerializer,
    refuses=(403, 404, 409),
)
@api_view(["POST"])
def unwatch(request: Request, number: str) -> Response:
    call = read_call(request, number, inputs.Nothing)
    unwatch_ticket(**call.change)
    return _watchers(call)


@endpoint(
    "Who watches a ticket",
    name="list_watchers",
    tag=TAG,
    method="GET",
    description="Of those who may see it. Only for the desk.",
    answers=WatcherListSerializer,
    refuses=(403, 404),
)
@endpoint(
    "Ask a colleague to watch",
    name="ask_to_watch",
    tag=TAG,
    method="POST",
    description="Who may see the ticket; they are told. 400 `unknown_person`, `cannot_see_it`.",
    body=inputs.Watcher,
    answers=WatcherListSerializer,
    refuses=(403, 404, 409),
)
@api_view(["GET", "POST"])
def watchers(request: Request, number: str) -> Response:
    if request.method == "GET":
        look = read_look(request, number, QuerySerializer)
        if not sees_desk(look.actor) and not look.actor.may("see_all_tickets"):
            raise NotAllowed(_("Your role does not permit this."))
        return _watchers(look)
    call = read_call(request, number, inputs.Watcher)
    call.actor.require("work_ticket")
    person = person_of_id(call.values["person"], "person")
    ask_to_watch(**call.change, person=cast("User", person))
    return _watchers(call)


def _watchers(call: Call) -> Response:
    return Response({"results": listed(PersonSerializer, watchers_of(call.ticket))})
