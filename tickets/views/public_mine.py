"""The tickets of somebody signed in who complains: a customer, seller or agent."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from people.actors import of_user
from tickets.selectors import visible_tickets
from tickets.tracking import tracking_path
from tickets.views import visitors
from tickets.views.answers import private_page

PAGE = 20


@private_page
@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Newest first; `?before=<id>` goes on below that one."""
    user = visitors.person_of(request)
    if user is None or not visitors.reports_for_self(user):
        raise PermissionDenied
    tickets = visible_tickets(of_user(user)).order_by("-id")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        tickets = tickets.filter(pk__lt=int(before))
    found = list(tickets[: PAGE + 1])
    context = {
        "rows": [{"ticket": each, "path": tracking_path(each)} for each in found[:PAGE]],
        "next_before": found[PAGE - 1].pk if len(found) > PAGE else None,
    }
    return render(request, "tickets/public/mine.html", context)
