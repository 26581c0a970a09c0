"""What open pages ask for when something happened; the stream itself is desk/live/stream.py."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from desk.access import DeskRequest, desk_page
from desk.live.poll import news_since
from helpdesk.common.errors import Refusal
from tickets.services import end_presence, show_presence

GONE = "gone"


@require_GET
@desk_page
def recent(request: DeskRequest) -> HttpResponse:
    """The news since an event, as the stream tells it."""
    since = request.GET.get("since", "")
    number = int(since) if since.isascii() and since.isdecimal() and len(since) < 19 else None
    return JsonResponse(news_since(request.user, number))


@require_GET
@desk_page
def badge(request: DeskRequest) -> HttpResponse:
    """How many notices are unread, as the menu shows it."""
    return render(request, "parts/notices_badge.html")


@require_POST
@desk_page
def presence(request: DeskRequest, number: str) -> HttpResponse:
    """The reader is still there, and what they do; answers with the others who are."""
    doing = request.POST.get("doing", "")
    try:
        if doing == GONE:
            end_presence(actor=request.actor, number=number)
            return HttpResponse(status=204)
        others = show_presence(actor=request.actor, number=number, doing=doing)
    except Refusal as refusal:
        return HttpResponse(str(refusal), status=refusal.status, content_type="text/plain")
    return render(request, "desk/ticket/presence.html", {"present": others})
