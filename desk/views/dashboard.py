"""The supervisor's dashboard: a page, and its figures alone for those who keep it open."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from desk.access import DeskRequest, desk_page
from desk.dashboard import Figures, figures
from desk.dashboard.engine import Engine
from desk.dashboard.outcomes import WantedOutcomes, outcomes_context
from desk.dashboard.workload import workload
from helpdesk.common import clock
from helpdesk.common.templatetags.ui import ago
from people.selectors import on_shift

BEAT = "<!--beat-->"
MOST_OFFICERS = 500
_last_drawn: dict[str, tuple[str, SafeString]] = {}


@require_GET
@desk_page
def dashboard(request: DeskRequest) -> HttpResponse:
    """The page; `?layar=1` fills a screen on the wall."""
    found = _figures(request)
    version = version_of(found)
    context = {
        "section": "dashboard",
        "wall": request.GET.get("layar") == "1",
        "version": version,
        "live": _drawn(found, version),
        "figures": found,
    }
    return render(request, "desk/dashboard/page.html", context)


@require_GET
@desk_page
def live(request: DeskRequest) -> HttpResponse:
    """The figures alone, or 304 when none changed since those that the reader has."""
    found = _figures(request)
    version = version_of(found)
    if request.headers.get("If-None-Match") == version:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(_drawn(found, version))
    response["ETag"] = version
    response["X-Server-Time"] = clock.for_display().isoformat()
    if found.engine.beat_at:
        response["X-Engine-Beat"] = found.engine.beat_at.isoformat()
    return response


@require_GET
@desk_page
def details(request: DeskRequest) -> HttpResponse:
    """What the dashboard's cards have no room for: every team, officer and promise."""
    found = _figures(request)
    everybody = workload(found.open.officers, on_shift(found.at), found.at, most=MOST_OFFICERS)
    context = {"section": "dashboard", "figures": found, "workload": everybody}
    return render(request, "desk/dashboard/details.html", context)


@require_GET
@desk_page
def outcomes(request: DeskRequest) -> HttpResponse:
    """The promises behind a share: missed or kept, of today, 7 or 30 days."""
    if not request.user.may("view_dashboard"):
        raise PermissionDenied
    context = outcomes_context(WantedOutcomes.read(request), clock.now())
    return render(request, "desk/dashboard/outcomes.html", context)


def _figures(request: DeskRequest) -> Figures:
    if not request.user.may("view_dashboard"):
        raise PermissionDenied
    return figures()


def _drawn(found: Figures, version: str) -> SafeString:
    """The figures as HTML. Nothing in it is the reader's own but the language, which the version
    tells, so readers of the same version share it."""
    kept = _last_drawn.get(get_language() or "")
    if kept is not None and kept[0] == version and settings.DASHBOARD_SHARES_FIGURES:
        return _with_beat(kept[1], found.engine)
    html = render_to_string("desk/dashboard/live.html", {"figures": found, "engine": found.engine})
    _last_drawn[get_language() or ""] = (version, html)
    return _with_beat(html, found.engine)


def _with_beat(html: SafeString, engine: Engine) -> SafeString:
    """A beat is no news, so the same drawing lasts for many: its moment is filled in for each reader."""
    beat_at = engine.beat_at
    said = (
        _("never")
        if beat_at is None
        else format_html(
            '<span id="beat" data-since="{}" data-ago="{}">{}</span>',
            beat_at.isoformat(),
            _("%s ago"),
            ago(beat_at),
        )
    )
    return mark_safe(html.replace(BEAT, conditional_escape(said), 1))  # noqa: S308 - both are drawn by us


def version_of(found: Figures) -> str:
    """An entity tag: of the figures, the minute that stands on the page, and the language."""
    minute = found.at.strftime("%Y%m%d%H%M")
    text = f"{found!r}|{minute}|{get_language()}"
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'
