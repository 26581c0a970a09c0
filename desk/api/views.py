"""What the caller may do with a ticket now: the same answer that the pages go by."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from desk.actions import actions_for, facts_of
from desk.reporter_actions import reporter_actions
from helpdesk.common import clock
from helpdesk.common.api_docs import endpoint
from helpdesk.common.inputs import QuerySerializer
from tickets.api.edge import read_look

# Where each verb of the pages is done here, and with which kind of message.
PLACES: dict[str, str] = {
    "handle": "handle",
    "take": "assign",
    "assign": "assign",
    "reply": "messages",
    "note": "messages",
    "write": "messages",
    "reclassify": "classification",
    "correct": "correction",
    "tag": "tags",
    "escalate": "escalation",
    "verify": "escalation/verification",
    "redirect": "escalation/verification",
    "decline": "escalation/decline",
    "accept": "acceptance",
    "progress": "progress",
    "target": "target",
    "follow_up": "follow-ups",
    "follow_up_done": "follow-ups/done",
    "follow_up_move": "follow-ups/move",
    "hearing": "hearings",
    "decide": "decisions",
    "freeze": "freezes",
    "unfreeze": "freezes/lift",
    "freeze_decide": "freezes/decision",
    "relay": "relays",
    "return": "return",
    "confirm": "confirmation-request",
    "answer": "confirmation",
    "close": "closing",
    "reopen": "reopening",
    "hold": "hold",
    "release": "release",
    "forward": "pull-forward",
    "put_back": "pull-forward",
    "no_reply": "no-reply-needed",
    "need_reply": "reply-needed",
    "merge": "merge",
    "undo_merge": "merge-undo",
    "split": "split",
    "link": "links",
    "unlink": "links/removal",
    "incident": "incident",
    "leave_incident": "incident/removal",
    "incident_words": "incident/words",
    "watch": "watch",
    "unwatch": "unwatch",
    "ask_to_watch": "watchers",
    "survey": "survey",
}


class ActionSerializer(serializers.Serializer[Any]):
    action = serializers.ChoiceField(choices=[(verb, verb) for verb in PLACES])
    allowed = serializers.BooleanField()
    missing = serializers.CharField(help_text="Why not; empty when allowed.")
    url = serializers.URLField(help_text="Where to POST it.")


class ActionListSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(help_text="The version of the ticket that this holds for.")
    results = ActionSerializer(many=True)


@endpoint(
    "What may be done now",
    name="list_actions",
    tag="Actions",
    description="The verbs that concern the caller on this ticket; a locked one says what it lacks.",
    answers=ActionListSerializer,
    refuses=(404,),
)
@api_view(["GET"])
def actions(request: Request, number: str) -> Response:
    look = read_look(request, number, QuerySerializer)
    ticket = look.ticket
    found = [
        *actions_for(look.actor, ticket, facts_of(ticket)),
        *reporter_actions(look.actor, ticket, clock.now()),
    ]
    base = f"{settings.BASE_URL.rstrip('/')}/api/v1/tickets/{ticket.number}"
    rows = [
        {
            "action": action.verb,
            "allowed": action.allowed,
            "missing": str(action.missing),
            "url": f"{base}/{PLACES[action.verb]}",
        }
        for action in found
    ]
    answer = {"version": ticket.version, "results": rows}
    return Response(ActionListSerializer(answer).data)
