from __future__ import annotations

from django.http import Http404
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import endpoint
from helpdesk.common.inputs import Choice, QuerySerializer, WholeNumber, read_query
from helpdesk.common.outputs import listed
from helpdesk.common.paging import PageQuery, next_link, page_of
from seller_chat.api.shapes import (
    EvaluationPageSerializer,
    JudgedMessagesSerializer,
    ShopWeekSerializer,
)
from seller_chat.api.talk_inputs import BIGGEST
from seller_chat.evaluating import messages_judged
from seller_chat.models import Verdict
from seller_chat.selectors import messages_by_id, visible_weeks
from seller_chat.services.evaluation import span_of
from tickets.api.edge import actor_of

TAG = "Shops"


class JudgedQuery(QuerySerializer):
    verdict = Choice(required=False, choices=Verdict.choices)
    after = WholeNumber(required=False, default=0, min_value=0, max_value=BIGGEST)
    page_size = WholeNumber(required=False, default=50, min_value=1, max_value=100)


@endpoint(
    "How shops answered, week by week",
    name="list_evaluations",
    tag=TAG,
    description="The evaluated weeks of the caller's shop; of every shop for reviewers.",
    answers=EvaluationPageSerializer,
    query=PageQuery,
)
@api_view(["GET"])
def evaluations(request: Request) -> Response:
    query = read_query(request, PageQuery)
    rows = visible_weeks(actor_of(request))
    found, following = page_of(rows, query, by=("changed_at", "pk"), descending=True)
    results = listed(ShopWeekSerializer, found)
    return Response({"results": results, "next": next_link(request, following)})


@endpoint(
    "The messages behind the figures of a week",
    name="list_evaluated_messages",
    tag=TAG,
    description="Each message of the week with its verdict; `verdict` picks one figure.",
    answers=JudgedMessagesSerializer,
    query=JudgedQuery,
    refuses=(404,),
)
@api_view(["GET"])
def messages(request: Request, pk: int) -> Response:
    row = visible_weeks(actor_of(request)).filter(pk=pk).first() if pk <= BIGGEST else None
    if row is None:
        raise Http404("evaluation")
    query = read_query(request, JudgedQuery)
    wanted = [query["verdict"]] if "verdict" in query else Verdict.values
    size = query["page_size"]
    found = messages_judged(
        span_of(row.week), row.shop_id, wanted, after=query["after"], limit=size + 1
    )
    verdicts = dict(found[:size])
    lines = [
        {"message": message, "verdict": verdicts[message.pk]}
        for message in messages_by_id(row.shop, list(verdicts))
    ]
    following = found[size - 1][0] if len(found) > size else None
    return Response(JudgedMessagesSerializer({"results": lines, "next_after": following}).data)
