"""The customer of a ticket as its panel shows them, and what the marketplace's systems know."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import endpoint
from helpdesk.common.errors import NotAllowed
from helpdesk.common.inputs import QuerySerializer
from helpdesk.common.outputs import Moment
from helpdesk.common.wording import gettext as _
from people.commerce import OrderStatus, TransactionKind, TransactionStatus
from tickets.api.edge import Call, read_look, sees_desk
from tickets.api.looks import TAG
from tickets.commerce import records_for
from tickets.customers import earlier_tickets, ratings_of, satisfaction_of
from tickets.models import DataLook, Ticket
from tickets.personal_data import shown_to
from tickets.services import look_reasons, needs_reason
from tickets.states import Confirmation, State

EARLIER = 20


class ShownSerializer(serializers.Serializer[Any]):
    field = serializers.ChoiceField(choices=[(code, code) for code in DataLook.Field.values])
    text = serializers.CharField()
    masked = serializers.BooleanField(help_text="`POST looks` shows it, where the role may.")


class LookReasonSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField(help_text="In the language of the request.")


class EarlierSerializer(serializers.Serializer[Ticket]):
    number = serializers.CharField()
    subject = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    received_at = Moment()
    confirmation = serializers.ChoiceField(
        choices=Confirmation.choices,
        source="outcome",
        allow_null=True,
        help_text="What the customer said to the latest closing; null while none was.",
    )
    score = serializers.IntegerField(allow_null=True, help_text="The mark for it, 1 to 5.")


class SatisfactionSerializer(serializers.Serializer[Any]):
    marks = serializers.IntegerField(source="count", help_text="Of how many marks, the latest 50.")
    average = serializers.FloatField(allow_null=True)
    latest = serializers.ListField(child=serializers.IntegerField(), help_text="The latest first.")


class AgentSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    upline = serializers.CharField(source="upline.code", default=None, allow_null=True)


class CustomerPanelSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    tier = serializers.CharField()
    data = ShownSerializer(many=True)  # type: ignore[assignment]
    reason_needed = serializers.BooleanField(
        help_text="Whether a look of the caller needs a reason."
    )
    reasons = LookReasonSerializer(many=True)
    shop = serializers.CharField(allow_null=True)
    agent = AgentSerializer(allow_null=True)
    earlier = EarlierSerializer(many=True, help_text="Other tickets that the caller may see.")
    satisfaction = SatisfactionSerializer()


class ItemSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    quantity = serializers.IntegerField()
    price_idr = serializers.IntegerField()


class CarriedSerializer(serializers.Serializer[Any]):
    carrier = serializers.CharField()
    number = serializers.CharField()
    status = serializers.CharField()
    at = Moment(allow_null=True)


class BoughtSerializer(serializers.Serializer[Any]):
    number = serializers.CharField()
    placed_at = Moment()
    status = serializers.ChoiceField(choices=OrderStatus.choices)
    total_idr = serializers.IntegerField()
    shop = serializers.CharField()
    items = ItemSerializer(many=True)
    parcel = CarriedSerializer(allow_null=True)


class TransactionSerializer(serializers.Serializer[Any]):
    reference = serializers.CharField()
    at = Moment()
    kind = serializers.ChoiceField(choices=TransactionKind.choices)
    status = serializers.ChoiceField(choices=TransactionStatus.choices)
    amount_idr = serializers.IntegerField()
    method = serializers.CharField()
    order_number = serializers.CharField()


class DepositSerializer(serializers.Serializer[Any]):
    agent_code = serializers.CharField()
    balance_idr = serializers.IntegerField()
    as_of = Moment()
    upline = serializers.CharField()


class OrdersSerializer(serializers.Serializer[Any]):
    available = serializers.BooleanField(help_text="False where the system did not answer.")
    trouble = serializers.CharField(
        allow_null=True,
        help_text="`off`, `timeout`, `unreachable`, `refused`, `broken_answer` or `resting`.",
    )
    own = BoughtSerializer(allow_null=True, help_text="The order that the ticket is about.")
    others = BoughtSerializer(many=True)
    transactions = TransactionSerializer(many=True)
    deposit = DepositSerializer(allow_null=True)


@endpoint(
    "The customer of a ticket",
    name="get_ticket_customer",
    tag=TAG,
    description=(
        "Tier, masked contacts, shop or agent, other tickets with their outcome, and satisfaction so "
        "far. For the desk."
    ),
    answers=CustomerPanelSerializer,
    refuses=(403, 404),
)
@api_view(["GET"])
def customer(request: Request, number: str) -> Response:
    look = _at_desk(request, number)
    ticket, actor = look.ticket, look.actor
    answer = {
        "name": ticket.customer.shown_name,
        "tier": ticket.tier,
        "data": shown_to(actor, ticket),
        "reason_needed": needs_reason(actor),
        "reasons": look_reasons(),
        "shop": ticket.shop.name if ticket.shop else None,
        "agent": ticket.agent,
        "earlier": list(earlier_tickets(actor, ticket.pk, ticket.customer_id)[:EARLIER]),
        "satisfaction": satisfaction_of(ratings_of(ticket.customer_id)),
    }
    return Response(CustomerPanelSerializer(answer).data)


@endpoint(
    "Orders and transactions of a ticket's customer",
    name="get_ticket_orders",
    tag=TAG,
    description=(
        "As the connected systems tell them, at most a minute old; nothing of it is stored. A system "
        "that is away answers `available: false`. For the desk."
    ),
    answers=OrdersSerializer,
    refuses=(403, 404),
)
@api_view(["GET"])
def orders(request: Request, number: str) -> Response:
    look = _at_desk(request, number)
    told = records_for(actor=look.actor, ticket=look.ticket)
    answer = {
        "available": told.trouble is None,
        "trouble": told.trouble.value if told.trouble else None,
        "own": told.own,
        "others": told.others,
        "transactions": told.records.transactions,
        "deposit": told.records.deposit,
    }
    response = Response(OrdersSerializer(answer).data)
    response["Cache-Control"] = "no-store"
    return response


def _at_desk(request: Request, number: str) -> Call:
    """The ticket first, as everywhere."""
    look = read_look(request, number, QuerySerializer)
    if not sees_desk(look.actor):
        raise NotAllowed(_("Your role does not permit this."))
    return look
