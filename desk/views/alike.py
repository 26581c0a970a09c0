"""Tickets that may be the same: fetched after the ticket's page, which waits for nothing."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from desk.access import DeskRequest, desk_page
from desk.alike import rows_for
from desk.work_page import Wanted
from helpdesk.common.errors import Refusal
from tickets.models import Ticket
from tickets.selectors import ticket_for_actor_or_404
from tickets.services.dismissing import dismiss_duplicate


@require_GET
@desk_page
def listed(request: DeskRequest, number: str) -> HttpResponse:
    return _shown(request, _ticket(request, number))


@require_POST
@desk_page
def dismiss(request: DeskRequest, number: str) -> HttpResponse:
    """Not the same problem: neither is shown to the other any more."""
    ticket, other = _ticket(request, number), request.POST.get("number", "")
    try:
        dismiss_duplicate(actor=request.actor, ticket_id=ticket.pk, number=other)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Kept apart: both tickets tell of it"))
    return _shown(request, ticket)


def _ticket(request: DeskRequest, number: str) -> Ticket:
    ticket = ticket_for_actor_or_404(request.actor, number)
    if not request.actor.may("work_ticket"):
        raise PermissionDenied
    return ticket


def _shown(request: DeskRequest, ticket: Ticket) -> HttpResponse:
    rows = rows_for(request.actor, ticket)
    context = {"ticket": ticket, "rows": rows, "wanted": Wanted.read(request)}
    return render(request, "desk/ticket/alike.html", context)
