"""Webhooks: whom events are sent to, how that went, and once more."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import endpoint
from helpdesk.common.inputs import (
    Choice,
    InputSerializer,
    QuerySerializer,
    Several,
    Text,
    YesNo,
    read_body,
    read_query,
)
from helpdesk.common.outputs import Moment, listed
from helpdesk.common.paging import PageQuery, next_link, page_of
from people.actors import Actor
from tickets.api.edge import actor_of
from tickets.api.inputs import Nothing
from tickets.event_feed import PREFIX, TOLD
from tickets.models import WebhookDelivery, WebhookEndpoint
from tickets.models.webhook import ALL_EVENTS
from tickets.webhooks import verbs

TAG = "Webhooks"
SCOPE = "webhooks:manage"
MOST_TYPES = 100


class NewWebhook(InputSerializer):
    url = Text(max_length=500, help_text="Public, `https://`.")
    events = Several(
        child=Text(max_length=40),
        max_length=MOST_TYPES,
        help_text="Types such as `ticket.closed`, or `*` for all.",
    )
    description = Text(required=False, allow_blank=True, max_length=120)


class WebhookChange(NewWebhook):
    """What is absent stays as it is."""

    url = Text(required=False, max_length=500)
    events = Several(required=False, child=Text(max_length=40), max_length=MOST_TYPES)
    active = YesNo(required=False, help_text="False: paused. True: on again, with what is owed.")


class DeliveryQuery(PageQuery):
    state = Choice(required=False, choices=WebhookDelivery.State.choices)


class WebhookSerializer(serializers.Serializer[WebhookEndpoint]):
    id = serializers.IntegerField()
    url = serializers.CharField()
    events = serializers.SerializerMethodField()
    description = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=WebhookEndpoint.State.choices)
    owner = serializers.CharField(source="owner.full_name")
    created_at = Moment()
    failures = serializers.IntegerField(help_text="In a row.")
    failing_since = Moment(allow_null=True)
    rests_until = Moment(allow_null=True, help_text="It failed several times in a row.")
    last_error = serializers.CharField(allow_blank=True)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_events(self, row: WebhookEndpoint) -> list[str]:
        return [kind if kind == ALL_EVENTS else f"{PREFIX}{kind}" for kind in row.events]


class WebhookWithSecretSerializer(WebhookSerializer):
    secret = serializers.SerializerMethodField(
        help_text="`whsec_…`, shown in this answer alone: a replay shows `***`."
    )

    @extend_schema_field(serializers.CharField())
    def get_secret(self, row: WebhookEndpoint) -> str:
        return str(self.context["secret"])


class WebhookListSerializer(serializers.Serializer[Any]):
    results = WebhookSerializer(many=True)
    types = serializers.ListField(child=serializers.CharField(), help_text="All there are.")


class WebhookDeliverySerializer(serializers.Serializer[WebhookDelivery]):
    id = serializers.IntegerField()
    message_id = serializers.CharField(help_text="`webhook-id`: the same at every try.")
    type = serializers.SerializerMethodField()
    state = serializers.ChoiceField(choices=WebhookDelivery.State.choices)
    attempts = serializers.IntegerField()
    created_at = Moment()
    next_try_at = Moment()
    last_try_at = Moment(allow_null=True)
    last_status = serializers.IntegerField(allow_null=True)
    last_error = serializers.CharField(allow_blank=True)
    took_ms = serializers.IntegerField(allow_null=True)
    delivered_at = Moment(allow_null=True)

    @extend_schema_field(serializers.CharField())
    def get_type(self, row: WebhookDelivery) -> str:
        return f"{PREFIX}{row.event.kind}" if row.event else "webhook.test"


class WebhookDeliveryPageSerializer(serializers.Serializer[Any]):
    results = WebhookDeliverySerializer(many=True)
    next = serializers.URLField(allow_null=True)


@endpoint(
    "List webhooks",
    name="list_webhooks",
    tag=TAG,
    method="GET",
    scope=SCOPE,
    description="The caller's own; every one for administrators. With all types of events.",
    answers=WebhookListSerializer,
)
@endpoint(
    "Create a webhook",
    name="create_webhook",
    tag=TAG,
    method="POST",
    scope=SCOPE,
    description="It hears of what happens from now on, on tickets that the caller may see.",
    body=NewWebhook,
    status=201,
    answers=WebhookWithSecretSerializer,
)
@api_view(["GET", "POST"])
def webhooks(request: Request) -> Response:
    actor = actor_of(request)
    if request.method == "GET":
        read_query(request, QuerySerializer)
        rows = verbs.webhooks_of(actor).order_by("-id")
        types = [f"{PREFIX}{kind}" for kind in TOLD]
        return Response({"results": listed(WebhookSerializer, rows), "types": types})
    actor.require("use_webhooks")
    made, secret = verbs.create_webhook(actor=actor, **read_body(request, NewWebhook))
    return _with_secret(made, secret, status=201)


@endpoint(
    "Look at a webhook",
    name="get_webhook",
    tag=TAG,
    method="GET",
    scope=SCOPE,
    answers=WebhookSerializer,
    refuses=(404,),
)
@endpoint(
    "Change a webhook",
    name="change_webhook",
    tag=TAG,
    method="PATCH",
    scope=SCOPE,
    description="Pause it, put it on again, or change what it hears and where.",
    body=WebhookChange,
    answers=WebhookSerializer,
    refuses=(404,),
)
@endpoint(
    "Delete a webhook",
    name="delete_webhook",
    tag=TAG,
    method="DELETE",
    scope=SCOPE,
    description="With its log.",
    status=204,
    answers=None,
    refuses=(404,),
)
@api_view(["GET", "PATCH", "DELETE"])
def webhook(request: Request, pk: int) -> Response:
    actor = actor_of(request)
    found = verbs.webhook_or_404(actor, pk)
    if request.method == "DELETE":
        verbs.delete_webhook(actor=actor, pk=pk)
        return Response(status=204)
    if request.method == "PATCH":
        found = verbs.change_webhook(actor=actor, pk=pk, **read_body(request, WebhookChange))
    return Response(WebhookSerializer(found).data)


@endpoint(
    "Rotate a webhook's secret",
    name="rotate_webhook_secret",
    tag=TAG,
    scope=SCOPE,
    description="For 24 hours everything is signed by the new and by the old one.",
    body=Nothing,
    answers=WebhookWithSecretSerializer,
    refuses=(404,),
)
@api_view(["POST"])
def secret(request: Request, pk: int) -> Response:
    actor = _may(request, pk)
    return _with_secret(*verbs.rotate_secret(actor=actor, pk=pk))


@endpoint(
    "Send a test event",
    name="try_webhook",
    tag=TAG,
    scope=SCOPE,
    description="`webhook.test`, in a moment; how it went is in the deliveries.",
    body=Nothing,
    status=202,
    answers=WebhookDeliverySerializer,
    refuses=(404, 409),
)
@api_view(["POST"])
def test(request: Request, pk: int) -> Response:
    actor = _may(request, pk)
    made = verbs.try_webhook(actor=actor, pk=pk)
    return Response(WebhookDeliverySerializer(made).data, status=202)


@endpoint(
    "A webhook's deliveries",
    name="list_webhook_deliveries",
    tag=TAG,
    scope=SCOPE,
    description="The latest first; kept for 90 days.",
    answers=WebhookDeliveryPageSerializer,
    query=DeliveryQuery,
    refuses=(404,),
)
@api_view(["GET"])
def deliveries(request: Request, pk: int) -> Response:
    found = verbs.webhook_or_404(actor_of(request), pk)
    query = read_query(request, DeliveryQuery)
    rows = found.deliveries.select_related("event")
    if state := query.get("state"):
        rows = rows.filter(state=state)
    page, further = page_of(rows, query, by=("created_at", "id"), descending=True)
    results = listed(WebhookDeliverySerializer, page)
    return Response({"results": results, "next": next_link(request, further)})


@endpoint(
    "Deliver once more",
    name="replay_webhook_delivery",
    tag=TAG,
    scope=SCOPE,
    description="Under the same `webhook-id`, whatever became of it.",
    body=Nothing,
    status=202,
    answers=WebhookDeliverySerializer,
    refuses=(404, 409),
)
@api_view(["POST"])
def replay(request: Request, pk: int, delivery: int) -> Response:
    actor = _may(request, pk)
    if delivery >= 2**63:
        raise Http404("delivery")
    again = verbs.replay_delivery(actor=actor, pk=pk, delivery_id=delivery)
    return Response(WebhookDeliverySerializer(again).data, status=202)


def _may(request: Request, pk: int) -> Actor:
    """The webhook first: to somebody who may not see it, nothing else is told."""
    actor = actor_of(request)
    verbs.webhook_or_404(actor, pk)
    read_body(request, Nothing)
    return actor


def _with_secret(row: WebhookEndpoint, secret: str, *, status: int = 200) -> Response:
    data = WebhookWithSecretSerializer(row, context={"secret": secret}).data
    return Response(data, status=status)
