"""What is said and sent about what a shop sets up."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from helpdesk.common.inputs import (
    Choice,
    InputSerializer,
    Instant,
    QuerySerializer,
    Several,
    Text,
    WholeNumber,
)
from helpdesk.common.outputs import Moment
from people.models import Shop
from seller_chat.api.talk_inputs import BIGGEST
from seller_chat.models import FaqAnswer, HolidayMode, ReplySettings
from seller_chat.selectors import restriction_of
from seller_chat.services.settings import LONGEST_ANSWER, LONGEST_WORDS, MOST_FAQ

_AUTOMATIC = {
    "when": "outside",
    "text": "Terima kasih sudah menghubungi kami. Kami balas besok pukul 08.00.",
    "opens": "08:00",
    "closes": "17:00",
    "days": [0, 1, 2, 3, 4],
}
_FAQ = {"words": ["berapa ongkir", "ongkos kirim"], "answer": "Ongkir mulai Rp 9.000 kak."}
_HOLIDAY = {"begins_at": "2026-12-24T17:00:00+07:00", "ends_at": "2026-12-27T08:00:00+07:00"}


class ShopQuery(QuerySerializer):
    after = WholeNumber(required=False, default=0, min_value=0, max_value=BIGGEST)
    page_size = WholeNumber(required=False, default=50, min_value=1, max_value=100)


class ShopSerializer(serializers.Serializer[Shop]):
    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    restriction = serializers.SerializerMethodField(
        help_text="The hardest in force: `messages`, `shop`, or empty."
    )

    def get_restriction(self, shop: Shop) -> str:
        return restriction_of(shop.pk)


class ShopListSerializer(serializers.Serializer[Any]):
    results = ShopSerializer(many=True)
    next_after = serializers.IntegerField(
        allow_null=True, help_text="`after` of the next page; null at the end."
    )


@extend_schema_serializer(
    examples=[OpenApiExample("Planned", value={"id": 31, **_HOLIDAY, "on": False})]
)
class HolidaySerializer(serializers.Serializer[HolidayMode]):
    id = serializers.IntegerField(source="pk")
    begins_at = Moment()
    ends_at = Moment(allow_null=True, help_text="Null: until somebody ends it.")
    on = serializers.SerializerMethodField(help_text="Now; else it is planned.")

    def get_on(self, holiday: HolidayMode) -> bool:
        now: datetime = self.context["now"]
        return holiday.begins_at <= now and (holiday.ends_at is None or holiday.ends_at > now)


@extend_schema_serializer(examples=[OpenApiExample("Planned", value=_HOLIDAY, request_only=True)])
class NewHoliday(InputSerializer):
    begins_at = Instant(required=False, allow_null=True)
    ends_at = Instant(required=False, allow_null=True)


class ClockTime(Text):
    """A time of the day in WIB, as 08:00."""

    default_error_messages = {"time": gettext_lazy("This must be a time such as 08:00.")}

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        if not re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", text):
            self.fail("time")
        return time.fromisoformat(text)


@extend_schema_serializer(
    examples=[OpenApiExample("Outside the opening hours", value=_AUTOMATIC, request_only=True)]
)
class NewAutomaticReply(InputSerializer):
    when = Choice(choices=ReplySettings.When.choices)
    text = Text(required=False, default="", allow_blank=True, help_text=f"Up to {LONGEST_ANSWER}.")
    opens = ClockTime(required=False, default=time(8), help_text="WIB, such as `08:00`.")
    closes = ClockTime(required=False, default=time(17), help_text="WIB.")
    days = Several(
        child=WholeNumber(min_value=0, max_value=6),
        required=False,
        default=list,
        max_length=7,
        help_text="Weekdays on which the shop is open; 0 is Monday.",
    )


@extend_schema_serializer(examples=[OpenApiExample("Outside the opening hours", value=_AUTOMATIC)])
class AutomaticReplySerializer(serializers.Serializer[ReplySettings]):
    when = serializers.ChoiceField(choices=ReplySettings.When.choices)
    text = serializers.CharField(allow_blank=True)
    opens = serializers.SerializerMethodField(help_text="WIB.")
    closes = serializers.SerializerMethodField(help_text="WIB.")
    days = serializers.ListField(child=serializers.IntegerField())

    def get_opens(self, row: ReplySettings) -> str:
        return str(row.opens)[:5]

    def get_closes(self, row: ReplySettings) -> str:
        return str(row.closes)[:5]


class NewFaq(InputSerializer):
    words = Several(
        child=Text(max_length=LONGEST_WORDS),
        min_length=1,
        max_length=20,
        help_text="Groups of words; all words of a group must be in the question, in any order.",
    )
    answer = Text(help_text=f"Up to {LONGEST_ANSWER} characters.")


@extend_schema_serializer(
    examples=[OpenApiExample("One answer", value={"answers": [_FAQ]}, request_only=True)]
)
class FaqAnswers(InputSerializer):
    answers = Several(child=NewFaq(), max_length=MOST_FAQ)


@extend_schema_serializer(examples=[OpenApiExample("One answer", value={"id": 7, **_FAQ})])
class FaqSerializer(serializers.Serializer[FaqAnswer]):
    id = serializers.IntegerField(source="pk")
    words = serializers.SerializerMethodField()
    answer = serializers.CharField()

    def get_words(self, row: FaqAnswer) -> list[str]:
        return row.words.split("\n")
