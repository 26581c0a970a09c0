"""What the API says about conversations and what was said in them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from helpdesk.common.outputs import Moment
from seller_chat.api.talk_examples import CONVERSATION, HELD, MESSAGE
from seller_chat.judging import guideline_of, spans_of
from seller_chat.models import ChatAttachment, ChatMessage, Conversation, ReviewItem

BUYER, DESK = "buyer", "desk"


class ShopNameSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()


class BuyerNameSerializer(serializers.Serializer[Any]):
    """A buyer as a shop sees them: never a contact."""

    name = serializers.CharField(source="shown_name")


@extend_schema_serializer(examples=[OpenApiExample("Waits for the shop", value=CONVERSATION)])
class ConversationSerializer(serializers.Serializer[Conversation]):
    key = serializers.CharField()
    side = serializers.SerializerMethodField(help_text="As which the caller reads it.")
    shop = ShopNameSerializer()
    buyer = BuyerNameSerializer()
    stage = serializers.ChoiceField(choices=Conversation.Stage.choices)
    order_number = serializers.CharField(allow_blank=True)
    product = serializers.CharField(allow_blank=True)
    opened_at = Moment()
    last_message_at = Moment()
    last_words = serializers.CharField(
        allow_null=True, help_text="Of the latest delivered message; null where there is none."
    )
    unread = serializers.BooleanField(
        help_text="The other side wrote what the caller's has not seen."
    )
    reply_owed = serializers.BooleanField(source="owed", help_text="By the shop.")
    reply_due_at = Moment(
        source="due_at",
        allow_null=True,
        help_text="Null where nothing is owed, and while a Holiday Mode without an end is on.",
    )
    reply_missed_at = Moment(source="breached_at", allow_null=True)

    @extend_schema_field(serializers.ChoiceField(choices=["buyer", "seller"]))
    def get_side(self, conversation: Conversation) -> str:
        reader = self.context["reader"]
        return BUYER if conversation.buyer.user_id == reader else "seller"


class ConversationDetailSerializer(ConversationSerializer):
    seen = serializers.IntegerField(help_text="Newest message id that the caller's side has seen.")
    seen_by_other = serializers.SerializerMethodField(help_text="And the other side.")
    shop_closed_until = serializers.SerializerMethodField(
        help_text="The end of the Holiday Mode that is on, if it is known."
    )
    shop_closed = serializers.SerializerMethodField(help_text="Holiday Mode is on.")
    mark = serializers.SerializerMethodField(
        help_text="Changes whenever something in the conversation does; compare it, do not read it."
    )

    def get_seen_by_other(self, conversation: Conversation) -> int:
        ours = self.get_side(conversation) == BUYER
        return conversation.shop_seen if ours else conversation.buyer_seen

    def get_shop_closed(self, conversation: Conversation) -> bool:
        return self.context["holiday"] is not None

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_shop_closed_until(self, conversation: Conversation) -> Any:
        holiday = self.context["holiday"]
        return Moment().to_representation(holiday.ends_at) if holiday and holiday.ends_at else None

    def get_mark(self, conversation: Conversation) -> str:
        return str(self.context["mark"])


class ConversationListSerializer(serializers.Serializer[Any]):
    results = ConversationSerializer(many=True)
    next = serializers.URLField(allow_null=True)


class ChatFileSerializer(serializers.Serializer[ChatAttachment]):
    key = serializers.CharField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField()
    url = serializers.SerializerMethodField(help_text="Needs the same token as everything else.")

    @extend_schema_field(serializers.URLField())
    def get_url(self, attachment: ChatAttachment) -> str:
        return f"{settings.BASE_URL.rstrip('/')}/api/v1/chat-attachments/{attachment.key}"


class GuidelineSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    number = serializers.CharField(help_text="In the guidelines for sellers, such as 4.2.2.")
    name = serializers.CharField(help_text="In the language of Accept-Language; else Indonesian.")


class HeldBackSerializer(serializers.Serializer[ChatMessage]):
    """Why a message was held back, and what became of it."""

    cause = serializers.ChoiceField(source="review.cause", choices=ReviewItem.Cause.choices)
    guidelines = serializers.SerializerMethodField()
    marks = serializers.SerializerMethodField(
        help_text="Places in `body`, [from, to), on which the verdict rests."
    )
    second_look_asked_at = Moment(source="review.asked_at", allow_null=True)
    outcome = serializers.ChoiceField(
        source="review.outcome", choices=ReviewItem.Outcome.choices, allow_blank=True
    )
    reason = serializers.CharField(source="review.reason", allow_blank=True)

    @extend_schema_field(GuidelineSerializer(many=True))
    def get_guidelines(self, message: ChatMessage) -> list[dict[str, Any]]:
        return [
            dict(GuidelineSerializer(guideline_of(label)).data)
            for label in message.moderation.labels
        ]

    @extend_schema_field(
        serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))
    )
    def get_marks(self, message: ChatMessage) -> list[list[int]]:
        return [list(span) for span in spans_of(message.moderation, len(message.body))]


@extend_schema_serializer(
    examples=[
        OpenApiExample("Delivered", value=MESSAGE),
        OpenApiExample("Held back", value=HELD),
    ]
)
class ChatMessageSerializer(serializers.Serializer[ChatMessage]):
    """The words of a deleted message are told to the desk alone."""

    id = serializers.IntegerField(source="pk")
    sender = serializers.ChoiceField(choices=ChatMessage.Sender.choices)
    state = serializers.ChoiceField(choices=ChatMessage.State.choices)
    body = serializers.SerializerMethodField(help_text="Contacts, account numbers, codes masked.")
    masked = serializers.ListField(
        child=serializers.CharField(), help_text="Kinds of what was masked."
    )
    sent_at = Moment()
    delivered_at = Moment(allow_null=True)
    deleted_at = Moment(allow_null=True)
    attachments = serializers.SerializerMethodField()
    held_back = serializers.SerializerMethodField(
        help_text="To its sender and the desk, of one that was held back or refused; else null."
    )

    def _told(self, message: ChatMessage) -> bool:
        return self.context["side"] == DESK or message.state != ChatMessage.State.DELETED

    def get_body(self, message: ChatMessage) -> str:
        return message.body if self._told(message) else ""

    @extend_schema_field(ChatFileSerializer(many=True))
    def get_attachments(self, message: ChatMessage) -> list[dict[str, Any]]:
        files = message.attachments.all() if self._told(message) else []
        return [dict(ChatFileSerializer(file).data) for file in files]

    @extend_schema_field(HeldBackSerializer(allow_null=True))
    def get_held_back(self, message: ChatMessage) -> dict[str, Any] | None:
        # Nobody but the sender's side and the desk is ever given one in these states.
        if message.state not in (ChatMessage.State.HELD, ChatMessage.State.REFUSED):
            return None
        return dict(HeldBackSerializer(message).data)


class WithheldSerializer(serializers.Serializer[ChatMessage]):
    """Its words stay with the officers."""

    id = serializers.IntegerField(source="pk")
    sent_at = Moment()
    guidelines = serializers.SerializerMethodField(help_text="What the officer found.")

    @extend_schema_field(GuidelineSerializer(many=True))
    def get_guidelines(self, message: ChatMessage) -> list[dict[str, Any]]:
        found = map(guideline_of, message.review.labels)
        return [dict(GuidelineSerializer(each).data) for each in found]


class ChatMessageListSerializer(serializers.Serializer[Any]):
    results = ChatMessageSerializer(many=True)
    next = serializers.URLField(allow_null=True)
