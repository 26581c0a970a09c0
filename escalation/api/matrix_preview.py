"""What a change of the escalation matrix does, looked at before it is published."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from escalation.api.matrix import MatrixSerializer, shown
from escalation.api.matrix_inputs import MatrixChange, MatrixPublication, changed_body
from escalation.preview import DAYS, preview
from escalation.preview_moments import PLACES, SHOWN
from escalation.services.publishing import look_at_matrix, publish_matrix
from helpdesk.common import clock
from helpdesk.common.api_docs import endpoint
from helpdesk.common.inputs import read_body
from helpdesk.common.outputs import Moment
from tickets.api.edge import actor_of

TAG = "Escalation"


class TriggerEffectSerializer(serializers.Serializer[Any]):
    trigger = serializers.CharField(source="code")
    kind = serializers.CharField(help_text="`fact` or `time`.")
    before = serializers.IntegerField(help_text="Tickets on which it acts by the version in force.")
    after = serializers.IntegerField(help_text="By the change.")
    newly = serializers.IntegerField()
    no_longer = serializers.IntegerField()
    open = serializers.IntegerField(help_text="Of those newly triggered, so many are open.")
    gained = serializers.ListField(child=serializers.CharField())
    lost = serializers.ListField(child=serializers.CharField())


class MovedMomentSerializer(serializers.Serializer[Any]):
    ticket = serializers.CharField(source="number")
    place = serializers.ChoiceField(choices=PLACES)
    trigger = serializers.CharField()
    before = Moment(allow_null=True)
    after = Moment(allow_null=True)


class MovedMomentsSerializer(serializers.Serializer[Any]):
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="By `place`.")
    complete = serializers.BooleanField(help_text="All that wait were looked at.")
    tickets = MovedMomentSerializer(
        many=True, source="rows", help_text=f"The first {SHOWN}; what happens at once first."
    )


class LedSerializer(serializers.Serializer[Any]):
    category = serializers.CharField()
    before = serializers.CharField(help_text="Team to which a missed promise leads until now.")
    after = serializers.CharField()
    count = serializers.IntegerField()
    tickets = serializers.ListField(child=serializers.CharField(), source="numbers")


class MatrixPreviewSerializer(serializers.Serializer[Any]):
    base_version = serializers.IntegerField()
    seen = serializers.CharField(help_text="Send it with the publication of this very change.")
    looked_at = serializers.IntegerField(help_text=f"Tickets of the last {DAYS} days.")
    complete = serializers.BooleanField()
    counts_signals = serializers.BooleanField(help_text="False: reports to come are not counted.")
    effects = TriggerEffectSerializer(many=True)
    running = MovedMomentsSerializer(source="moments")
    led = LedSerializer(
        many=True, help_text="Open tickets whose next missed promise goes elsewhere."
    )


@endpoint(
    "Look at a change of the escalation matrix",
    name="preview_escalation_matrix",
    tag=TAG,
    scope="rules:read",
    description=(
        "Nothing changes. Which running tickets would escalate at once, earlier or later, which of "
        f"the last {DAYS} days a changed trigger acts on, and where missed promises would lead. For "
        "those who may edit rules."
    ),
    body=MatrixChange,
    answers=MatrixPreviewSerializer,
    refuses=(400, 403),
)
@api_view(["POST"])
def matrix_preview(request: Request) -> Response:
    in_force = look_at_matrix(actor=actor_of(request))
    body = changed_body(in_force, read_body(request, MatrixChange))
    look_at_matrix(actor=actor_of(request), body=body)
    found = vars(preview(in_force.body, body, clock.now()))
    told = {"base_version": in_force.version, **found}
    return Response(MatrixPreviewSerializer(told).data)


@endpoint(
    "Publish a change of the escalation matrix",
    name="publish_escalation_matrix",
    tag=TAG,
    scope="rules:write",
    description="As a new version. Only what was looked at: `seen` is the preview's.",
    body=MatrixPublication,
    status=201,
    answers=MatrixSerializer,
    refuses=(400, 403, 409),
)
@api_view(["POST"])
def matrix_versions(request: Request) -> Response:
    actor = actor_of(request)
    in_force = look_at_matrix(actor=actor)
    values = read_body(request, MatrixPublication)
    made = publish_matrix(
        actor=actor,
        body=changed_body(in_force, values),
        note=values["note"],
        base_version=values["base_version"],
        seen=values["seen"],
    )
    return Response(shown(made), status=201)
