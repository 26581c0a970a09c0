from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common import clock
from helpdesk.common.api_docs import endpoint
from helpdesk.common.errors import WrongState
from helpdesk.common.inputs import (
    Choice,
    InputSerializer,
    Several,
    Text,
    WholeNumber,
    YesNo,
    read_body,
    read_query,
)
from helpdesk.common.outputs import listed
from helpdesk.common.paging import PageQuery, next_link, page_of
from helpdesk.common.wording import gettext as _
from seller_chat.api.evaluations import TAG
from seller_chat.api.shapes import BuyerReportListSerializer, BuyerReportSerializer
from seller_chat.api.talk_inputs import BIGGEST
from seller_chat.api.talk_shapes import DESK, ChatMessageSerializer
from seller_chat.models import BuyerReport
from seller_chat.selectors import own_conversation_or_404, report_or_404, visible_reports
from seller_chat.services import decide_report, look_for_report, report_buyer
from seller_chat.talks import all_messages, has_read_evidence
from tickets.api.edge import actor_of


class NewBuyerReport(InputSerializer):
    conversation = Text(max_length=20, help_text="Key of a conversation of the caller's shop.")
    reason = Choice(choices=BuyerReport.Reason.choices)
    messages = Several(
        child=WholeNumber(min_value=1, max_value=BIGGEST),
        min_length=1,
        max_length=100,
        help_text="Ids of the messages that prove it.",
    )
    note = Text(required=False, default="", allow_blank=True)


class ReadEvidenceSerializer(serializers.Serializer[Any]):
    look = serializers.IntegerField(help_text="Id of the look that was recorded.")
    messages = ChatMessageSerializer(many=True)


class ReportDecision(InputSerializer):
    verified = YesNo()
    reason = Text(required=False, default="", allow_blank=True, help_text="Needed to refuse it.")


@endpoint(
    "Reports about buyers",
    name="list_buyer_reports",
    tag=TAG,
    method="GET",
    answers=BuyerReportListSerializer,
    query=PageQuery,
)
@endpoint(
    "Report a buyer",
    name="report_buyer",
    tag=TAG,
    method="POST",
    description="By a seller of the shop. While a report of the conversation is open, it is the answer.",
    body=NewBuyerReport,
    answers=BuyerReportSerializer,
    status=201,
    refuses=(404,),
)
@api_view(["GET", "POST"])
def reports(request: Request) -> Response:
    actor = actor_of(request)
    if request.method == "POST":
        said = read_body(request, NewBuyerReport)
        conversation = own_conversation_or_404(actor, said["conversation"])
        made = report_buyer(
            actor=actor,
            conversation_id=conversation.pk,
            reason=said["reason"],
            message_ids=said["messages"],
            note=said["note"],
        )
        return Response(BuyerReportSerializer(made).data, status=201)
    query = read_query(request, PageQuery)
    rows = visible_reports(actor)
    found, following = page_of(rows, query, by=("reported_at", "pk"), descending=True)
    results = listed(BuyerReportSerializer, found)
    return Response({"results": results, "next": next_link(request, following)})


@endpoint(
    "One report about a buyer",
    name="get_buyer_report",
    tag=TAG,
    description="The evidence is verified anew each time: `unchanged`.",
    answers=BuyerReportSerializer,
    refuses=(404,),
)
@api_view(["GET"])
def report(request: Request, key: str) -> Response:
    return Response(BuyerReportSerializer(report_or_404(actor_of(request), key)).data)


@endpoint(
    "Read the evidence of a report",
    name="look_at_buyer_report",
    tag=TAG,
    description="For reviewers. That the caller looks is recorded.",
    answers=ReadEvidenceSerializer,
    refuses=(403, 404),
)
@api_view(["POST"])
def look(request: Request, key: str) -> Response:
    actor = actor_of(request)
    found = report_or_404(actor, key)
    made = look_for_report(actor=actor, report=found)
    picked = [proof.message_id for proof in found.evidence.all()]
    rows = all_messages(found.conversation).filter(pk__in=picked)
    shown = listed(ChatMessageSerializer, rows, side=DESK)
    return Response({"look": made.pk, "messages": shown})


@endpoint(
    "Verify or refuse a report",
    name="decide_buyer_report",
    tag=TAG,
    description=(
        "By a reviewer who has read the evidence: 409 `read_first`. Verified: the messages leave the "
        "evaluation of the shop; 409 `evidence_changed` when it is not what was reported."
    ),
    body=ReportDecision,
    answers=BuyerReportSerializer,
    refuses=(403, 404, 409),
)
@api_view(["POST"])
def decision(request: Request, key: str) -> Response:
    actor = actor_of(request)
    found, said = report_or_404(actor, key), read_body(request, ReportDecision)
    actor.require("review_messages")
    if not has_read_evidence(actor, found, clock.now()):
        raise WrongState(_("Read the message before you decide."), code="read_first")
    made = decide_report(actor=actor, report_id=found.pk, **said)
    return Response(BuyerReportSerializer(made).data)
