"""Four eyes through the API: ask on a ticket, decide, withdraw."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from agents_ops.api.verifications import TAG
from agents_ops.approvals.deciding import (
    approval_for_actor_or_404,
    approvals_of,
    approvals_visible,
    waiting_for,
)
from agents_ops.models import ApprovalRequest
from agents_ops.services import ask_approval, decide_approval, withdraw_approval
from helpdesk.common.api_docs import IF_MATCH, endpoint
from helpdesk.common.inputs import (
    Choice,
    InputSerializer,
    QuerySerializer,
    Text,
    WholeNumber,
    YesNo,
    read_body,
    read_query,
)
from helpdesk.common.outputs import Moment, listed
from people.actors import Actor
from people.api.serializers import PersonSerializer
from tickets.api.edge import actor_of, read_call, read_look

MOST = 100
State = ApprovalRequest.State
WAITING = "waiting_for_me"


class Ask(InputSerializer):
    reason = Text()
    kind = Text(
        required=False,
        default="",
        allow_blank=True,
        max_length=40,
        help_text="Of what the playbook's open step needs; another answers 400.",
    )
    amount_idr = WholeNumber(
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        help_text="Only where the playbook's answers hold none.",
    )


class ApprovalDecision(InputSerializer):
    approved = YesNo()
    reason = Text(required=False, default="", allow_blank=True, help_text="Needed for a refusal.")


class Withdrawal(InputSerializer):
    pass


class ApprovalQuery(QuerySerializer):
    state = Choice(
        choices=[WAITING, *State.values],
        required=False,
        help_text="`waiting_for_me`: what the caller may decide now, the oldest first.",
    )


class ApprovalSerializer(serializers.Serializer[ApprovalRequest]):
    id = serializers.IntegerField()
    ticket = serializers.CharField(source="ticket.number")
    kind = serializers.CharField()
    step = serializers.CharField(help_text="Of the playbook, where it was asked for.")
    team = serializers.CharField(source="team.code", help_text="Whose members decide.")
    amount_idr = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    asked_by = PersonSerializer()
    asked_at = Moment()
    expires_at = Moment(help_text="Undecided until then; once approved, of use until then.")
    decided_by = PersonSerializer(allow_null=True)
    ended_at = Moment(allow_null=True)
    decision_reason = serializers.CharField()


class ApprovalListSerializer(serializers.Serializer[Any]):
    results = ApprovalSerializer(many=True)


@endpoint(
    "What a second person decides",
    name="list_approvals",
    tag=TAG,
    description="Of tickets that the caller may see, the latest 100. For the desk.",
    query=ApprovalQuery,
    answers=ApprovalListSerializer,
    refuses=(403,),
)
@api_view(["GET"])
def approvals(request: Request) -> Response:
    query, actor = read_query(request, ApprovalQuery), actor_of(request)
    rows = approvals_visible(actor).order_by("-asked_at", "-id")
    if query.get("state") == WAITING:
        rows = waiting_for(actor)
    elif query.get("state"):
        rows = rows.filter(state=query["state"])
    return Response({"results": listed(ApprovalSerializer, rows[:MOST])})


@endpoint(
    "A ticket's requests for approval",
    name="list_ticket_approvals",
    tag=TAG,
    method="GET",
    description="The latest first. For the desk.",
    answers=ApprovalListSerializer,
    refuses=(403, 404),
)
@endpoint(
    "Ask for approval",
    name="ask_approval",
    tag=TAG,
    method="POST",
    description="For what the playbook's open step needs. 409 `no_approval_step`, `approval_pending`, "
    "`not_verified`, `agent_locked`.",
    body=Ask,
    headers=(IF_MATCH,),
    status=201,
    answers=ApprovalSerializer,
    refuses=(403, 404, 409, 412),
)
@api_view(["GET", "POST"])
def of_ticket(request: Request, number: str) -> Response:
    if request.method == "POST":
        call = read_call(request, number, Ask)
        asked = ask_approval(**call.change, **call.values)
        return _answer(call.actor, asked.pk, status=201)
    look = read_look(request, number, QuerySerializer)
    rows = approvals_of(look.ticket, actor=look.actor)
    return Response({"results": listed(ApprovalSerializer, rows[:MOST])})


@endpoint(
    "A request for approval",
    name="get_approval",
    tag=TAG,
    answers=ApprovalSerializer,
    refuses=(404,),
)
@api_view(["GET"])
def approval(request: Request, pk: int) -> Response:
    read_query(request, QuerySerializer)
    return _answer(actor_of(request), pk)


@endpoint(
    "Decide on a request for approval",
    name="decide_approval",
    tag=TAG,
    description="Never one's own: 403 `own_request`. 409 `approval_decided`, `approval_expired`, "
    "`approval_stale` (the answers are others by now), `agent_locked`.",
    body=ApprovalDecision,
    answers=ApprovalSerializer,
    refuses=(403, 404, 409),
)
@api_view(["POST"])
def decision(request: Request, pk: int) -> Response:
    actor = actor_of(request)
    found = approval_for_actor_or_404(actor, pk)
    decide_approval(actor=actor, approval_id=found.pk, **read_body(request, ApprovalDecision))
    return _answer(actor, pk)


@endpoint(
    "Withdraw a request for approval",
    name="withdraw_approval",
    tag=TAG,
    description="By whoever asked, while nobody has decided.",
    body=Withdrawal,
    answers=ApprovalSerializer,
    refuses=(403, 404, 409),
)
@api_view(["POST"])
def withdrawal(request: Request, pk: int) -> Response:
    actor = actor_of(request)
    found = approval_for_actor_or_404(actor, pk)
    read_body(request, Withdrawal)
    withdraw_approval(actor=actor, approval_id=found.pk)
    return _answer(actor, pk)


def _answer(actor: Actor, pk: int, *, status: int = 200) -> Response:
    found = approval_for_actor_or_404(actor, pk)
    return Response(ApprovalSerializer(found).data, status=status)
