from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from escalation.models import EscalationMatrix
from escalation.selectors import matrix_in_force
from helpdesk.common.api_docs import endpoint
from helpdesk.common.outputs import Moment
from people.api.serializers import PersonSerializer
from tickets.api.edge import actor_of


class ConditionSerializer(serializers.Serializer[Any]):
    """All that is asked must hold; what is absent is not asked."""

    category = serializers.ListField(child=serializers.CharField(), required=False)
    except_category = serializers.ListField(child=serializers.CharField(), required=False)
    queue = serializers.ListField(child=serializers.CharField(), required=False)
    priority = serializers.ListField(child=serializers.CharField(), required=False)
    channel = serializers.ListField(child=serializers.CharField(), required=False)
    tier = serializers.ListField(child=serializers.CharField(), required=False)
    reporter = serializers.ListField(child=serializers.CharField(), required=False)
    amount_more_than = serializers.IntegerField(required=False, help_text="Whole rupiah.")
    age_more_than_days = serializers.IntegerField(required=False)
    signal = serializers.DictField(
        required=False, help_text="`kind` (list), `at_least`, `within_hours`."
    )


class TriggerSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name_id = serializers.CharField()
    name_en = serializers.CharField()
    when = ConditionSerializer()
    team = serializers.CharField(required=False, help_text="Escalates to it.")
    alert = serializers.CharField(required=False, help_text="Is told; the squad keeps the ticket.")
    priority = serializers.CharField(required=False, help_text="Raised to it.")
    level = serializers.IntegerField(required=False)
    form = serializers.CharField(required=False)
    opens = serializers.CharField(
        required=False, help_text="Category of the ticket opened where the customer has none."
    )
    source = serializers.CharField(required=False)  # type: ignore[assignment]


class MatrixBodySerializer(serializers.Serializer[Any]):
    default_team = serializers.CharField()
    top_team = serializers.CharField()
    rows = serializers.DictField(help_text="By category: `levels` (three), `team`.")
    triggers = TriggerSerializer(many=True)
    forms = serializers.DictField(help_text="By code: the words of an automatic form.")


class MatrixSerializer(serializers.Serializer[EscalationMatrix]):
    version = serializers.IntegerField()
    published_at = Moment()
    published_by = PersonSerializer(allow_null=True)
    note = serializers.CharField(allow_blank=True)
    body = MatrixBodySerializer()


@endpoint(
    "The escalation matrix in force",
    name="get_escalation_matrix",
    tag="Escalation",
    scope="rules:read",
    description="Levels by category and the automatic triggers. For the desk.",
    answers=MatrixSerializer,
    refuses=(403,),
)
@api_view(["GET"])
def matrix(request: Request) -> Response:
    return Response(shown(matrix_in_force(actor_of(request))))


def shown(found: EscalationMatrix) -> dict[str, Any]:
    """The body as it is, also what the documented shape has no name for."""
    return {**MatrixSerializer(found).data, "body": found.body}
