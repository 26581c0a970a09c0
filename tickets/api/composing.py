"""What an officer writes before it is a message: drafts, and replies that may be taken back."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import IF_MATCH, endpoint
from helpdesk.common.inputs import (
    Choice,
    Files,
    InputSerializer,
    QuerySerializer,
    Several,
    Text,
    WholeNumber,
    YesNo,
    read_body,
    read_query,
)
from helpdesk.common.outputs import Moment
from helpdesk.common.preconditions import etag, expected_version
from tickets.api.edge import actor_of, find_ticket, is_form, letting_crossed_leave, read_call
from tickets.api.inputs import Nothing
from tickets.models import Draft, KeptFile, OutgoingReply
from tickets.selectors import drafts_of
from tickets.services import (
    Written,
    discard_draft,
    files_of_draft,
    save_draft,
    send_reply,
    send_waiting_reply,
    take_back_reply,
)
from tickets.services.attachments import MAX_FILES
from tickets.services.outgoing import LONGEST_UNDO
from tickets.services.reports import MAX_TEXT

LARGEST = 2**63 - 1
REPLY = Draft.Mode.REPLY


class DraftQuery(QuerySerializer):
    mode = Choice(required=False, default=REPLY, choices=Draft.Mode.choices)


class DraftText(InputSerializer):
    mode = Choice(required=False, default=REPLY, choices=Draft.Mode.choices)
    body = Text(allow_blank=True, max_length=MAX_TEXT, help_text="Empty: nothing is kept.")
    wait_for_customer = YesNo(required=False, default=False)
    macro = WholeNumber(required=False, allow_null=True, min_value=1, max_value=LARGEST)


class NewReply(InputSerializer):
    body = Text(max_length=MAX_TEXT)
    wait_for_customer = YesNo(
        required=False, default=False, help_text="The ball is then with the customer."
    )
    macro = WholeNumber(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=LARGEST,
        help_text="Its steps are taken when the reply leaves.",
    )
    seen_message = WholeNumber(
        required=False,
        min_value=0,
        max_value=LARGEST,
        help_text="As with `create_message`.",
    )
    undo_seconds = WholeNumber(
        required=False,
        min_value=0,
        max_value=LONGEST_UNDO,
        help_text="How long it may be taken back; absent: as the desk has it, 0: it leaves at once.",
    )
    kept_files = Several(
        child=Text(max_length=64),
        required=False,
        max_length=MAX_FILES,
        help_text="Keys of files of the caller's draft.",
    )


class NewReplyWithFiles(NewReply):
    files = Files(required=False, help_text="Up to 10: JPG, PNG, GIF, WebP, PDF, MP4; 20 MB each.")


class KeptFileSerializer(serializers.Serializer[KeptFile]):
    key = serializers.CharField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")


class DraftSerializer(serializers.Serializer[Any]):
    mode = serializers.ChoiceField(choices=Draft.Mode.choices)
    body = serializers.CharField(allow_blank=True)
    wait_for_customer = serializers.BooleanField(source="waiting")
    macro = serializers.IntegerField(source="macro_id", allow_null=True)
    version = serializers.IntegerField(help_text="0 where there is none.")
    saved_at = Moment(allow_null=True)
    files = KeptFileSerializer(many=True)


class OutgoingReplySerializer(serializers.Serializer[OutgoingReply]):
    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=OutgoingReply.State.choices)
    body = serializers.CharField()
    wait_for_customer = serializers.BooleanField(source="waiting")
    macro = serializers.IntegerField(source="macro_id", allow_null=True)
    author = serializers.CharField(source="author.full_name")
    leaves_at = Moment(help_text="Until then its author may take it back.")
    message = serializers.IntegerField(
        source="message_id", allow_null=True, help_text="The message that it has become."
    )


@endpoint(
    "The caller's draft",
    name="get_draft",
    tag="Conversation",
    method="GET",
    description="What the caller has begun to write; one of each kind. Nobody else reads it.",
    answers=DraftSerializer,
    query=DraftQuery,
    refuses=(403, 404),
)
@endpoint(
    "Keep a draft",
    name="save_draft",
    tag="Conversation",
    method="PUT",
    description=(
        "Replaces what was kept; secrets are masked. With `If-Match`, the version last seen (0: "
        "none), a draft that was changed or sent since answers 409 `draft_stale`."
    ),
    body=DraftText,
    answers=DraftSerializer,
    headers=(IF_MATCH,),
    refuses=(403, 404, 409),
)
@endpoint(
    "Throw a draft away",
    name="delete_draft",
    tag="Conversation",
    method="DELETE",
    description="With the files that were kept with it.",
    answers=None,
    status=204,
    query=DraftQuery,
    headers=(IF_MATCH,),
    refuses=(403, 404, 409),
)
@api_view(["GET", "PUT", "DELETE"])
def draft(request: Request, number: str) -> Response:
    actor = actor_of(request)
    ticket = find_ticket(actor, number)
    person = actor.require_person("work_ticket")
    which: dict[str, Any] = {"actor": actor, "number": ticket.number}
    if request.method == "PUT":
        values = dict(read_body(request, DraftText))
        mode = values.pop("mode")
        save_draft(
            **which,
            mode=mode,
            body=values["body"],
            waiting=values["wait_for_customer"],
            macro_id=values.get("macro"),
            expected_version=expected_version(request),
        )
    else:
        mode = read_query(request, DraftQuery)["mode"]
    if request.method == "DELETE":
        discard_draft(**which, mode=mode, expected_version=expected_version(request))
        return Response(status=204)
    return _draft_answer(drafts_of(person, ticket.pk).filter(mode=mode).first(), mode)


def _draft_answer(found: Draft | None, mode: str) -> Response:
    shown = found or Draft(mode=mode, version=0)
    files = files_of_draft(shown) if found else []
    names = ("mode", "body", "waiting", "macro_id", "version", "saved_at")
    rows = {name: getattr(shown, name) for name in names}
    response = Response(DraftSerializer({**rows, "files": files}).data)
    response["ETag"] = etag(shown.version)
    return response


@endpoint(
    "Send a reply that may be taken back",
    name="create_outgoing_reply",
    tag="Conversation",
    description=(
        "Until `leaves_at` it is no message: no mail, no clock, no page of the customer knows of it. "
        "It leaves then, or before anything else changes the ticket; at once where a promise to the "
        "customer would run out meanwhile."
    ),
    body=NewReply,
    files_body=NewReplyWithFiles,
    status=201,
    answers=OutgoingReplySerializer,
    headers=(IF_MATCH,),
    refuses=(403, 404, 409, 412),
)
@api_view(["POST"])
def replies(request: Request, number: str) -> Response:
    call = read_call(request, number, NewReplyWithFiles if is_form(request) else NewReply)
    values = call.values
    written = Written(
        body=values["body"],
        files=values.get("files", ()),
        kept=values.get("kept_files", ()),
        waiting=values["wait_for_customer"],
        macro_id=values.get("macro"),
        seen=values.get("seen_message"),
    )
    with letting_crossed_leave(call):
        made = send_reply(written, **call.change, undo_seconds=values.get("undo_seconds"))
    return Response(OutgoingReplySerializer(made).data, status=201)


@endpoint(
    "Take a reply back",
    name="take_back_reply",
    tag="Conversation",
    description="Only its author, before it has left; it is then their draft again. Twice is once.",
    body=Nothing,
    answers=OutgoingReplySerializer,
    refuses=(403, 404, 409),
)
@api_view(["POST"])
def undo(request: Request, number: str, pk: int) -> Response:
    call = read_call(request, number, Nothing)
    made = take_back_reply(actor=call.actor, ticket_id=call.ticket.pk, outgoing_id=pk)
    return Response(OutgoingReplySerializer(made).data)


@endpoint(
    "Send a waiting reply now",
    name="send_waiting_reply",
    tag="Conversation",
    description="Only its author. Twice is once.",
    body=Nothing,
    answers=OutgoingReplySerializer,
    refuses=(403, 404, 409),
)
@api_view(["POST"])
def send_now(request: Request, number: str, pk: int) -> Response:
    call = read_call(request, number, Nothing)
    made = send_waiting_reply(actor=call.actor, ticket_id=call.ticket.pk, outgoing_id=pk)
    return Response(OutgoingReplySerializer(made).data)
