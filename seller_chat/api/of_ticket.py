"""The conversations that a ticket is about, read at the desk and on record."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import endpoint
from helpdesk.common.inputs import InputSerializer, QuerySerializer, Text, WholeNumber
from helpdesk.common.outputs import Moment, listed
from seller_chat.api.conversations import TAG
from seller_chat.api.talk_inputs import BIGGEST
from seller_chat.api.talk_shapes import DESK, ChatMessageSerializer, ShopNameSerializer
from seller_chat.models import Conversation, ConversationTicket
from seller_chat.services import look_for_ticket
from seller_chat.talks import all_messages, links_of_ticket
from tickets.api.edge import read_call, read_look

MOST = 200


class TicketConversationSerializer(serializers.Serializer[ConversationTicket]):
    id = serializers.IntegerField(source="pk", help_text="Of the link; a look names it.")
    conversation = serializers.CharField(source="conversation.key")
    shop = ShopNameSerializer(source="conversation.shop")
    stage = serializers.ChoiceField(source="conversation.stage", choices=Conversation.Stage.choices)
    order_number = serializers.CharField(source="conversation.order_number", allow_blank=True)
    product = serializers.CharField(source="conversation.product", allow_blank=True)
    silent = serializers.SerializerMethodField(
        help_text="The shop's silence of more than five days opened the ticket."
    )
    linked_at = Moment()

    def get_silent(self, link: ConversationTicket) -> bool:
        return link.clock_id is not None


class ReadConversationSerializer(serializers.Serializer[Any]):
    look = serializers.IntegerField(help_text="Id of the look that was recorded.")
    messages = ChatMessageSerializer(many=True)
    earlier = serializers.BooleanField(help_text="There are earlier ones: ask with `before`.")


class ConversationLookReason(InputSerializer):
    reason = Text(required=False, default="", allow_blank=True, max_length=40)
    before = WholeNumber(
        required=False,
        default=BIGGEST,
        min_value=1,
        max_value=BIGGEST,
        help_text=f"Id of a message; the {MOST} before it.",
    )


@endpoint(
    "Conversations of a ticket",
    name="list_ticket_conversations",
    tag=TAG,
    description="For the desk. Their words come after a look alone.",
    answers=TicketConversationSerializer(many=True),
    refuses=(403, 404),
)
@api_view(["GET"])
def conversations(request: Request, number: str) -> Response:
    look = read_look(request, number, QuerySerializer)
    look.actor.require("work_ticket")
    return Response(listed(TicketConversationSerializer, links_of_ticket(look.ticket)))


@endpoint(
    "Read a conversation of a ticket",
    name="look_at_conversation",
    tag=TAG,
    description=(
        f"The latest {MOST} messages. That the caller looks is recorded, with `reason` where the role needs "
        "one: 400 `reason_needed`."
    ),
    body=ConversationLookReason,
    answers=ReadConversationSerializer,
    refuses=(403, 404),
)
@api_view(["POST"])
def look(request: Request, number: str, pk: int) -> Response:
    call = read_call(request, number, ConversationLookReason)
    call.actor.require("work_ticket")
    links = links_of_ticket(call.ticket)
    link = links.filter(pk=pk).first() if pk <= BIGGEST else None
    if link is None:
        raise Http404("conversation")
    made = look_for_ticket(
        actor=call.actor, link=link, ticket=call.ticket, reason=call.values["reason"]
    )
    rows = all_messages(link.conversation).filter(pk__lt=call.values["before"])
    found = list(rows.order_by("-id")[: MOST + 1])
    shown = listed(ChatMessageSerializer, reversed(found[:MOST]), side=DESK)
    return Response({"look": made.pk, "messages": shown, "earlier": len(found) > MOST})
