"""Complaints to suppliers: read, opened, pressed, and answered by the supplier's own system."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from agents_ops.complaint_reads import (
    answered_complaint_or_404,
    complaint_or_404,
    visible_complaints,
)
from agents_ops.models import SupplierComplaint, SupplierMessage
from agents_ops.services import answer_complaint, complain, press_supplier
from agents_ops.tasks import tell_suppliers
from helpdesk.common.api_docs import endpoint
from helpdesk.common.inputs import (
    Choice,
    InputSerializer,
    QuerySerializer,
    Text,
    YesNo,
    read_body,
    read_query,
)
from helpdesk.common.outputs import Moment, listed
from helpdesk.common.paging import PageQuery, next_link, page_of
from helpdesk.common.scopes import SUPPLIERS
from people.models import ApiToken
from tickets.api.edge import actor_of, read_call
from tickets.api.inputs import Nothing

TAG = "Supplier complaints"
RESULTS = [("success", "success"), ("failed", "failed"), ("pending", "pending")]


class SupplierAnswer(InputSerializer):
    result = Choice(choices=RESULTS, help_text="`pending` is an answer, but no final word.")
    words = Text(required=False, allow_blank=True, max_length=1000)
    reference = Text(
        required=False,
        allow_blank=True,
        max_length=120,
        help_text="The supplier's number of this answer: the same again changes nothing.",
    )


class Pressed(InputSerializer):
    hard = YesNo(required=False, help_text="A hard complaint; else a follow-up.")


class ComplaintQuery(PageQuery):
    state = Choice(required=False, choices=SupplierComplaint.State.choices)


class SupplierMessageSerializer(serializers.Serializer[SupplierMessage]):
    key = serializers.CharField(help_text="The same at every try: `Idempotency-Key`.")
    direction = serializers.ChoiceField(choices=SupplierMessage.Direction.choices)
    kind = serializers.ChoiceField(choices=SupplierMessage.Kind.choices)
    state = serializers.ChoiceField(choices=SupplierMessage.State.choices)
    text = serializers.CharField()
    result = serializers.CharField(help_text="Of an answer: success, failed or pending.")
    reference = serializers.CharField()
    at = Moment()
    attempts = serializers.IntegerField()
    next_try_at = Moment(allow_null=True)
    sent_at = Moment(allow_null=True)


class SupplierComplaintSerializer(serializers.Serializer[SupplierComplaint]):
    key = serializers.CharField()
    ticket = serializers.CharField(source="ticket.number")
    about = serializers.ChoiceField(choices=SupplierComplaint.About.choices)
    state = serializers.ChoiceField(choices=SupplierComplaint.State.choices)
    outcome = serializers.CharField(help_text="success or failed; empty while it is open.")
    supplier = serializers.CharField()
    reference = serializers.CharField()
    product = serializers.CharField()
    since = Moment(help_text="When the transaction was made.")
    opened_at = Moment()
    hard_due_at = Moment(allow_null=True)
    hard_at = Moment(allow_null=True)
    ended_at = Moment(allow_null=True)


class WholeComplaintSerializer(SupplierComplaintSerializer):
    messages = SupplierMessageSerializer(many=True)


class ComplaintPageSerializer(serializers.Serializer[Any]):
    results = SupplierComplaintSerializer(many=True)
    next = serializers.URLField(allow_null=True)


class AnswerTakenSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    state = serializers.ChoiceField(choices=SupplierComplaint.State.choices)
    outcome = serializers.CharField()


@endpoint(
    "Complaints to suppliers",
    name="list_supplier_complaints",
    tag=TAG,
    description="Of the tickets that the caller may see, the latest first. For the desk.",
    query=ComplaintQuery,
    answers=ComplaintPageSerializer,
    refuses=(403,),
)
@api_view(["GET"])
def complaints(request: Request) -> Response:
    query = read_query(request, ComplaintQuery)
    rows = visible_complaints(actor_of(request))
    if query.get("state"):
        rows = rows.filter(state=query["state"])
    found, further = page_of(rows, query, by=("opened_at", "pk"), descending=True)
    return Response(
        {
            "results": listed(SupplierComplaintSerializer, found),
            "next": next_link(request, further),
        }
    )


@endpoint(
    "A complaint with its messages",
    name="get_supplier_complaint",
    tag=TAG,
    description="The thread to and fro, with the state of each delivery. For the desk.",
    answers=WholeComplaintSerializer,
    refuses=(403, 404),
)
@api_view(["GET"])
def complaint(request: Request, key: str) -> Response:
    read_query(request, QuerySerializer)
    return _whole(request, key)


@endpoint(
    "Complain to the supplier",
    name="complain_to_supplier",
    tag=TAG,
    body=Nothing,
    description="About the transaction of the playbook's open step.",
    answers=WholeComplaintSerializer,
    status=201,
    refuses=(403, 404, 409),
)
@api_view(["POST"])
def of_ticket(request: Request, number: str) -> Response:
    call = read_call(request, number, Nothing)
    made = complain(actor=call.actor, ticket_id=call.ticket.pk)
    tell_suppliers.delay_on_commit()  # type: ignore[attr-defined]
    return _whole(request, made.key, status=201)


@endpoint(
    "Ask the supplier again",
    name="press_supplier",
    tag=TAG,
    body=Pressed,
    description="A follow-up, or a hard complaint before its time.",
    answers=WholeComplaintSerializer,
    refuses=(403, 404, 409),
)
@api_view(["POST"])
def press(request: Request, key: str) -> Response:
    actor = actor_of(request)
    found = complaint_or_404(actor, key)
    hard = bool(read_body(request, Pressed).get("hard"))
    press_supplier(actor=actor, complaint_id=found.pk, hard=hard)
    tell_suppliers.delay_on_commit()  # type: ignore[attr-defined]
    return _whole(request, key)


@endpoint(
    "The supplier's answer",
    name="answer_supplier_complaint",
    tag=TAG,
    scope=SUPPLIERS,
    body=SupplierAnswer,
    description=(
        "By the supplier's system (an integrator's token) or by the desk. `success` and `failed` end "
        "the matter and open the gate of the playbook; another answer afterwards is refused with 409 "
        "`not_open`. A token of one supplier finds that supplier's complaints alone: others answer 404. An "
        "answer with a `reference` that is on record already changes nothing."
    ),
    answers=AnswerTakenSerializer,
    refuses=(403, 404, 409),
)
@api_view(["POST"])
def answers(request: Request, key: str) -> Response:
    actor = actor_of(request)
    supplier = request.auth.supplier if isinstance(request.auth, ApiToken) else ""
    found = answered_complaint_or_404(actor, key, supplier=supplier)
    after = answer_complaint(
        actor=actor, complaint_id=found.pk, **read_body(request, SupplierAnswer)
    )
    return Response(AnswerTakenSerializer(after).data)


def _whole(request: Request, key: str, *, status: int = 200) -> Response:
    found = complaint_or_404(actor_of(request), key)
    body = {**SupplierComplaintSerializer(found).data}
    body["messages"] = listed(SupplierMessageSerializer, found.messages.all())
    return Response(body, status=status)
