"""A page that met a lock or time limit of the database says "back in a moment" (503), not "broken".

Every verb is one transaction, so nothing was changed and the same request may be sent again. Below
/api/ the problem documents say the same (helpdesk/common/problems.py).
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from helpdesk.common.problems import BUSY_RETRY_SECONDS, is_api

logger = logging.getLogger(__name__)


class BusyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Django's hook for what a view raised; a fault goes on to handler500."""
        if not isinstance(error, OperationalError) or is_api(request):
            return None
        logger.warning("database refused: %s", error)
        return HttpResponse(
            render_to_string("503.html"),
            status=503,
            headers={"Retry-After": str(BUSY_RETRY_SECONDS), "Cache-Control": "no-store"},
        )
