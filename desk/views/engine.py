"""The engine's own page, for those who watch over it, and its two repairs."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from desk.access import DeskRequest, desk_page
from desk.engine_page import engine_context
from helpdesk.common import clock
from helpdesk.common.errors import Refusal
from sla.services import retry_failed_mail, retry_timer


@require_GET
@desk_page
def engine(request: DeskRequest) -> HttpResponse:
    """The page; its figures are the same template as the fragment that replaces them."""
    return render(request, "desk/engine/page.html", {"section": "dashboard", **_figures(request)})


@require_GET
@desk_page
def live(request: DeskRequest) -> HttpResponse:
    response = render(request, "desk/engine/live.html", _figures(request))
    response["X-Server-Time"] = clock.for_display().isoformat()
    return response


@require_POST
@desk_page
def retry_parked(request: DeskRequest, pk: int) -> HttpResponse:
    return _repair(request, lambda: retry_timer(actor=request.actor, timer_id=pk))


@require_POST
@desk_page
def retry_letter(request: DeskRequest, pk: int) -> HttpResponse:
    return _repair(request, lambda: retry_failed_mail(actor=request.actor, mail_id=pk))


def _repair(request: DeskRequest, act: Callable[[], object]) -> HttpResponse:
    _figures_permitted(request)
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is tried again now."))
    return redirect("desk:engine")


def _figures(request: DeskRequest) -> dict[str, object]:
    _figures_permitted(request)
    return engine_context(request.actor)


def _figures_permitted(request: DeskRequest) -> None:
    if not request.user.may("view_dashboard"):
        raise PermissionDenied
