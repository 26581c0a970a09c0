"""The official transaction log: made for the open step, listed, downloaded on record."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.decorators import api_view, content_negotiation_class
from rest_framework.request import Request
from rest_framework.response import Response

from agents_ops.api.playbooks import TAG
from agents_ops.api.runs import played, ticket_playbook
from agents_ops.log_reads import log_for_actor_or_404
from agents_ops.models import TransactionLog
from agents_ops.selectors import require_reader
from agents_ops.services import issue_by_hand, issue_log, take_log
from helpdesk.common.api_docs import endpoint
from helpdesk.common.inputs import InputSerializer, QuerySerializer, Text, WholeNumber, read_query
from helpdesk.common.outputs import Moment, listed
from tickets.api.conversation import AnyFormat
from tickets.api.edge import actor_of, read_call, read_look
from tickets.downloads import attachment_response
from tickets.selectors import ticket_after_change


class LogWanted(InputSerializer):
    days = WholeNumber(min_value=1, max_value=366, required=False, help_text="Back; 30 if absent.")
    agent_code = Text(
        required=False,
        allow_blank=True,
        max_length=20,
        help_text="Needed where neither the ticket nor the playbook names the agent.",
    )


class GivenByHand(InputSerializer):
    words = Text(max_length=500, help_text="Which log, and to whom.")


class TransactionLogSerializer(serializers.Serializer[TransactionLog]):
    key = serializers.CharField()
    number = serializers.CharField(help_text="As printed on it.")
    agent = serializers.CharField(source="agent_code")
    since = Moment()
    until = Moment()
    rows = serializers.IntegerField()
    sha256 = serializers.CharField()
    made_at = Moment()


class TransactionLogListSerializer(serializers.Serializer[Any]):
    results = TransactionLogSerializer(many=True)


@endpoint(
    "A ticket's transaction logs",
    name="list_transaction_logs",
    tag=TAG,
    method="GET",
    description="The latest first. For the desk.",
    answers=TransactionLogListSerializer,
    refuses=(403, 404),
)
@played(
    "Make the official transaction log",
    name="issue_transaction_log",
    method="POST",
    body=LogWanted,
    description=(
        "At a step of the kind `transaction_log`: a signed PDF, listed under `transaction-logs`. A "
        "server that is away is on record, and the gate says that it is to be given out by hand."
    ),
)
@api_view(["GET", "POST"])
def logs(request: Request, number: str) -> Response:
    if request.method == "POST":
        call = read_call(request, number, LogWanted)
        issue_log(actor=call.actor, ticket_id=call.ticket.pk, **call.values)
        return ticket_playbook(call.actor, ticket_after_change(call.ticket))
    look = read_look(request, number, QuerySerializer)
    require_reader(look.actor)
    rows = TransactionLog.objects.filter(run__ticket=look.ticket)
    return Response({"results": listed(TransactionLogSerializer, rows)})


@played(
    "The log was given out by hand",
    name="issue_transaction_log_by_hand",
    body=GivenByHand,
    description="While the server is away: its own log, given out by a person.",
)
@api_view(["POST"])
def by_hand(request: Request, number: str) -> Response:
    call = read_call(request, number, GivenByHand)
    issue_by_hand(actor=call.actor, ticket_id=call.ticket.pk, **call.values)
    return ticket_playbook(call.actor, ticket_after_change(call.ticket))


@endpoint(
    "Download a transaction log",
    name="download_transaction_log",
    tag=TAG,
    description="The signed PDF; each download is on record. For those who work on tickets.",
    answers=OpenApiTypes.BINARY,
    status=(200, "application/pdf"),
    refuses=(404,),
)
@api_view(["GET"])
@content_negotiation_class(AnyFormat)
def download(request: Request, key: str) -> FileResponse:
    read_query(request, QuerySerializer)
    actor = actor_of(request)
    return attachment_response(take_log(actor=actor, log=log_for_actor_or_404(actor, key)))
