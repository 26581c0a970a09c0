"""Why a ticket's deadlines are what they are: competing targets, pauses, and the log with its times."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import endpoint
from helpdesk.common.errors import NotAllowed
from helpdesk.common.inputs import QuerySerializer
from helpdesk.common.outputs import Moment, listed
from helpdesk.common.wording import gettext as _
from sla.api.views import TAG, ClockEventSerializer, ClockSerializer
from sla.explaining import Competitor, Explanation, Line, explanations
from tickets.api.edge import read_look


class CompetitorSerializer(serializers.Serializer[Competitor]):
    target = serializers.CharField(source="target.code")
    when = serializers.SerializerMethodField(help_text="What it asks: name -> codes.")
    within = serializers.DictField(
        source="target.within", child=serializers.IntegerField(), help_text="One unit and number."
    )
    due_at = Moment(help_text="The deadline that it would set alone.")
    decides = serializers.BooleanField()

    def get_when(self, found: Competitor) -> dict[str, list[str]]:
        return {name: sorted(codes) for name, codes in found.target.when}


class TimedLineSerializer(ClockEventSerializer):
    used_seconds = serializers.FloatField()
    left_seconds = serializers.FloatField(help_text="Below 0 once it is late.")

    def to_representation(self, line: Line) -> dict[str, Any]:  # type: ignore[override]
        times = {"used_seconds": line.used, "left_seconds": line.left}
        told = ClockEventSerializer(line.event).data
        return {**told, **{name: span.total_seconds() for name, span in times.items()}}


class ExplanationSerializer(serializers.Serializer[Explanation]):
    clock = ClockSerializer()
    policy_version = serializers.IntegerField(source="policy.version")
    competitors = CompetitorSerializer(
        many=True, help_text="Targets that match; what decides first."
    )
    pauses = serializers.ListField(
        child=serializers.CharField(), help_text="Reasons for which it stands still."
    )
    log = TimedLineSerializer(many=True, source="lines")


class ExplanationListSerializer(serializers.Serializer[Any]):
    results = ExplanationSerializer(many=True)


@endpoint(
    "Why a ticket's deadlines are what they are",
    name="explain_clocks",
    tag=TAG,
    description=(
        "Of every clock, running or ended: the targets that competed, the earliest of which decided, "
        "the pauses, and its append-only log with the time used and left after each line. For the desk."
    ),
    answers=ExplanationListSerializer,
    refuses=(403, 404),
)
@api_view(["GET"])
def explanation(request: Request, number: str) -> Response:
    look = read_look(request, number, QuerySerializer)
    if not look.actor.at_desk:
        raise NotAllowed(_("Your role does not permit this."))
    found = explanations(look.ticket, actor=look.actor)
    return Response({"results": listed(ExplanationSerializer, found)})
