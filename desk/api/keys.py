"""The caller's own keys: the same that the pages show and the script obeys."""

from __future__ import annotations

from typing import Any, cast

from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from desk.keys.own import Keyboard
from desk.keys.registry import COMMANDS
from desk.services import set_keys
from helpdesk.common.api_docs import endpoint
from helpdesk.common.errors import InvalidInput, NotAllowed
from helpdesk.common.inputs import InputSerializer, QuerySerializer, YesNo, read_body, read_query
from helpdesk.common.outputs import listed
from helpdesk.common.wording import gettext as _
from people.models import User
from tickets.api.edge import actor_of

TAG = "Keys"
FORM = "`r`, `shift+r`, `ctrl+/`, `ctrl+enter` or two letters in turn, `g a`; empty: none."


class NewKeys(InputSerializer):
    keys = serializers.JSONField(
        help_text=f"`{{command: key}}`; what is not named gets its usual key. A key is {FORM}"
    )
    single_keys = YesNo(
        required=False, default=True, help_text="Whether keys without Ctrl press anything."
    )
    anyway = YesNo(
        required=False, default=False, help_text="Take keys that the browser uses but can give up."
    )


class CommandSerializer(serializers.Serializer[Any]):
    command = serializers.ChoiceField(source="id", choices=[(name, name) for name in COMMANDS])
    label = serializers.CharField()  # type: ignore[assignment]
    key = serializers.SerializerMethodField(help_text=FORM)
    usual_key = serializers.CharField(source="key")
    places = serializers.SerializerMethodField(help_text="Where the key is heard.")
    fixed = serializers.BooleanField(help_text="Cannot be changed.")

    def get_key(self, command: Any) -> str:
        keyboard: Keyboard = self.context["keyboard"]
        return keyboard.key_of(command.id)

    def get_places(self, command: Any) -> list[str]:
        return sorted(command.places)


class KeyboardSerializer(serializers.Serializer[Any]):
    single_keys = serializers.BooleanField()
    results = CommandSerializer(many=True)


@endpoint(
    "List one's keys",
    name="get_keys",
    tag=TAG,
    method="GET",
    answers=KeyboardSerializer,
    refuses=(403,),
)
@endpoint(
    "Set one's keys",
    name="set_keys",
    tag=TAG,
    method="PUT",
    description="All at once; refused as a whole where one is unknown, taken or the browser's.",
    body=NewKeys,
    answers=KeyboardSerializer,
    refuses=(403, 409),
)
@api_view(["GET", "PUT"])
def keys(request: Request) -> Response:
    actor = actor_of(request)
    if not (actor.at_desk or actor.may("see_all_tickets")):
        raise NotAllowed(_("Your role does not permit this."))
    if request.method == "GET":
        read_query(request, QuerySerializer)
        return _answer(Keyboard(cast("User", actor.user)))
    said = read_body(request, NewKeys)
    return _answer(
        set_keys(
            actor=actor,
            keys=_read_keys(said["keys"]),
            single_keys=said["single_keys"],
            anyway=said["anyway"],
        )
    )


def _read_keys(given: Any) -> dict[str, str]:
    """Commands with texts; raises InvalidInput otherwise."""
    right = isinstance(given, dict) and len(given) <= len(COMMANDS)
    if not right or not all(isinstance(key, str) for key in given.values()):
        message = _("Give each command its key as text.")
        raise InvalidInput(message, code="invalid_keys", fields={"keys": message})
    return given


def _answer(keyboard: Keyboard) -> Response:
    rows = listed(CommandSerializer, keyboard.commands, keyboard=keyboard)
    return Response({"single_keys": keyboard.single_keys, "results": rows})
