"""What happened to the reader's tickets, until read."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from desk.access import DeskRequest, desk_page
from desk.notices import mark_read, notices_of


@require_GET
@desk_page
def notices(request: DeskRequest) -> HttpResponse:
    context = {"section": "notices", "notices": notices_of(request.actor)}
    return render(request, "desk/notices.html", context)


@require_POST
@desk_page
def read(request: DeskRequest) -> HttpResponse:
    """Mark the reader's own notices read: of one ticket, or all of them."""
    mark_read(request.user, ticket_number=request.POST.get("ticket", "").replace("\x00", ""))
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204)
    return redirect("desk:notices")
