"""Signals: what connected systems notice about a customer's account."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from escalation.models import Signal
from escalation.selectors import visible_signals
from escalation.services import SignalReport, receive_signal
from helpdesk.common.api_docs import endpoint
from helpdesk.common.inputs import (
    Choice,
    InputSerializer,
    Instant,
    Text,
    WholeNumber,
    read_body,
    read_query,
)
from helpdesk.common.money import MAX_AMOUNT
from helpdesk.common.outputs import Moment, listed
from helpdesk.common.paging import PageQuery, next_link, page_of
from helpdesk.common.preconditions import REPLAYED
from people.actors import Actor
from tickets.api.edge import actor_of, find_ticket

TAG = "Signals"


class NewSignal(InputSerializer):
    kind = Choice(choices=Signal.Kind.choices)
    reference = Text(
        max_length=100, help_text="Your own id of the report; the same again changes nothing."
    )
    occurred_at = Instant(help_text="Within the last 30 days.")
    ticket = Text(required=False, max_length=20, help_text="Number of a ticket of the customer.")
    email = Text(required=False, allow_blank=True, default="", max_length=254)
    phone = Text(required=False, allow_blank=True, default="", max_length=30)
    name = Text(required=False, allow_blank=True, default="", max_length=150)
    amount_idr = WholeNumber(
        required=False,
        allow_null=True,
        default=None,
        min_value=0,
        max_value=MAX_AMOUNT,
        help_text="Whole rupiah.",
    )


class EffectSerializer(serializers.Serializer[Any]):
    ticket = serializers.CharField(source="ticket.number")
    trigger = serializers.CharField(
        allow_blank=True, help_text="The trigger that acted; empty when it was only noted."
    )
    opened = serializers.BooleanField(help_text="The ticket was received because of this signal.")


class SignalSerializer(serializers.Serializer[Signal]):
    """One report and what came of it: the rules that it set off, and the tickets that the caller may
    see."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Signal.Kind.choices)
    reference = serializers.CharField()
    occurred_at = Moment()
    received_at = Moment()
    amount_idr = serializers.IntegerField(allow_null=True)
    effects = serializers.SerializerMethodField()
    triggers = serializers.SerializerMethodField(
        help_text="Codes of the triggers that this report set off, on whichever ticket."
    )

    @extend_schema_field(EffectSerializer(many=True))
    def get_effects(self, signal: Any) -> list[dict[str, Any]]:
        return listed(EffectSerializer, signal.seen_effects)

    def get_triggers(self, signal: Signal) -> list[str]:
        return sorted({firing.trigger for firing in signal.trigger_firings.all()})


class SignalPageSerializer(serializers.Serializer[Any]):
    results = SignalSerializer(many=True)
    next = serializers.URLField(allow_null=True)


class SignalQuery(PageQuery):
    kind = Choice(required=False, choices=Signal.Kind.choices)


@endpoint(
    "List signals",
    name="list_signals",
    tag=TAG,
    method="GET",
    description="The latest first: an integrator's own; for the desk those on its tickets.",
    answers=SignalPageSerializer,
    query=SignalQuery,
    refuses=(403,),
)
@endpoint(
    "Report a signal",
    name="create_signal",
    tag=TAG,
    method="POST",
    description=(
        "Something noticed about a customer's account. It is written on the customer's open "
        "tickets; often enough, it escalates one by itself, or opens one in the customer's name. "
        "`triggers` names the rules that it set off, also on tickets that the caller does not see. "
        "A repeat with the same `reference` answers 201 again, with the header "
        "`Idempotency-Replayed: true`; with other content 422."
    ),
    body=NewSignal,
    status=201,
    answers=SignalSerializer,
    refuses=(403, 404, 422),
)
@api_view(["GET", "POST"])
def signals(request: Request) -> Response:
    return _create(request) if request.method == "POST" else _list(request)


def _list(request: Request) -> Response:
    query = read_query(request, SignalQuery)
    rows = visible_signals(actor_of(request))
    if kind := query.get("kind"):
        rows = rows.filter(kind=kind)
    found, further = page_of(rows, query, by=("received_at", "id"), descending=True)
    results = listed(SignalSerializer, found)
    return Response({"results": results, "next": next_link(request, further)})


def _create(request: Request) -> Response:
    actor = actor_of(request)
    actor.require("receive_for_others")
    values = read_body(request, NewSignal)
    number = values.pop("ticket", None)
    ticket = find_ticket(actor, number) if number else None
    receipt = receive_signal(actor=actor, report=SignalReport(ticket=ticket, **values))
    response = Response(_answer(actor, receipt.signal), status=201)
    if not receipt.created:
        response[REPLAYED] = "true"
    return response


def _answer(actor: Actor, signal: Signal) -> dict[str, Any]:
    found = visible_signals(actor).get(pk=signal.pk)
    return dict(SignalSerializer(found).data)
