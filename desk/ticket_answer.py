"""The ticket's page as the answer to something done on it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from desk.access import DeskRequest
from desk.work_page import Wanted, work_context


def ticket_answer(
    request: DeskRequest, wanted: Wanted, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Its pane for htmx, else the whole page with the list."""
    if request.headers.get("HX-Request") != "true":
        context = work_context(request.actor, wanted) | context
        return render(request, "desk/work.html", context, status=status)
    response = render(request, "desk/ticket/pane.html", context, status=status)
    response["X-Fragment"] = "1"
    return response
