from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import endpoint
from helpdesk.common.inputs import Files, InputSerializer, Text, YesNo, read_body, read_query
from helpdesk.common.outputs import listed
from helpdesk.common.paging import PageQuery, next_link, page_of
from people.actors import Actor
from seller_chat.api.evaluations import TAG
from seller_chat.api.shapes import (
    AppealListSerializer,
    AppealSerializer,
    EnforcementActionListSerializer,
    EnforcementActionSerializer,
    ViolationListSerializer,
    ViolationSerializer,
)
from seller_chat.api.talk_inputs import BIGGEST
from seller_chat.models import Appeal, Violation
from seller_chat.selectors import (
    appeal_or_404,
    violation_or_404,
    visible_actions,
    visible_appeals,
    visible_violations,
)
from seller_chat.services import decide_appeal, decide_violation, open_appeal
from tickets.api.edge import actor_of


class ViolationDecision(InputSerializer):
    confirmed = YesNo()
    reasons = Text(help_text="The seller reads them.")


class NewAppeal(InputSerializer):
    text = Text()
    files = Files(required=False)


class AppealDecision(InputSerializer):
    granted = YesNo()
    reasons = Text(help_text="The seller reads them.")


def _violation(actor: Actor, pk: int) -> Violation:
    if pk > BIGGEST:
        raise Http404("violation")
    return violation_or_404(actor, pk)


def _appeal(actor: Actor, pk: int) -> Appeal:
    if pk > BIGGEST:
        raise Http404("appeal")
    return appeal_or_404(actor, pk)


def _page(request: Request, rows: Any, shape: Any, moment: str) -> Response:
    query = read_query(request, PageQuery)
    found, following = page_of(rows, query, by=(moment, "pk"), descending=True)
    return Response({"results": listed(shape, found), "next": next_link(request, following)})


@endpoint(
    "Violations",
    name="list_violations",
    tag=TAG,
    description="Of the caller's shop; of every shop for reviewers. The latest first.",
    answers=ViolationListSerializer,
    query=PageQuery,
)
@api_view(["GET"])
def violations(request: Request) -> Response:
    return _page(request, visible_violations(actor_of(request)), ViolationSerializer, "recorded_at")


@endpoint(
    "One violation", name="get_violation", tag=TAG, answers=ViolationSerializer, refuses=(404,)
)
@api_view(["GET"])
def violation(request: Request, pk: int) -> Response:
    return Response(ViolationSerializer(_violation(actor_of(request), pk)).data)


@endpoint(
    "Confirm or dismiss a violation",
    name="decide_violation",
    tag=TAG,
    description="For reviewers. 409 when it is decided already.",
    body=ViolationDecision,
    answers=ViolationSerializer,
    refuses=(403, 404, 409),
)
@api_view(["POST"])
def violation_decision(request: Request, pk: int) -> Response:
    actor = actor_of(request)
    found = _violation(actor, pk)
    decide_violation(actor=actor, violation_id=found.pk, **read_body(request, ViolationDecision))
    return Response(ViolationSerializer(_violation(actor, pk)).data)


@endpoint(
    "Appeal against a violation",
    name="open_appeal",
    tag=TAG,
    description="By a seller of the shop, once. 409 `appeal_too_late`.",
    body=NewAppeal,
    files_body=NewAppeal,
    answers=AppealSerializer,
    status=201,
    refuses=(404, 409),
)
@api_view(["POST"])
def violation_appeal(request: Request, pk: int) -> Response:
    actor = actor_of(request)
    found = _violation(actor, pk)
    said = read_body(request, NewAppeal)
    made = open_appeal(
        actor=actor, violation_id=found.pk, text=said["text"], files=said.get("files", ())
    )
    return Response(AppealSerializer(made).data, status=201)


@endpoint(
    "What is and was enforced",
    name="list_enforcement_actions",
    tag=TAG,
    answers=EnforcementActionListSerializer,
    query=PageQuery,
)
@api_view(["GET"])
def actions(request: Request) -> Response:
    return _page(
        request, visible_actions(actor_of(request)), EnforcementActionSerializer, "begins_at"
    )


@endpoint("Appeals", name="list_appeals", tag=TAG, answers=AppealListSerializer, query=PageQuery)
@api_view(["GET"])
def appeals(request: Request) -> Response:
    return _page(request, visible_appeals(actor_of(request)), AppealSerializer, "opened_at")


@endpoint("One appeal", name="get_appeal", tag=TAG, answers=AppealSerializer, refuses=(404,))
@api_view(["GET"])
def appeal(request: Request, pk: int) -> Response:
    return Response(AppealSerializer(_appeal(actor_of(request), pk)).data)


@endpoint(
    "Decide an appeal",
    name="decide_appeal",
    tag=TAG,
    description="For reviewers, never the first decider: 403 `same_decider`.",
    body=AppealDecision,
    answers=AppealSerializer,
    refuses=(403, 404, 409),
)
@api_view(["POST"])
def appeal_decision(request: Request, pk: int) -> Response:
    actor = actor_of(request)
    found = _appeal(actor, pk)
    made = decide_appeal(actor=actor, appeal_id=found.pk, **read_body(request, AppealDecision))
    return Response(AppealSerializer(made).data)
