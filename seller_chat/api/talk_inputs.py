"""What callers may send about conversations. Anything else is refused by name."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer

from helpdesk.common.inputs import (
    Choice,
    Files,
    InputSerializer,
    QuerySerializer,
    Text,
    WholeNumber,
    YesNo,
)
from helpdesk.common.paging import PageQuery
from seller_chat.models import Conversation

BIGGEST = 2**63 - 1
SIDES = [("buyer", "buyer"), ("seller", "seller")]
FOR_SYSTEMS = "For connected systems alone, which speak for either side."


class ConversationQuery(PageQuery):
    side = Choice(
        required=False, choices=SIDES, help_text="Only those in which the caller is this."
    )
    shop = WholeNumber(required=False, min_value=1, max_value=BIGGEST, help_text="Id of a shop.")
    stage = Choice(required=False, choices=Conversation.Stage.choices)
    order_number = Text(required=False, max_length=40)
    reply_owed = YesNo(required=False)
    unread = YesNo(required=False)


class NamedBuyer(InputSerializer):
    name = Text(required=False, allow_blank=True, max_length=150)
    email = Text(required=False, allow_blank=True, max_length=254)
    phone = Text(required=False, allow_blank=True, max_length=30)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "About an order",
            value={"shop": "Toko Maju Jaya", "order_number": "INV/20261110/7781"},
            request_only=True,
        ),
        OpenApiExample(
            "About a product",
            value={"shop": "Toko Maju Jaya", "product": "Blender 2 liter"},
            request_only=True,
        ),
    ]
)
class NewConversation(InputSerializer):
    """Either an order of the buyer with this shop, or a product."""

    shop = Text(max_length=120, help_text="Its name.")
    order_number = Text(required=False, default="", allow_blank=True, max_length=40)
    product = Text(required=False, default="", allow_blank=True, max_length=120)
    buyer = NamedBuyer(required=False, help_text=FOR_SYSTEMS)


class SideQuery(QuerySerializer):
    side = Choice(required=False, default="", choices=SIDES, help_text=FOR_SYSTEMS)


class MessageQuery(PageQuery):
    side = Choice(required=False, default="", choices=SIDES, help_text=FOR_SYSTEMS)


class AsSide(InputSerializer):
    side = Choice(required=False, default="", choices=SIDES, help_text=FOR_SYSTEMS)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "An answer", value={"body": "Hari ini kak, resinya menyusul sore."}, request_only=True
        )
    ]
)
class NewChatMessage(AsSide):
    body = Text(required=False, default="", allow_blank=True, help_text="Up to 2,000 characters.")


class NewChatMessageWithFiles(NewChatMessage):
    files = Files(required=False, help_text="Up to 10 of 20 MB: JPG, PNG, GIF, WebP, PDF, MP4.")


class SeenUpTo(AsSide):
    up_to = WholeNumber(min_value=1, max_value=BIGGEST, help_text="Id of a message.")
