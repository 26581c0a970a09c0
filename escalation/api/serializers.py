from __future__ import annotations

from typing import Any

from rest_framework import serializers

from escalation.models import Escalation
from helpdesk.common.inputs import InputSerializer, Instant, Text, WholeNumber
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
    asked_team = TeamSerializer(
        allow_null=True, help_text="The team asked for, where a supervisor sent it to another."
    )
    level = serializers.IntegerField(
        help_text="1 officer, 2 supervisor, 3 specialist team, 4 operations manager."
    )
    trigger = serializers.CharField(help_text="`officer`, or the rule or deadline that acted.")
    facts = serializers.DictField(help_text="What an automatic trigger saw: codes and numbers.")
    matrix_version = serializers.IntegerField()
    is_automatic = serializers.BooleanField()
    follows_matrix = serializers.BooleanField()
    summary = serializers.CharField()
    tried = serializers.CharField()
    evidence = serializers.CharField()
    wanted_outcome = serializers.CharField()
    target_at = Moment()
    requested_by = PersonSerializer(allow_null=True)
    requested_at = Moment()
    request_reason = serializers.CharField(
        allow_blank=True, help_text="Why a level of the matrix is skipped, by whoever asked."
    )
    decided_by = PersonSerializer(allow_null=True)
    decided_at = Moment(allow_null=True)
    decision_reason = serializers.CharField(allow_blank=True)
    accepted_by = PersonSerializer(allow_null=True)
    accepted_at = Moment(allow_null=True)
    assignee = PersonSerializer(allow_null=True, help_text="Who of the team took it.")
    agreed_target_at = Moment(
        source="promised_at",
        allow_null=True,
        help_text=(
            "What the team is held to: the date that it named, or the deadline of the clock that "
            "the policy begins with its acceptance."
        ),
    )
    target_reason = serializers.CharField(
        allow_blank=True, help_text="Why that is later than asked for, or was moved."
    )
    target_missed_at = Moment(allow_null=True, help_text="When it was found missed.")
    plan = serializers.CharField(allow_blank=True)
    follow_up_at = Moment(allow_null=True, help_text="The earliest open follow-up.")
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
        help_text="Needed for a team that skips a level of the matrix.",
    )


class Verification(InputSerializer):
    to_team = Text(
        required=False,
        allow_null=True,
        default=None,
        max_length=40,
        help_text="Code of another team than the one asked for; needs a reason.",
    )
    reason = Text(required=False, allow_blank=True, default="", max_length=MAX_FORM_TEXT)


class Acceptance(InputSerializer):
    """Accepting says that the team understands the problem and its target."""

    plan = Text(max_length=MAX_FORM_TEXT, help_text="What the team will do.")
    target_at = Instant(
        required=False,
        allow_null=True,
        help_text=(
            "The date that the team promises; absent: the escalation's own. None where the policy "
            "begins a clock with the acceptance."
        ),
    )
    target_reason = Text(
        required=False,
        allow_blank=True,
        default="",
        max_length=MAX_FORM_TEXT,
        help_text="Needed for a date later than asked for, or than the resolution is due.",
    )
    assignee = WholeNumber(
        required=False,
        min_value=1,
        max_value=2**31,
        help_text="A colleague's id, who takes it; absent: oneself.",
    )
    follow_up_at = Instant(
        required=False, allow_null=True, help_text="The next news to CS; absent: in 24 hours."
    )


class Progress(InputSerializer):
    report = Text(max_length=MAX_FORM_TEXT)
    follow_up_at = Instant(required=False, allow_null=True)
