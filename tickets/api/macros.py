"""Macros: listed, kept, shown for a ticket and sent."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import IF_MATCH, endpoint
from helpdesk.common.inputs import Choice, InputSerializer, Text, WholeNumber, YesNo, read_body
from helpdesk.common.outputs import listed
from helpdesk.common.preconditions import etag, expected_version
from people.actors import Actor
from tickets.api.edge import actor_of, find_ticket, read_call
from tickets.api.talk import MessageSerializer
from tickets.macro_reads import macro_for_actor_or_404, macros_for, scope_of
from tickets.macro_words import words_for
from tickets.models import Macro
from tickets.services import (
    MacroDraft,
    archive_macro,
    change_macro,
    create_macro,
    send_macro,
)
from tickets.services.macros import MAX_BODY, MAX_FORM_TEXT, MAX_NAME, THEN
from tickets.services.reports import MAX_TEXT
from tickets.states import Confirmation, Priority


class Effects(InputSerializer):
    take = YesNo(required=False, help_text="The sender becomes the assignee.")
    priority = Choice(required=False, choices=Priority.choices)
    category = Text(required=False, max_length=40)
    then = Choice(
        required=False,
        choices=[(word, word) for word in THEN],
        help_text="`wait` for the customer, ask them to `confirm`, or `close`.",
    )
    root_cause = Text(required=False, max_length=MAX_FORM_TEXT, help_text="Placeholders are known.")
    solution = Text(required=False, max_length=MAX_FORM_TEXT)
    confirmation = Choice(required=False, choices=Confirmation.choices)


class NewMacro(InputSerializer):
    name = Text(max_length=MAX_NAME)
    kind = Choice(required=False, default=Macro.Kind.REPLY, choices=Macro.Kind.choices)
    body = Text(
        max_length=MAX_BODY, help_text="In Indonesian; placeholders such as {customer_name}."
    )
    body_en = Text(required=False, allow_blank=True, max_length=MAX_BODY)
    scope = Text(
        required=False,
        default="own",
        max_length=40,
        help_text="`own`, `all`, or the code of a team.",
    )
    effects = Effects(required=False)


class SentMacro(InputSerializer):
    macro = WholeNumber(min_value=1, max_value=2**62)
    body = Text(
        required=False,
        max_length=MAX_TEXT,
        help_text="Absent: the macro's own words, filled in for this ticket.",
    )


class MacroSerializer(serializers.Serializer[Macro]):
    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    kind = serializers.CharField()
    body = serializers.CharField()
    body_en = serializers.CharField(allow_blank=True)
    scope = serializers.SerializerMethodField(help_text="`own`, `all`, or the code of a team.")
    effects = serializers.DictField()
    version = serializers.IntegerField()
    used = serializers.IntegerField(help_text="Sent in the last 30 days.")

    def get_scope(self, macro: Macro) -> str:
        return scope_of(macro)


class MacroWordsSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    missing = serializers.ListField(
        child=serializers.CharField(), help_text="Placeholders that the ticket does not tell."
    )


@endpoint(
    "Macros",
    name="list_macros",
    tag="Macros",
    method="GET",
    description="Those that the caller may use: their own, their teams', everybody's. For the desk.",
    answers=MacroSerializer(many=True),
)
@endpoint(
    "Keep a macro",
    name="create_macro",
    tag="Macros",
    method="POST",
    description="A team's is kept by its leads, everybody's by those who edit rules.",
    body=NewMacro,
    status=201,
    answers=MacroSerializer,
    refuses=(403, 409),
)
@api_view(["GET", "POST"])
def macros(request: Request) -> Response:
    actor = actor_of(request)
    if request.method == "POST":
        made = create_macro(actor=actor, draft=_draft(request))
        return _answer(actor, made, status=201)
    return Response(listed(MacroSerializer, macros_for(actor)))


@endpoint(
    "A macro",
    name="get_macro",
    tag="Macros",
    method="GET",
    answers=MacroSerializer,
    refuses=(404,),
)
@endpoint(
    "Change a macro",
    name="change_macro",
    tag="Macros",
    method="PUT",
    body=NewMacro,
    answers=MacroSerializer,
    headers=(IF_MATCH,),
    refuses=(403, 404, 409, 412),
)
@endpoint(
    "Put a macro away",
    name="archive_macro",
    tag="Macros",
    method="DELETE",
    description="It is offered no more; what was sent with it stays as it is.",
    status=204,
    answers=None,
    headers=(IF_MATCH,),
    refuses=(403, 404, 409, 412),
)
@api_view(["GET", "PUT", "DELETE"])
def macro(request: Request, pk: int) -> Response:
    actor = actor_of(request)
    if request.method == "DELETE":
        archive_macro(actor=actor, macro_id=pk, expected_version=expected_version(request))
        return Response(status=204)
    if request.method == "PUT":
        draft = _draft(request)
        change_macro(
            actor=actor, macro_id=pk, draft=draft, expected_version=expected_version(request)
        )
    return _answer(actor, macro_for_actor_or_404(actor, pk))


@endpoint(
    "A macro's words for a ticket",
    name="get_macro_words",
    tag="Macros",
    answers=MacroWordsSerializer,
    refuses=(403, 404),
)
@api_view(["GET"])
def words(request: Request, number: str, pk: int) -> Response:
    actor = actor_of(request)
    ticket = find_ticket(actor, number)
    person = actor.require_person("work_ticket")
    found = words_for(macro_for_actor_or_404(actor, pk), ticket, person)
    return Response(MacroWordsSerializer(found).data)


@endpoint(
    "Send a macro",
    name="send_macro",
    tag="Macros",
    description=(
        "Writes its message and does what else it does, all or nothing. A placeholder that the "
        "ticket does not tell answers 400 `placeholder_left`: send the words filled in."
    ),
    body=SentMacro,
    status=201,
    answers=MessageSerializer,
    headers=(IF_MATCH,),
    refuses=(403, 404, 409, 412),
)
@api_view(["POST"])
def send(request: Request, number: str) -> Response:
    call = read_call(request, number, SentMacro)
    person = call.actor.require_person("work_ticket")
    chosen = macro_for_actor_or_404(call.actor, call.values["macro"])
    body = call.values.get("body") or words_for(chosen, call.ticket, person).text
    made = send_macro(
        **call.change,
        macro_id=chosen.pk,
        body=body,
    )
    context = {"at_desk": True, "reader": person.pk}
    return Response(MessageSerializer(made, context=context).data, status=201)


def _draft(request: Request) -> MacroDraft:
    return MacroDraft(**read_body(request, NewMacro))


def _answer(actor: Actor, found: Macro, *, status: int = 200) -> Response:
    shown = macro_for_actor_or_404(actor, found.pk)
    response = Response(MacroSerializer(shown).data, status=status)
    response["ETag"] = etag(shown.version)
    return response
