"""Two questions of probes, in plain text.

`/healthz`: does this process answer, and its database? Nothing else, for whoever restarts it.
`/readyz`: does the whole promise hold, migrations applied and deadlines swept? 503 names what does
not. For whoever is to be woken; it would be wrong to restart the pages for it. Anybody may ask and
learns names alone; how many and how long stands in the log, and in the answer to whoever sends
READY_TOKEN as `Authorization: Bearer …`.

They stand before the host check and the redirect to https, since probes come from inside by address.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from hmac import compare_digest

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse

from helpdesk.common.readiness import Finding, findings

PATH = "/healthz"
READY_PATH = "/readyz"
logger = logging.getLogger(__name__)
_last_logged: list[str] = []


class HealthMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == PATH:
            healthy = database_answers()
            return _answer("ok" if healthy else "database unreachable", well=healthy)
        if request.path == READY_PATH:
            return _readiness(request)
        return self.get_response(request)


def _readiness(request: HttpRequest) -> HttpResponse:
    """The first line says it all: `ready`, or what stalls; then details for whoever may see them."""
    found = findings()
    stalled = [finding for finding in found if not finding.ready]
    _log(stalled)
    lines = [", ".join(finding.name for finding in stalled) or "ready"]
    if _sees_details(request):
        lines.extend(map(str, found))
    return _answer("\n".join(lines), well=not stalled)


def _sees_details(request: HttpRequest) -> bool:
    sent = request.headers.get("Authorization", "").encode()
    expected = f"Bearer {settings.READY_TOKEN}".encode()
    return bool(settings.READY_TOKEN) and compare_digest(sent, expected)


def _log(stalled: list[Finding]) -> None:
    """Once for each change, however often probes ask."""
    global _last_logged
    names = [finding.name for finding in stalled]
    if names != _last_logged:
        _last_logged = names
        if stalled:
            logger.warning("not ready: %s", "; ".join(map(str, stalled)))
        else:
            logger.info("ready again")


def _answer(text: str, *, well: bool) -> HttpResponse:
    return HttpResponse(
        f"{text}\n",
        status=200 if well else 503,
        content_type="text/plain",
        headers={"Cache-Control": "no-store"},
    )


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        connection.close()
        return False
    return True
