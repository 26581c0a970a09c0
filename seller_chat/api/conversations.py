"""Conversations: those of the caller, one of them, and what either side says about its reply."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common import clock
from helpdesk.common.api_docs import endpoint
from helpdesk.common.errors import InvalidInput
from helpdesk.common.inputs import QuerySerializer, read_body, read_query
from helpdesk.common.outputs import listed as shaped
from helpdesk.common.paging import next_link, page_of
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import Customer, Shop, shop_name_key
from seller_chat.api.clock_shapes import ReplyClockSerializer
from seller_chat.api.talk_inputs import AsSide, ConversationQuery, NewConversation, SeenUpTo
from seller_chat.api.talk_shapes import (
    ConversationDetailSerializer,
    ConversationListSerializer,
    ConversationSerializer,
)
from seller_chat.clock_story import stories_of
from seller_chat.selectors import is_key
from seller_chat.services import (
    buyer_known_by,
    mark_seen,
    open_conversation,
    undo_waiver,
    waive_reply,
)
from seller_chat.talks import holiday_now, listed, mark_of, own_customer
from tickets.api.edge import actor_of

TAG = "Buyer Messages"
_FILTERS = {
    "shop": "shop_id",
    "stage": "stage",
    "order_number": "order_number",
    "reply_owed": "owed",
    "unread": "unread",
}


def find_conversation(actor: Actor, key: str) -> Any:
    """One in which the actor is a side, with what a list shows of it. Raises Http404."""
    found = listed(actor).filter(key=key).first() if is_key(key) else None
    if found is None:
        raise Http404("conversation")
    return found


def detail(actor: Actor, key: str, *, status: int = 200) -> Response:
    found, now = find_conversation(actor, key), clock.for_display()
    context = {
        "reader": actor.user.pk if actor.user else None,
        "holiday": holiday_now(found.shop_id, now),
        "mark": mark_of(found),
    }
    return Response(ConversationDetailSerializer(found, context=context).data, status=status)


@endpoint(
    "Conversations of buyers and shops",
    name="list_conversations",
    tag=TAG,
    method="GET",
    description=(
        "Those in which the caller is the buyer or sells for the shop; of a connected system all. The "
        "latest first."
    ),
    answers=ConversationListSerializer,
    query=ConversationQuery,
)
@endpoint(
    "Open a conversation",
    name="open_conversation",
    tag=TAG,
    method="POST",
    description=(
        "By a buyer, about one of their orders with the shop or about a product; the same again is the "
        "conversation that there is. 400 `unknown_shop`, `about_what`, `unknown_order`, "
        "`orders_unavailable`; of connected systems `no_contact`. 403 of one's own shop."
    ),
    body=NewConversation,
    answers=ConversationDetailSerializer,
    status=201,
    refuses=(403,),
)
@api_view(["GET", "POST"])
def conversations(request: Request) -> Response:
    actor = actor_of(request)
    if request.method == "POST":
        return _open(actor, read_body(request, NewConversation))
    query = read_query(request, ConversationQuery)
    rows = listed(actor, query.get("side", ""))
    wanted = {column: query[name] for name, column in _FILTERS.items() if name in query}
    found, following = page_of(
        rows.filter(**wanted), query, by=("last_message_at", "pk"), descending=True
    )
    results = shaped(ConversationSerializer, found, reader=request.user.pk)
    return Response({"results": results, "next": next_link(request, following)})


def _open(actor: Actor, said: dict[str, Any]) -> Response:
    buyer = _buyer(actor, said.get("buyer"))
    shop = Shop.objects.filter(name_key=shop_name_key(said["shop"])).first()
    if shop is None:
        message = _("There is no shop of this name.")
        raise InvalidInput(message, code="unknown_shop", fields={"shop": message})
    made = open_conversation(
        actor=actor,
        shop=shop,
        order_number=said["order_number"],
        product=said["product"],
        buyer=buyer,
    )
    return detail(actor, made.key, status=201)


def _buyer(actor: Actor, named: dict[str, str] | None) -> Customer:
    own = own_customer(actor)
    if own is not None and named is None:
        return own
    return buyer_known_by(actor=actor, **(named or {}))


@endpoint(
    "One conversation",
    name="get_conversation",
    tag=TAG,
    description="`mark` changes with it: ask again while it stays, read the messages when it does not.",
    answers=ConversationDetailSerializer,
    refuses=(404,),
)
@api_view(["GET"])
def conversation(request: Request, key: str) -> Response:
    actor = actor_of(request)
    find_conversation(actor, key)
    read_query(request, QuerySerializer)
    return detail(actor, key)


@endpoint(
    "Say what was seen",
    name="mark_conversation_seen",
    tag=TAG,
    description="The caller's side has had the messages up to this id on screen. Never goes back.",
    body=SeenUpTo,
    answers=ConversationDetailSerializer,
    refuses=(404,),
)
@api_view(["POST"])
def seen(request: Request, key: str) -> Response:
    actor = actor_of(request)
    found, said = find_conversation(actor, key), read_body(request, SeenUpTo)
    mark_seen(actor=actor, conversation_id=found.pk, **said)
    return detail(actor, key)


@endpoint(
    "No reply needed",
    name="waive_chat_reply",
    tag=TAG,
    description=(
        "By the shop, of closing thanks: the clock stops. 409 `not_closing_thanks` where something is "
        "asked, `wrong_state` where nothing is owed."
    ),
    body=AsSide,
    answers=ConversationDetailSerializer,
    refuses=(403, 404, 409),
)
@api_view(["POST"])
def no_reply_needed(request: Request, key: str) -> Response:
    actor = actor_of(request)
    found, said = find_conversation(actor, key), read_body(request, AsSide)
    waive_reply(actor=actor, conversation_id=found.pk, **said)
    return detail(actor, key)


@endpoint(
    "A reply is needed after all",
    name="undo_chat_waiver",
    tag=TAG,
    description=(
        "By the buyer: the clock goes on with what was left. 409 `wrong_state` where none was waived, or "
        "somebody has written since."
    ),
    body=AsSide,
    answers=ConversationDetailSerializer,
    refuses=(403, 404, 409),
)
@api_view(["POST"])
def reply_needed(request: Request, key: str) -> Response:
    actor = actor_of(request)
    found, said = find_conversation(actor, key), read_body(request, AsSide)
    undo_waiver(actor=actor, conversation_id=found.pk, **said)
    return detail(actor, key)


@endpoint(
    "The 24-hour clocks of a conversation",
    name="list_reply_clocks",
    tag=TAG,
    description=(
        "The latest first, at most twenty: which message started each, what held it up, when it is due "
        "and what stopped it. Due = opened + hours + waived time, with the pauses left out."
    ),
    answers=ReplyClockSerializer(many=True),
    refuses=(404,),
)
@api_view(["GET"])
def reply_clocks(request: Request, key: str) -> Response:
    found = find_conversation(actor_of(request), key)
    read_query(request, QuerySerializer)
    return Response(shaped(ReplyClockSerializer, stories_of(found, clock.now())))
