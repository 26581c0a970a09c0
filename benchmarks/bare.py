"""A bare REST endpoint of one row, for comparison: the house's server, tokens and shapes, one INSERT.

Only the benchmark serves it (`granian` with this module's URLs).
"""

from __future__ import annotations

from django.db import connection
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import CharField, Serializer
from rest_framework.views import APIView

from helpdesk.urls import urlpatterns as house


class BareRow(Serializer):  # type: ignore[type-arg]
    body = CharField(max_length=2000)


class BareInsert(APIView):
    scopes = {"POST": "tickets:write"}

    def post(self, request: Request) -> Response:
        row = BareRow(data=request.data)
        row.is_valid(raise_exception=True)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO bench_row (body, at) VALUES (%s, now()) RETURNING id",
                [row.validated_data["body"]],
            )
            return Response({"id": cursor.fetchone()[0], **row.data}, status=201)


urlpatterns = [path("bench/rows", BareInsert.as_view()), *house]
