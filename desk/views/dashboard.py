from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from desk.access import DeskRequest, desk_page
from desk.dashboard import dashboard_context
from helpdesk.common import clock


@require_GET
@desk_page
def dashboard(request: DeskRequest) -> HttpResponse:
    """The page; its figures are the same template as the fragment that replaces them."""
    context = {"section": "dashboard", **_figures(request)}
    return render(request, "desk/dashboard/page.html", context)


@require_GET
@desk_page
def live(request: DeskRequest) -> HttpResponse:
    """The figures alone, asked for every few seconds."""
    response = render(request, "desk/dashboard/live.html", _figures(request))
    response["X-Server-Time"] = clock.for_display().isoformat()
    return response


def _figures(request: DeskRequest) -> dict[str, object]:
    if not request.user.may("view_dashboard"):
        raise PermissionDenied
    return dashboard_context(clock.now())
