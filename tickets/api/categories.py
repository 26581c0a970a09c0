from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import endpoint
from helpdesk.common.outputs import listed
from tickets.catalogue import categories as known
from tickets.catalogue import category_name


class CategorySerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField(help_text="In the language of the request.")
    name_id = serializers.CharField()
    name_en = serializers.CharField()


@endpoint(
    "All categories",
    name="list_categories",
    tag="Tickets",
    description="The kinds of problems that triage knows, from the rule set in force.",
    answers=CategorySerializer(many=True),
)
@api_view(["GET"])
def categories(request: Request) -> Response:
    rows = [
        {
            "code": code,
            "name": category_name(code),
            "name_id": entry["id"],
            "name_en": entry["en"],
        }
        for code, entry in known().items()
    ]
    return Response(listed(CategorySerializer, rows))
