"""Showing masked contact data on a ticket, and the page that tells who looked."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from desk.access import DeskRequest, desk_page
from desk.customer_panel import Detail, look_context, refused_detail, seen_detail
from desk.looks_page import looks_context
from desk.ticket_page import ticket_context
from desk.work_page import Wanted, work_context
from helpdesk.common import clock
from helpdesk.common.errors import NotAllowed, Refusal
from tickets.models import DataLook, Ticket
from tickets.selectors import ticket_for_actor_or_404
from tickets.services import look_at


@require_POST
@desk_page
def look(request: DeskRequest, number: str) -> HttpResponse:
    """One field, openly, in this answer alone: its place for htmx, else the page of the ticket."""
    ticket = ticket_for_actor_or_404(request.actor, number)
    field, reason = request.POST.get("field", "")[:20], request.POST.get("reason", "")[:40]
    status = 200
    try:
        looked = look_at(
            actor=request.actor, ticket=ticket, field=field, reason=reason, via=DataLook.Via.PAGE
        )
        found: Detail | None = seen_detail(field, looked.value)
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    except Refusal as refusal:
        found = refused_detail(request.actor, ticket, field, str(refusal))
        status = refusal.status
    if found is None:  # no such field on this ticket
        return HttpResponse(status=status)
    if request.headers.get("HX-Request") == "true":
        return _place(request, ticket, found, status)
    return _page(request, ticket, found, status)


@require_GET
@desk_page
def looks(request: DeskRequest) -> HttpResponse:
    if not request.user.may("view_looks"):
        raise PermissionDenied
    context = looks_context(request.actor, request.GET, clock.for_display())
    return render(request, "desk/looks/page.html", context)


def _place(request: DeskRequest, ticket: Ticket, found: Detail, status: int) -> HttpResponse:
    context = {"ticket": ticket, "detail": found, **look_context(request.actor, ticket)}
    response = render(request, "desk/ticket/detail.html", context, status=status)
    response["X-Fragment"] = "1"
    return response


def _page(request: DeskRequest, ticket: Ticket, found: Detail, status: int) -> HttpResponse:
    """Without a script the whole page comes, with the field in its place."""
    wanted = Wanted.read(request)
    context = work_context(request.actor, wanted) | ticket_context(request.actor, ticket)
    rows: list[Detail] = context["details"]
    context["details"] = [found if row.field == found.field else row for row in rows]
    context |= {"wanted": wanted, "current": ticket.number}
    return render(request, "desk/work.html", context, status=status)
