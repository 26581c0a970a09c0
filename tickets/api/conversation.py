"""A ticket's messages, attachments and events."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework.decorators import api_view, content_negotiation_class
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import IF_MATCH, endpoint
from helpdesk.common.errors import InvalidInput
from helpdesk.common.inputs import QuerySerializer
from helpdesk.common.outputs import listed
from helpdesk.common.paging import PageQuery, next_link, page_of
from helpdesk.common.wording import gettext as _
from tickets.api.edge import (
    Call,
    actor_of,
    is_form,
    letting_crossed_leave,
    read_call,
    read_look,
    sees_desk,
)
from tickets.api.inputs import NewMessage, NewMessageWithFiles
from tickets.api.talk import (
    AttachmentSerializer,
    EventPageSerializer,
    EventSerializer,
    MessagePageSerializer,
    MessageSerializer,
)
from tickets.downloads import attachment_response
from tickets.models import Message
from tickets.selectors import (
    attachment_for_actor_or_404,
    attachments_of,
    conversation,
    events_of,
)
from tickets.services import add_customer_message, add_internal_note, reply_to_customer


@endpoint(
    "A ticket's events",
    name="list_events",
    tag="Conversation",
    description="What happened, oldest first. Append-only: an id once seen never changes.",
    answers=EventPageSerializer,
    query=PageQuery,
    refuses=(404,),
)
@api_view(["GET"])
def events(request: Request, number: str) -> Response:
    look = read_look(request, number, PageQuery)
    internal = sees_desk(look.actor)
    rows = events_of(look.ticket, internal=internal)
    return _page(request, look, rows, EventSerializer, by=("at", "id"))


@endpoint(
    "A ticket's messages",
    name="list_messages",
    tag="Conversation",
    method="GET",
    description="Oldest first. Internal notes are shown to the desk only.",
    answers=MessagePageSerializer,
    query=PageQuery,
    refuses=(404,),
)
@endpoint(
    "Write a message",
    name="create_message",
    tag="Conversation",
    method="POST",
    description=(
        "A reply or note of the desk, or a message of the customer; files go with it. Without "
        "`kind` the desk replies and everybody else writes as the customer."
    ),
    body=NewMessage,
    files_body=NewMessageWithFiles,
    status=201,
    answers=MessageSerializer,
    headers=(IF_MATCH,),
    refuses=(403, 404, 409, 412, 422),
)
@api_view(["GET", "POST"])
def messages(request: Request, number: str) -> Response:
    if request.method == "POST":
        return _write(request, number)
    look = read_look(request, number, PageQuery)
    rows = conversation(look.ticket, internal=sees_desk(look.actor))
    return _page(request, look, rows, MessageSerializer, by=("sent_at", "id"))


@endpoint(
    "A ticket's attachments",
    name="list_attachments",
    tag="Conversation",
    answers=AttachmentSerializer(many=True),
    refuses=(404,),
)
@api_view(["GET"])
def attachments(request: Request, number: str) -> Response:
    look = read_look(request, number, QuerySerializer)
    rows = attachments_of(look.ticket, internal=sees_desk(look.actor))
    return Response(listed(AttachmentSerializer, rows))


class AnyFormat(DefaultContentNegotiation):
    """A file has the type that it has, whatever the caller would rather accept."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


@endpoint(
    "Download a file",
    name="get_attachment",
    tag="Conversation",
    answers=OpenApiTypes.BINARY,
    status=(200, "application/octet-stream"),
    refuses=(404,),
)
@api_view(["GET"])
@content_negotiation_class(AnyFormat)
def attachment(request: Request, key: str) -> FileResponse:
    return attachment_response(attachment_for_actor_or_404(actor_of(request), key))


def _write(request: Request, number: str) -> Response:
    body = NewMessageWithFiles if is_form(request) else NewMessage
    call = read_call(request, number, body)
    values = dict(call.values)
    wait = values.pop("wait_for_customer")
    kind = values.pop("kind", Message.Kind.REPLY if call.actor.at_desk else Message.Kind.CUSTOMER)
    if wait and kind != Message.Kind.REPLY:
        message = _("Only a reply can wait for the customer.")
        raise InvalidInput(message, fields={"wait_for_customer": message})
    seen = values.pop("seen_message", None)
    if seen is not None and kind != Message.Kind.REPLY:
        message = _("Only a reply can cross another's.")
        raise InvalidInput(message, fields={"seen_message": message})
    if kind == Message.Kind.REPLY:
        with letting_crossed_leave(call):
            made = reply_to_customer(**call.change, **values, wait_for_customer=wait, seen=seen)
    elif kind == Message.Kind.NOTE:
        made = add_internal_note(**call.change, **values)
    else:
        made = add_customer_message(**call.change, **values)
    context = {"at_desk": sees_desk(call.actor), "reader": request.user.pk}
    return Response(MessageSerializer(made, context=context).data, status=201)


def _page(request: Request, look: Call, rows: Any, shape: Any, *, by: tuple[str, str]) -> Response:
    found, further = page_of(rows, look.values, by=by)
    results = listed(shape, found, at_desk=sees_desk(look.actor), reader=request.user.pk)
    return Response({"results": results, "next": next_link(request, further)})
