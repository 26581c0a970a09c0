"""Blocking the account of a ticket's agent, and the logins that were collected after it."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from agents_ops.api.playbooks import TAG
from agents_ops.api.runs import played, ticket_playbook
from agents_ops.login_log import LoginLine, login_lines, look_at_logins, sees_logins
from agents_ops.models import AccountBlock
from agents_ops.selectors import require_reader
from agents_ops.services import block_account, block_by_hand
from helpdesk.common.api_docs import endpoint
from helpdesk.common.inputs import InputSerializer, QuerySerializer, Text
from helpdesk.common.outputs import Moment, listed
from tickets.api.edge import read_call, read_look
from tickets.models import DataLook
from tickets.selectors import ticket_after_change

CODE = "Of the agent; needed where the ticket names none."


class Block(InputSerializer):
    agent_code = Text(required=False, allow_blank=True, max_length=20, help_text=CODE)


class BlockedByHand(Block):
    words = Text(max_length=500, help_text="Where and how it was blocked.")


class LoginSerializer(serializers.Serializer[LoginLine]):
    at = Moment()
    ip = serializers.CharField()
    device = serializers.CharField()
    place = serializers.CharField()


class LoginLogSerializer(serializers.Serializer[Any]):
    agent = serializers.CharField()
    collected_at = Moment(allow_null=True)
    whole = serializers.BooleanField(help_text="False: addresses and devices are cut down.")
    logins = LoginSerializer(many=True)


@played(
    "Block the agent's account",
    name="block_agent_account",
    body=Block,
    description=(
        "At a step of the kind `block_account`. The server is asked at once and again until it "
        "confirms; the gate of the step is open then."
    ),
)
@api_view(["POST"])
def block(request: Request, number: str) -> Response:
    call = read_call(request, number, Block)
    block_account(actor=call.actor, ticket_id=call.ticket.pk, **call.values)
    return ticket_playbook(call.actor, ticket_after_change(call.ticket))


@played(
    "The account was blocked by hand",
    name="block_agent_account_by_hand",
    body=BlockedByHand,
    description="Where the server does not answer, or nobody has connected it.",
)
@api_view(["POST"])
def by_hand(request: Request, number: str) -> Response:
    call = read_call(request, number, BlockedByHand)
    block_by_hand(actor=call.actor, ticket_id=call.ticket.pk, **call.values)
    return ticket_playbook(call.actor, ticket_after_change(call.ticket))


@endpoint(
    "The login log of a blocked account",
    name="get_login_log",
    tag=TAG,
    description=(
        "Whole for the team to which the playbook escalates, each reading on record as a look; cut down for "
        "others at the desk."
    ),
    answers=LoginLogSerializer,
    refuses=(403, 404),
)
@api_view(["GET"])
def logins(request: Request, number: str) -> Response:
    look = read_look(request, number, QuerySerializer)
    require_reader(look.actor)
    found = AccountBlock.objects.filter(run__ticket=look.ticket).select_related("run").last()
    if found is None:
        raise Http404("login log")
    whole = sees_logins(look.actor, found.run)
    lines = (
        look_at_logins(found, actor=look.actor, via=DataLook.Via.API)
        if whole and found.logins_at
        else login_lines(found, openly=False)
    )
    return Response(
        {
            "agent": found.agent_code,
            "collected_at": found.logins_at,
            "whole": whole,
            "logins": listed(LoginSerializer, lines),
        }
    )
