"""`/healthz`: says "ok" while this process answers and its database does, and nothing else.

It stands before the host check and the redirect to https, since probes come from inside by address.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

PATH = "/healthz"


class HealthMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path != PATH:
            return self.get_response(request)
        healthy = _database_answers()
        return HttpResponse(
            "ok\n" if healthy else "database unreachable\n",
            status=200 if healthy else 503,
            content_type="text/plain",
            headers={"Cache-Control": "no-store"},
        )


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        connection.close()
        return False
    return True
