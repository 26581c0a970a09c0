"""Satisfaction by team and officer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common import clock
from helpdesk.common.api_docs import endpoint
from helpdesk.common.errors import InvalidInput
from helpdesk.common.inputs import Instant, QuerySerializer, read_query
from helpdesk.common.outputs import Moment
from helpdesk.common.wording import gettext as _
from people.api.serializers import PersonSerializer, TeamSerializer
from people.models import organisation
from tickets.api.edge import actor_of
from tickets.satisfaction import figures

DAYS, MOST_DAYS = 30, 370


class SatisfactionQuery(QuerySerializer):
    since = Instant(required=False, help_text="Answered at or after; else 30 days before `until`.")
    until = Instant(required=False, help_text="Answered before; else now.")


class CsatSerializer(serializers.Serializer[Any]):
    marks = serializers.IntegerField(source="count")
    satisfied = serializers.IntegerField(help_text="Marks of 4 and 5.")
    share = serializers.FloatField(allow_null=True, help_text="CSAT, 0 to 1; null without marks.")
    average = serializers.FloatField(allow_null=True)


class TeamCsatSerializer(serializers.Serializer[Any]):
    team = TeamSerializer()
    csat = CsatSerializer()


class PersonCsatSerializer(serializers.Serializer[Any]):
    person = PersonSerializer()
    csat = CsatSerializer()


class LowSerializer(serializers.Serializer[Any]):
    ticket = serializers.CharField(source="ticket.number")
    score = serializers.IntegerField()
    comment = serializers.CharField()
    answered_at = Moment()
    person = PersonSerializer(source="closing.prepared_by", allow_null=True)


class SatisfactionFiguresSerializer(serializers.Serializer[Any]):
    since = Moment()
    until = Moment()
    closings = serializers.IntegerField(help_text="Closed in the same span.")
    whole = CsatSerializer()
    teams = TeamCsatSerializer(many=True, help_text="By the squad of the ticket.")
    people = PersonCsatSerializer(many=True, help_text="By who prepared the closing.")
    low = LowSerializer(many=True, help_text="The latest low marks.")


@endpoint(
    "Satisfaction by team and officer",
    name="get_satisfaction",
    tag="Reports",
    description="CSAT is the share of 4 and 5 among the marks. For those who see the dashboard.",
    answers=SatisfactionFiguresSerializer,
    query=SatisfactionQuery,
    refuses=(403,),
)
@api_view(["GET"])
def satisfaction(request: Request) -> Response:
    query = read_query(request, SatisfactionQuery)
    actor = actor_of(request)
    actor.require("view_dashboard")
    until = query.get("until") or clock.now()
    since = query.get("since") or until - timedelta(days=DAYS)
    if not since < until <= since + timedelta(days=MOST_DAYS):
        message = _("Choose a span of at most %(days)s days that ends after it begins.")
        message = message % {"days": MOST_DAYS}
        raise InvalidInput(message, code="bad_span", fields={"since": message})
    low = organisation()["survey"]["tell_lead_up_to"]
    found = figures(since, until, actor=actor, low_up_to=low)
    parts = ("closings", "whole", "teams", "people", "low")
    answer = {name: getattr(found, name) for name in parts}
    shape = SatisfactionFiguresSerializer({"since": since, "until": until, **answer})
    return Response(shape.data)
