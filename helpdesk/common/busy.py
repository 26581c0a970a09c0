"""What the database refused for the moment is answered "back in a moment" (503), not "broken".

Every verb is one transaction, so nothing was changed and the same request may be sent again. Below
/api/ the problem documents say the same (helpdesk/common/problems.py).
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from helpdesk.common import problems
from helpdesk.common.outage import is_outage

logger = logging.getLogger(__name__)


class BusyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Django's hook for what a view raised; a fault goes on to handler500."""
        return _back_in_a_moment(request, error) if is_outage(error) else None


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500, which Django calls for what a middleware met as well (a session to be saved)."""
    error = sys.exception()
    if is_outage(error):
        return _back_in_a_moment(request, error)
    return problems.server_error(request)


def _back_in_a_moment(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    logger.warning("database refused: %s", error)
    if problems.is_api(request):
        return problems.busy().as_response()
    return HttpResponse(
        render_to_string("503.html"),
        status=503,
        headers={"Retry-After": str(problems.BUSY_RETRY_SECONDS), "Cache-Control": "no-store"},
    )
