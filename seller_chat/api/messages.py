"""What is said in a conversation: read, sent, taken back, looked at again."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from rest_framework.decorators import api_view, content_negotiation_class
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common import clock
from helpdesk.common.api_docs import endpoint
from helpdesk.common.inputs import read_body, read_query
from helpdesk.common.outputs import listed
from helpdesk.common.paging import next_link, page_of
from people.actors import Actor
from seller_chat.api.conversations import TAG, find_conversation
from seller_chat.api.talk_inputs import (
    BIGGEST,
    AsSide,
    MessageQuery,
    NewChatMessage,
    NewChatMessageWithFiles,
    SideQuery,
)
from seller_chat.api.talk_shapes import (
    ChatMessageListSerializer,
    ChatMessageSerializer,
    WithheldSerializer,
)
from seller_chat.models import ChatMessage
from seller_chat.services import ask_second_look, delete_message, send_message
from seller_chat.services.parts import require_side, side_of
from seller_chat.talks import attachment_for_actor_or_404, messages_for, side_in, withheld_from
from tickets.api.conversation import AnyFormat
from tickets.api.edge import actor_of, is_form
from tickets.downloads import attachment_response


@endpoint(
    "Messages of a conversation",
    name="list_chat_messages",
    tag=TAG,
    method="GET",
    description=(
        "In the order in which they were written: one's own whatever became of them, the other side's "
        "once they were delivered. One that a review released keeps its place."
    ),
    answers=ChatMessageListSerializer,
    query=MessageQuery,
    refuses=(404,),
)
@endpoint(
    "Send a message",
    name="send_chat_message",
    tag=TAG,
    method="POST",
    description=(
        "It is checked before it is delivered: `state` says `delivered` or `held`. 400 `nothing_said`, "
        "or what is wrong with a file; of connected systems `side_needed`. 403 `shop_restricted`. 429: "
        "too many within ten minutes."
    ),
    body=NewChatMessage,
    files_body=NewChatMessageWithFiles,
    answers=ChatMessageSerializer,
    status=201,
    refuses=(403, 404),
)
@api_view(["GET", "POST"])
def messages(request: Request, key: str) -> Response:
    actor = actor_of(request)
    found = find_conversation(actor, key)
    if request.method == "POST":
        shape = NewChatMessageWithFiles if is_form(request) else NewChatMessage
        sent = send_message(
            actor=actor, conversation_id=found.pk, **read_body(request, shape)
        ).message
        return _answer(sent.sender, sent, status=201)
    query = read_query(request, MessageQuery)
    side = _side_read(actor, found, query["side"])
    rows, following = page_of(messages_for(found, side), query, by=("sent_at", "pk"))
    results = listed(ChatMessageSerializer, rows, side=side)
    return Response({"results": results, "next": next_link(request, following)})


def _side_read(actor: Actor, conversation: Any, claimed: str) -> str:
    """As which side it is read: one's own, a connected system's choice, by itself the shop's."""
    return side_of(actor, conversation, claimed or side_in(actor, conversation))


@endpoint(
    "What was withheld from the shop",
    name="list_withheld_messages",
    tag=TAG,
    description=(
        "To the shop: the buyer's messages in which an officer found a violation, without their words. They "
        "can be picked as evidence of a report."
    ),
    answers=WithheldSerializer(many=True),
    refuses=(403, 404),
)
@api_view(["GET"])
def withheld(request: Request, key: str) -> Response:
    actor = actor_of(request)
    found, said = find_conversation(actor, key), read_query(request, SideQuery)
    require_side(actor, found, "seller", said["side"])
    return Response(listed(WithheldSerializer, withheld_from(found)))


@endpoint(
    "Delete a message",
    name="delete_chat_message",
    tag=TAG,
    description=(
        "One's own, for both sides; twice is once. 409 `wrong_state` while it is in review, or when it "
        "is the answer that stopped a clock."
    ),
    answers=None,
    status=204,
    query=SideQuery,
    refuses=(403, 404, 409),
)
@api_view(["DELETE"])
def message(request: Request, key: str, pk: int) -> Response:
    actor = actor_of(request)
    found = find_message(actor, key, pk)
    said = read_query(request, SideQuery)
    delete_message(actor=actor, conversation_id=found.conversation_id, message_id=found.pk, **said)
    return Response(status=204)


@endpoint(
    "Ask for a second look",
    name="ask_second_look",
    tag=TAG,
    description=(
        "At one's own message that is held back: an officer looks at it first. 409 `wrong_state` when it "
        "does not wait for a review."
    ),
    body=AsSide,
    answers=ChatMessageSerializer,
    refuses=(403, 404, 409),
)
@api_view(["POST"])
def second_look(request: Request, key: str, pk: int) -> Response:
    actor = actor_of(request)
    found = find_message(actor, key, pk)
    said = read_body(request, AsSide)
    ask_second_look(actor=actor, conversation_id=found.conversation_id, message_id=found.pk, **said)
    return _answer(found.sender, found)


@endpoint(
    "Download a file of a message",
    name="get_chat_attachment",
    tag=TAG,
    description="Of a message that the caller sees, or for the desk within eight hours of a look.",
    answers=OpenApiTypes.BINARY,
    status=(200, "application/octet-stream"),
    refuses=(404,),
)
@api_view(["GET"])
@content_negotiation_class(AnyFormat)
def attachment(request: Request, key: str) -> FileResponse:
    return attachment_response(attachment_for_actor_or_404(actor_of(request), key, clock.now()))


def find_message(actor: Actor, key: str, pk: int) -> ChatMessage:
    """One that the actor sees, by the conversation's key and its own id. Raises Http404."""
    conversation = find_conversation(actor, key)
    if pk > BIGGEST:
        raise Http404("message")
    rows = conversation.messages.filter(pk=pk)
    if not actor.may("receive_for_others"):
        rows = messages_for(conversation, side_in(actor, conversation)).filter(pk=pk)
    found: ChatMessage | None = rows.first()
    if found is None:
        raise Http404("message")
    return found


def _answer(sender: str, message: ChatMessage, *, status: int = 200) -> Response:
    """The message as its sender's side sees it, read anew."""
    again = messages_for(message.conversation, sender).get(pk=message.pk)
    shape = ChatMessageSerializer(again, context={"side": sender})
    return Response(shape.data, status=status)
