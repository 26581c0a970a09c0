"""How satisfied customers were, by team and officer."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from desk.access import DeskRequest, desk_page
from helpdesk.common import clock
from people.models import organisation
from tickets.satisfaction import figures

SPANS = (7, 30, 90)
USUAL = "30"


@require_GET
@desk_page
def satisfaction(request: DeskRequest) -> HttpResponse:
    if not request.user.may("view_dashboard"):
        raise PermissionDenied
    asked = request.GET.get("days", USUAL)
    days = int(asked) if asked in map(str, SPANS) else int(USUAL)
    now, rules = clock.now(), organisation()["survey"]
    found = figures(
        now - timedelta(days=days), now, actor=request.actor, low_up_to=rules["tell_lead_up_to"]
    )
    context = {
        "section": "dashboard",
        "figures": found,
        "days": days,
        "spans": SPANS,
        "goal": rules["goal_percent"] / 100,
    }
    return render(request, "desk/satisfaction/page.html", context)
