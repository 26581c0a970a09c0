"""The reviewers' side: what waits, reading on record, deciding; and conversations of a ticket."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import endpoint
from helpdesk.common.errors import WrongState
from helpdesk.common.inputs import (
    Choice,
    InputSerializer,
    Several,
    Text,
    YesNo,
    read_body,
    read_query,
)
from helpdesk.common.outputs import Moment, listed
from helpdesk.common.paging import PageQuery, next_link, page_of
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from seller_chat.api.conversations import TAG
from seller_chat.api.talk_inputs import BIGGEST
from seller_chat.api.talk_shapes import (
    DESK,
    ChatMessageSerializer,
    GuidelineSerializer,
    ShopNameSerializer,
)
from seller_chat.judging import guideline_of
from seller_chat.models import ChatMessage, ReviewItem
from seller_chat.services import decide_review, look_for_review
from seller_chat.talks import excerpt_around, has_looked, open_reviews, review_or_404
from tickets.api.edge import actor_of


class MessageReviewSerializer(serializers.Serializer[ReviewItem]):
    """Nobody's words stand here."""

    id = serializers.IntegerField(source="pk")
    cause = serializers.ChoiceField(choices=ReviewItem.Cause.choices)
    message = serializers.IntegerField(source="message_id")
    conversation = serializers.CharField(source="message.conversation.key")
    shop = ShopNameSerializer(source="message.conversation.shop")
    sender = serializers.ChoiceField(source="message.sender", choices=ChatMessage.Sender.choices)
    opened_at = Moment()
    asked_at = Moment(allow_null=True, help_text="The sender asked for a second look.")
    guidelines = serializers.SerializerMethodField(help_text="What the check found.")
    outcome = serializers.ChoiceField(choices=ReviewItem.Outcome.choices, allow_blank=True)
    labels = serializers.ListField(
        child=serializers.CharField(), help_text="What the officer found."
    )
    reason = serializers.CharField(allow_blank=True)
    decided_at = Moment(allow_null=True)

    @extend_schema_field(GuidelineSerializer(many=True))
    def get_guidelines(self, item: ReviewItem) -> list[dict[str, Any]]:
        found = map(guideline_of, item.message.moderation.labels)
        return [dict(GuidelineSerializer(each).data) for each in found]


class MessageReviewListSerializer(serializers.Serializer[Any]):
    results = MessageReviewSerializer(many=True)
    next = serializers.URLField(allow_null=True)


class ReviewedExcerptSerializer(serializers.Serializer[Any]):
    look = serializers.IntegerField(help_text="Id of the look that was recorded.")
    review = MessageReviewSerializer()
    messages = ChatMessageSerializer(many=True)


class ReviewQuery(PageQuery):
    asked = YesNo(required=False, help_text="Those whose sender asks for a second look; or not.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A violation",
            value={
                "outcome": "confirmed",
                "labels": ["off_platform_diversion"],
                "reason": "Mengajak pembeli bertransaksi lewat WhatsApp.",
            },
            request_only=True,
        ),
        OpenApiExample(
            "Nothing in it",
            value={"outcome": "released", "reason": "Kurir saja."},
            request_only=True,
        ),
    ]
)
class ReviewDecision(InputSerializer):
    outcome = Choice(choices=ReviewItem.Outcome.choices)
    reason = Text(help_text="The sender reads it.")
    labels = Several(
        child=Text(max_length=40),
        required=False,
        default=list,
        max_length=20,
        help_text="Needed to confirm a violation; see `guidelines`.",
    )


def _review(actor: Actor, pk: int) -> ReviewItem:
    if pk > BIGGEST:
        raise Http404("review")
    return review_or_404(actor, pk)


@endpoint(
    "Messages that wait for a review",
    name="list_reviews",
    tag=TAG,
    description="For reviewers, the oldest first.",
    answers=MessageReviewListSerializer,
    query=ReviewQuery,
    refuses=(403,),
)
@api_view(["GET"])
def reviews(request: Request) -> Response:
    actor_of(request).require("review_messages")
    query = read_query(request, ReviewQuery)
    rows = open_reviews()
    if "asked" in query:
        rows = rows.filter(asked_at__isnull=not query["asked"])
    found, following = page_of(rows, query, by=("opened_at", "pk"))
    results = listed(MessageReviewSerializer, found)
    return Response({"results": results, "next": next_link(request, following)})


@endpoint(
    "Read a message in review",
    name="look_at_review",
    tag=TAG,
    description=(
        "The message with what stands around it. That the caller looks is recorded; going on within a "
        "quarter of an hour is the same look."
    ),
    answers=ReviewedExcerptSerializer,
    refuses=(404,),
)
@api_view(["POST"])
def review_look(request: Request, pk: int) -> Response:
    actor = actor_of(request)
    item = _review(actor, pk)
    look = look_for_review(actor=actor, item=item)
    shown = {
        "look": look.pk,
        "review": MessageReviewSerializer(item).data,
        "messages": listed(ChatMessageSerializer, excerpt_around(item), side=DESK),
    }
    return Response(shown)


@endpoint(
    "Decide about a message",
    name="decide_review",
    tag=TAG,
    description=(
        "By who has read it: 409 `read_first`. `released` delivers it, `refused` does not (of one that was "
        "delivered: 400 `delivered_already`), `confirmed` puts a violation on record. 409 `wrong_state` when "
        "somebody has decided."
    ),
    body=ReviewDecision,
    answers=MessageReviewSerializer,
    refuses=(403, 404, 409),
)
@api_view(["POST"])
def review_decision(request: Request, pk: int) -> Response:
    actor = actor_of(request)
    item = _review(actor, pk)
    said = read_body(request, ReviewDecision)
    if not has_looked(actor, item):
        raise WrongState(_("Read the message before you decide."), code="read_first")
    decide_review(actor=actor, review_id=item.pk, **said)
    return Response(MessageReviewSerializer(_review(actor, pk)).data)
