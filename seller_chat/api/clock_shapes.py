"""What the API says about the 24-hour clock of a turn."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from helpdesk.common.outputs import Moment
from seller_chat.api.talk_examples import CLOCK
from seller_chat.clock_story import ClockStory
from seller_chat.models import ReplyClock


class PauseSerializer(serializers.Serializer[Any]):
    begins_at = Moment(source="begins")
    ends_at = Moment(source="ends", allow_null=True, help_text="Null while nobody knows it.")


class ClockStepSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["reply_warned", "waived", "waiver_undone"])
    at = Moment()
    hours = serializers.IntegerField(
        allow_null=True, help_text="Of a warning: how many had passed."
    )


@extend_schema_serializer(examples=[OpenApiExample("Answered in time", value=CLOCK)])
class ReplyClockSerializer(serializers.Serializer[ClockStory]):
    """Messages are named by their ids."""

    id = serializers.IntegerField(source="clock.pk")
    opened_by = serializers.IntegerField(source="clock.opened_by_id")
    opened_at = Moment(source="clock.opened_at")
    hours = serializers.IntegerField(source="clock.hours", help_text="What was promised then.")
    pauses = PauseSerializer(many=True, help_text="Holiday Mode of the shop meanwhile.")
    waived_seconds = serializers.FloatField(help_text="While no reply was asked for.")
    counted_seconds = serializers.FloatField(help_text="What counted until now, or until it ended.")
    due_at = Moment(
        source="clock.due_at",
        allow_null=True,
        help_text="An answer in this very instant is in time; null while the end of a pause is unknown.",
    )
    steps = serializers.SerializerMethodField()
    missed_at = Moment(source="clock.breached_at", allow_null=True)
    ended_at = Moment(source="clock.ended_at", allow_null=True)
    ended_how = serializers.ChoiceField(
        source="clock.ended_how", choices=ReplyClock.Ended.choices, allow_blank=True
    )
    ended_by = serializers.IntegerField(source="clock.ended_by_id", allow_null=True)
    ticket = serializers.CharField(
        allow_null=True, help_text="That came by itself after five days of silence."
    )

    @extend_schema_field(ClockStepSerializer(many=True))
    def get_steps(self, story: ClockStory) -> list[dict[str, Any]]:
        rows = [dict(zip(("kind", "at", "hours"), step, strict=True)) for step in story.steps]
        return [dict(ClockStepSerializer(row).data) for row in rows]
