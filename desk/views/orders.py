"""Orders and transactions of a ticket's customer: fetched after the page, which waits for nothing."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from desk.access import DeskRequest, desk_page
from helpdesk.common.errors import NotAllowed
from tickets.commerce import records_for
from tickets.selectors import ticket_for_actor_or_404


@require_GET
@desk_page
def orders(request: DeskRequest, number: str) -> HttpResponse:
    ticket = ticket_for_actor_or_404(request.actor, number)
    try:
        told = records_for(actor=request.actor, ticket=ticket)
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    return render(request, "desk/ticket/orders.html", {"ticket": ticket, "told": told})
