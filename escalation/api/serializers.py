from __future__ import annotations

from typing import Any

from rest_framework import serializers

from escalation.models import Escalation
from helpdesk.common.inputs import InputSerializer, Instant, Text
from helpdesk.common.outputs import Moment
from people.api.serializers import PersonSerializer, TeamSerializer
from tickets.api.inputs import MAX_FORM_TEXT


class EscalationSerializer(serializers.Serializer[Escalation]):
    """The escalation form and its way."""

    id = serializers.IntegerField()
    reference = serializers.CharField()
    state = serializers.ChoiceField(choices=Escalation.State.choices)
    from_team = TeamSerializer()
    to_team = TeamSerializer()
    trigger = serializers.CharField(help_text="`officer`, or the rule or deadline that acted.")
    is_automatic = serializers.BooleanField()
    follows_matrix = serializers.BooleanField()
    summary = serializers.CharField()
    tried = serializers.CharField()
    evidence = serializers.CharField()
    wanted_outcome = serializers.CharField()
    target_at = Moment()
    requested_by = PersonSerializer(allow_null=True)
    requested_at = Moment()
    decided_by = PersonSerializer(allow_null=True)
    decided_at = Moment(allow_null=True)
    decision_reason = serializers.CharField(allow_blank=True)
    accepted_by = PersonSerializer(allow_null=True)
    accepted_at = Moment(allow_null=True)
    plan = serializers.CharField(allow_blank=True)
    follow_up_at = Moment(allow_null=True)
    ended_at = Moment(allow_null=True)


class EscalationListSerializer(serializers.Serializer[Any]):
    results = EscalationSerializer(many=True)


class EscalationRequest(InputSerializer):
    """The escalation form."""

    to_team = Text(max_length=40, help_text="Code of the team.")
    summary = Text(max_length=MAX_FORM_TEXT)
    tried = Text(max_length=MAX_FORM_TEXT)
    evidence = Text(max_length=MAX_FORM_TEXT)
    wanted_outcome = Text(max_length=MAX_FORM_TEXT)
    target_at = Instant(required=False, allow_null=True, help_text="Absent: the team's own target.")
    reason = Text(
        required=False,
        allow_blank=True,
        default="",
        max_length=MAX_FORM_TEXT,
        help_text="Needed when a supervisor skips a level of the matrix.",
    )


class Verification(InputSerializer):
    reason = Text(required=False, allow_blank=True, default="", max_length=MAX_FORM_TEXT)


class Acceptance(InputSerializer):
    plan = Text(max_length=MAX_FORM_TEXT, help_text="What the team will do.")
    follow_up_at = Instant(required=False, allow_null=True)


class Progress(InputSerializer):
    report = Text(max_length=MAX_FORM_TEXT)
    follow_up_at = Instant(required=False, allow_null=True)
