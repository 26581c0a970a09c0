"""The workspace: a list of tickets beside the open one."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from desk.access import DeskRequest, desk_page
from desk.queue_counts import counts_of, quick_counts
from desk.queues import views_for
from desk.ticket_page import ticket_context
from desk.work_page import (
    Wanted,
    news_of,
    read_shown,
    rows_context,
    rows_for,
    work_context,
)
from helpdesk.common import clock
from tickets.search.finding import straight_to
from tickets.selectors import people_who_see, ticket_for_actor_or_404


@require_GET
@desk_page
def queue(request: DeskRequest) -> HttpResponse:
    """The list alone, nothing opened; a whole ticket or order number goes straight to its ticket."""
    wanted = Wanted.read(request)
    if wanted.query and (one := straight_to(request.actor, wanted.query)):
        return redirect("desk:ticket", one.number)
    context = work_context(request.actor, wanted)
    return render(request, "desk/work.html", context)


@require_GET
@desk_page
def rows(request: DeskRequest) -> HttpResponse:
    """The next rows of a view, for the end of the list; or the list anew."""
    wanted = Wanted.read(request)
    views = views_for(request.user, clock.for_display())
    found = rows_for(request.actor, wanted, views)
    context = rows_context(wanted, found) | {"current": request.GET.get("current", "")}
    if wanted.after:
        context["shown"] = f"{request.GET.get('shown', '')},{context['shown']}"
    return render(request, "desk/list/rows_swap.html", context)


@require_GET
@desk_page
def news(request: DeskRequest) -> HttpResponse:
    """What changed in the list since it was drawn; 204 when nothing did."""
    wanted = Wanted.read(request)
    found = news_of(request.actor, wanted, read_shown(request.GET.get("shown", "")))
    if not (found.changed or found.arrived or found.left):
        return HttpResponse(status=204)
    current = request.GET.get("current", "")
    context = {"news": found, "wanted": wanted, "current": current, "columns": found.columns}
    return render(request, "desk/list/news.html", context)


@require_GET
@desk_page
def counts(request: DeskRequest) -> HttpResponse:
    """How many tickets every view holds now; of a saved one only what is counted quickly."""
    views = [
        each for each in views_for(request.user, clock.for_display()) if each.group != "hidden"
    ]
    counted = counts_of([view for view in views if not view.saved], request.user)
    counted |= quick_counts([view for view in views if view.saved], request.user)
    return render(request, "desk/list/counts.html", {"views": views, "counts": counted})


@require_GET
@desk_page
def people(request: DeskRequest, number: str) -> JsonResponse:
    """Who may be mentioned in a note of the ticket: those who see it, but the reader."""
    found = ticket_for_actor_or_404(request.actor, number)
    names = people_who_see(found).exclude(pk=request.user.pk).values_list("full_name", flat=True)
    return JsonResponse({"people": [{"name": name} for name in names]})


@require_GET
@desk_page
def ticket(request: DeskRequest, number: str) -> HttpResponse:
    """The open ticket: its pane alone for htmx, else with the list beside it."""
    found = ticket_for_actor_or_404(request.actor, number)
    wanted = Wanted.read(request)
    context = ticket_context(request.actor, found, opened=request.GET.get("do", ""))
    context |= {"wanted": wanted, "current": found.number}
    if request.headers.get("HX-Target") == "pane":
        return render(request, "desk/ticket/pane.html", context)
    return render(request, "desk/work.html", work_context(request.actor, wanted) | context)
