"""What a shop sets up: Holiday Mode, the automatic reply, FAQ answers."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common import clock
from helpdesk.common.api_docs import endpoint
from helpdesk.common.inputs import QuerySerializer, read_body, read_query
from helpdesk.common.outputs import listed
from people.actors import Actor
from people.models import Shop
from seller_chat.api.evaluations import TAG
from seller_chat.api.setting_shapes import (
    AutomaticReplySerializer,
    FaqAnswers,
    FaqSerializer,
    HolidaySerializer,
    NewAutomaticReply,
    NewHoliday,
    ShopListSerializer,
    ShopQuery,
    ShopSerializer,
)
from seller_chat.api.talk_inputs import BIGGEST
from seller_chat.services import (
    Faq,
    begin_holiday,
    change_faq,
    change_reply_settings,
    end_holiday,
)
from seller_chat.talks import (
    faq_of,
    holiday_or_404,
    holidays_of,
    reply_settings_of,
    shop_for_actor_or_404,
    shops_of,
)
from tickets.api.edge import actor_of


def _shop(actor: Actor, pk: int) -> Shop:
    if pk > BIGGEST:
        raise Http404("shop")
    return shop_for_actor_or_404(actor, pk)


@endpoint(
    "Shops",
    name="list_shops",
    tag=TAG,
    description="Those for which the caller sells; of a connected system all. By id.",
    answers=ShopListSerializer,
    query=ShopQuery,
)
@api_view(["GET"])
def shops(request: Request) -> Response:
    query = read_query(request, ShopQuery)
    size = query["page_size"]
    rows = shops_of(actor_of(request)).filter(pk__gt=query["after"]).order_by("pk")
    found = list(rows[: size + 1])
    following = found[size - 1].pk if len(found) > size else None
    return Response({"results": listed(ShopSerializer, found[:size]), "next_after": following})


@endpoint(
    "Holiday Mode of a shop",
    name="list_holidays",
    tag=TAG,
    method="GET",
    description="What is on, and what is planned.",
    answers=HolidaySerializer(many=True),
    refuses=(404,),
)
@endpoint(
    "Switch Holiday Mode on, or plan it",
    name="begin_holiday",
    tag=TAG,
    method="POST",
    description=(
        "Without `begins_at` now, without `ends_at` until somebody ends it. Running clocks stand still. "
        "409 `wrong_state` when it is on or planned for this time already."
    ),
    body=NewHoliday,
    answers=HolidaySerializer,
    status=201,
    refuses=(404, 409),
)
@api_view(["GET", "POST"])
def holidays(request: Request, pk: int) -> Response:
    actor = actor_of(request)
    shop = _shop(actor, pk)
    if request.method == "POST":
        made = begin_holiday(actor=actor, shop_id=shop.pk, **read_body(request, NewHoliday))
        shape = HolidaySerializer(made, context={"now": clock.now()})
        return Response(shape.data, status=201)
    read_query(request, QuerySerializer)
    return _holidays(shop)


def _holidays(shop: Shop) -> Response:
    now = clock.now()
    return Response(listed(HolidaySerializer, holidays_of(shop.pk, now), now=now))


@endpoint(
    "End Holiday Mode, or call it off",
    name="end_holiday",
    tag=TAG,
    description=(
        "What is on ends now and clocks go on with what was left; what is planned never was. Answers with "
        "what is left. 409 `wrong_state` when it is over."
    ),
    answers=HolidaySerializer(many=True),
    refuses=(404, 409),
)
@api_view(["POST"])
def holiday_end(request: Request, pk: int, holiday: int) -> Response:
    actor = actor_of(request)
    shop = _shop(actor, pk)
    found = holiday_or_404(shop, holiday)
    end_holiday(actor=actor, shop_id=shop.pk, holiday_id=found.pk)
    return _holidays(shop)


@endpoint(
    "The automatic reply of a shop",
    name="get_automatic_reply",
    tag=TAG,
    method="GET",
    answers=AutomaticReplySerializer,
    refuses=(404,),
)
@endpoint(
    "Set up the automatic reply",
    name="set_automatic_reply",
    tag=TAG,
    method="PUT",
    description=(
        "It counts as an answer. Its words keep to the guidelines: what breaks one, or holds contact "
        "data, is refused."
    ),
    body=NewAutomaticReply,
    answers=AutomaticReplySerializer,
    refuses=(404,),
)
@api_view(["GET", "PUT"])
def automatic_reply(request: Request, pk: int) -> Response:
    actor = actor_of(request)
    shop = _shop(actor, pk)
    if request.method == "PUT":
        said = read_body(request, NewAutomaticReply)
        change_reply_settings(actor=actor, shop_id=shop.pk, **said)
    else:
        read_query(request, QuerySerializer)
    return Response(AutomaticReplySerializer(reply_settings_of(shop.pk)).data)


@endpoint(
    "FAQ answers of a shop",
    name="get_faq",
    tag=TAG,
    method="GET",
    answers=FaqSerializer(many=True),
    refuses=(404,),
)
@endpoint(
    "Set up FAQ answers",
    name="set_faq",
    tag=TAG,
    method="PUT",
    description=(
        "Replaces all of them, in this order; at most thirty. An answer goes out where all words of one of "
        "its groups are in the question."
    ),
    body=FaqAnswers,
    answers=FaqSerializer(many=True),
    refuses=(404,),
)
@api_view(["GET", "PUT"])
def faq(request: Request, pk: int) -> Response:
    actor = actor_of(request)
    shop = _shop(actor, pk)
    if request.method == "PUT":
        said: list[dict[str, Any]] = read_body(request, FaqAnswers)["answers"]
        answers = [Faq("\n".join(each["words"]), each["answer"]) for each in said]
        change_faq(actor=actor, shop_id=shop.pk, answers=answers)
    else:
        read_query(request, QuerySerializer)
    return Response(listed(FaqSerializer, faq_of(shop.pk)))
