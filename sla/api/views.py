from __future__ import annotations

from datetime import timedelta
from typing import Any

from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common import clock
from helpdesk.common.api_docs import endpoint
from helpdesk.common.clock import for_display as now
from helpdesk.common.inputs import QuerySerializer, WholeNumber, read_query
from helpdesk.common.outputs import Moment, listed
from sla.models import Clock, ClockEvent, Metric
from sla.punctuality import LATEST, Lateness, lateness_since
from sla.selectors import clocks_of, clocks_of_each, log_of
from tickets.api.edge import actor_of, read_look
from tickets.api.expansions import Expansion, expands

MAX_HOURS = 24 * 92
TAG = "SLA"


class ClockSerializer(serializers.Serializer[Clock]):
    """One promise: when it began, when it is due, how it ended."""

    metric = serializers.ChoiceField(choices=Metric.choices)
    state = serializers.ChoiceField(choices=Clock.State.choices)
    started_at = Moment()
    due_at = Moment()
    basis = serializers.CharField(help_text="Code of the policy's target that set the deadline.")
    policy_version = serializers.IntegerField()
    paused_at = Moment(allow_null=True)
    used_seconds = serializers.SerializerMethodField(help_text="Counted time used by now.")
    left_seconds = serializers.SerializerMethodField(help_text="Counted time left; below 0 late.")
    met_at = Moment(allow_null=True)
    breached_at = Moment(allow_null=True)
    cancelled_at = Moment(allow_null=True)

    def get_used_seconds(self, clock: Clock) -> float:
        return clock.used_at(now()).total_seconds()

    def get_left_seconds(self, clock: Clock) -> float:
        return clock.left_at(now()).total_seconds()


expands("clocks", Expansion(ClockSerializer, clocks_of_each))


class ClockEventSerializer(serializers.Serializer[ClockEvent]):
    """One line of the append-only log from which the clocks follow."""

    metric = serializers.ChoiceField(choices=Metric.choices)
    clock = serializers.IntegerField(source="clock_id")
    kind = serializers.ChoiceField(choices=ClockEvent.Kind.choices)
    at = Moment()
    due_at = Moment(help_text="The deadline after this line.")
    level = serializers.IntegerField(allow_null=True, help_text="Share of the time used, percent.")
    late_seconds = serializers.FloatField(allow_null=True)
    policy_version = serializers.IntegerField()
    basis = serializers.CharField()
    event = serializers.IntegerField(
        source="cause_id", allow_null=True, help_text="The ticket's event behind it."
    )


class ClockLogSerializer(serializers.Serializer[Any]):
    results = ClockEventSerializer(many=True)


class ClockListSerializer(serializers.Serializer[Any]):
    results = ClockSerializer(many=True)


class LatenessQuery(QuerySerializer):
    hours = WholeNumber(
        required=False, default=24, min_value=1, max_value=MAX_HOURS, help_text="How far back."
    )


class LatenessSerializer(serializers.Serializer[Lateness]):
    """Seconds from the moment a timer was due and known to its firing."""

    count = serializers.IntegerField(help_text=f"Of the latest timers; {LATEST} at most.")
    median = serializers.FloatField(allow_null=True)
    p99 = serializers.FloatField(allow_null=True)
    worst = serializers.FloatField(allow_null=True)


@endpoint(
    "A ticket's clocks", name="list_clocks", tag=TAG, answers=ClockListSerializer, refuses=(404,)
)
@api_view(["GET"])
def clocks(request: Request, number: str) -> Response:
    look = read_look(request, number, QuerySerializer)
    rows = clocks_of(look.ticket, actor=look.actor)
    return Response({"results": listed(ClockSerializer, rows)})


@endpoint(
    "The log of a ticket's clocks",
    name="list_clock_log",
    tag=TAG,
    description="Every start, pause, warning, miss and end, oldest first. Never changed.",
    answers=ClockLogSerializer,
    refuses=(404,),
)
@api_view(["GET"])
def clock_log(request: Request, number: str) -> Response:
    look = read_look(request, number, QuerySerializer)
    rows = log_of(look.ticket, actor=look.actor)
    return Response({"results": listed(ClockEventSerializer, rows)})


@endpoint(
    "How late the engine fired",
    name="sla_lateness",
    tag=TAG,
    scope="reports:read",
    description=(
        "Count, median, 99th percentile and worst of the last hours: deadlines, warnings and all "
        "other timers. A deadline that lay in the past when it was set counts from then. For those "
        "who see the dashboard."
    ),
    answers=LatenessSerializer,
    query=LatenessQuery,
    refuses=(403,),
)
@api_view(["GET"])
def lateness(request: Request) -> Response:
    actor, query = actor_of(request), read_query(request, LatenessQuery)
    since = clock.now() - timedelta(hours=query["hours"])
    return Response(LatenessSerializer(lateness_since(since, actor=actor)).data)
