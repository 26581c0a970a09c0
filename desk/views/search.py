"""The results while one types, and the next page of them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from desk.access import DeskRequest, desk_page
from desk.search import results_for
from desk.work_page import Rows, Wanted, rows_context


@require_GET
@desk_page
def results(request: DeskRequest) -> HttpResponse:
    """Rows and the line above them; an emptied box leads back to the queue."""
    wanted = Wanted.read(request)
    if not wanted.query.strip():
        response = HttpResponse(status=204)
        response["HX-Redirect"] = reverse("desk:queue")
        return response
    place = request.GET.get("place", "")[:80]
    found = results_for(request.actor, wanted.query, place)
    context = rows_context(wanted, Rows(found.tickets, None, None, found))
    context |= {"current": request.GET.get("current", ""), "place": place}
    return render(request, "desk/list/found_swap.html", context)
