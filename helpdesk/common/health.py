"""Two questions of probes, in plain text.

`/healthz`: does this process answer, and its database? Nothing else, for whoever restarts it.
`/readyz`: does the whole promise hold, migrations applied and deadlines swept? 503 names what does
not. For whoever is to be woken; it would be wrong to restart the pages for it.

They stand before the host check and the redirect to https, since probes come from inside by address.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse

from helpdesk.common.readiness import findings

PATH = "/healthz"
READY_PATH = "/readyz"


class HealthMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == PATH:
            healthy = _database_answers()
            return _answer("ok" if healthy else "database unreachable", well=healthy)
        if request.path == READY_PATH:
            return _readiness()
        return self.get_response(request)


def _readiness() -> HttpResponse:
    """The first line says it all: `ready`, or what stalls; then one line for each thing asked."""
    found = findings()
    stalled = [str(finding) for finding in found if not finding.ready]
    head = ", ".join(stalled) or "ready"
    return _answer("\n".join([head, *map(str, found)]), well=not stalled)


def _answer(text: str, *, well: bool) -> HttpResponse:
    return HttpResponse(
        f"{text}\n",
        status=200 if well else 503,
        content_type="text/plain",
        headers={"Cache-Control": "no-store"},
    )


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        connection.close()
        return False
    return True
