"""A ticket's clocks: why each deadline, and the log that they follow from."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from desk.access import DeskRequest, desk_page
from desk.clock_page import clock_context
from tickets.selectors import ticket_for_actor_or_404


@require_GET
@desk_page
def clocks(request: DeskRequest, number: str) -> HttpResponse:
    ticket = ticket_for_actor_or_404(request.actor, number)
    return render(request, "desk/clocks/page.html", clock_context(request.actor, ticket))
