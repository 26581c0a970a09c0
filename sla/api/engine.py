from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import endpoint
from helpdesk.common.inputs import QuerySerializer, read_query
from helpdesk.common.outputs import Moment
from sla.api.views import TAG
from sla.engine import COUNT_UP_TO, Engine, engine_report
from sla.models import AuditRound, SweepRun, Timer
from tickets.api.edge import actor_of
from tickets.states import Priority


class EngineLatenessSerializer(serializers.Serializer[Any]):
    """Seconds from the moment a timer was due and known to its firing, over the last day."""

    count = serializers.IntegerField()
    median = serializers.FloatField(allow_null=True)
    p99 = serializers.FloatField(allow_null=True)
    worst = serializers.FloatField(allow_null=True)


class CanarySerializer(serializers.Serializer[Any]):
    fired_at = Moment(allow_null=True)
    late_seconds = serializers.FloatField(allow_null=True)
    waiting_since = Moment(allow_null=True, help_text="Its deadline, while it is overdue.")
    absent = serializers.BooleanField(help_text="Missed for more than 25 minutes.")


class BacklogSerializer(serializers.Serializer[Any]):
    priority = serializers.ChoiceField(choices=Priority.choices)
    due = serializers.IntegerField(help_text=f"Overdue timers, counted up to {COUNT_UP_TO}.")


class ParkedTimerSerializer(serializers.Serializer[Timer]):
    """Failed too often; it waits for a person to try it again."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    subject_type = serializers.CharField()
    subject_id = serializers.IntegerField()
    due_at = Moment()
    attempts = serializers.IntegerField()
    last_error = serializers.CharField()


class LateTimerSerializer(serializers.Serializer[Timer]):
    """It fired, later than two seconds after it was due and known."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    subject_type = serializers.CharField()
    subject_id = serializers.IntegerField()
    due_at = Moment()
    armed_at = Moment()
    fired_at = Moment()


class MailsSerializer(serializers.Serializer[Any]):
    waiting = serializers.IntegerField(help_text=f"Due now, counted up to {COUNT_UP_TO}.")
    oldest_due_at = Moment(allow_null=True)
    failed = serializers.IntegerField(help_text="Given up.")


class SweepSerializer(serializers.Serializer[SweepRun]):
    """A sweep that found something due."""

    id = serializers.IntegerField()
    worker = serializers.CharField()
    started_at = Moment()
    ended_at = Moment(allow_null=True)
    oldest_due_at = Moment()
    fired = serializers.IntegerField()
    failed = serializers.IntegerField()
    skipped = serializers.IntegerField()


class FoundSerializer(serializers.Serializer[Any]):
    """Something stored on a ticket that does not follow from its history."""

    ticket = serializers.CharField()
    what = serializers.CharField()


class AuditRoundSerializer(serializers.Serializer[AuditRound]):
    started_at = Moment()
    ended_at = Moment(allow_null=True)
    tickets = serializers.IntegerField(help_text="Open tickets compared with their history.")
    differences = serializers.IntegerField()
    found = FoundSerializer(many=True, help_text="The first ones.")


class AuditSerializer(serializers.Serializer[Any]):
    last = AuditRoundSerializer(allow_null=True, help_text="The last whole round.")
    under_way = AuditRoundSerializer(allow_null=True)


class EngineSerializer(serializers.Serializer[Engine]):
    beat_at = Moment(allow_null=True, help_text="When a sweep last showed that it is alive.")
    silent = serializers.BooleanField(help_text="No sweep for more than 30 s.")
    stalled = serializers.BooleanField(
        help_text="What is due has not fired for more than 60 s, though sweeps may run."
    )
    oldest_overdue_at = Moment(
        allow_null=True, help_text="Since when the oldest timer is owed that has not fired."
    )
    lateness = EngineLatenessSerializer()
    late = LateTimerSerializer(many=True, help_text="The latest that fired late, of 24 hours.")
    canary = CanarySerializer()
    backlog = BacklogSerializer(many=True)
    parked = ParkedTimerSerializer(many=True)
    mails = MailsSerializer()
    sweeps = SweepSerializer(many=True, help_text="The latest.")
    audit = AuditSerializer(help_text="The nightly comparison of deadlines with history.")


@endpoint(
    "How the engine does",
    name="sla_engine",
    tag=TAG,
    scope="reports:read",
    description="Pulse, lateness, canary, backlog, what was given up. For those who see the dashboard.",
    answers=EngineSerializer,
    refuses=(403,),
)
@api_view(["GET"])
def engine(request: Request) -> Response:
    read_query(request, QuerySerializer)
    return Response(EngineSerializer(engine_report(actor=actor_of(request))).data)
