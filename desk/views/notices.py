"""What happened to the reader's tickets, until read."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from desk.access import DeskRequest, desk_page
from desk.notices import mark_read, notices_of
from desk.queues import views_for
from helpdesk.common import clock
from tickets.models import EventKind

LARGEST_ID = 2**63 - 1


class BurstForm(forms.Form):
    """Names a burst by its kind and the ids between which it lies."""

    kind = forms.ChoiceField(choices=EventKind.choices)
    newest = forms.IntegerField(min_value=0, max_value=LARGEST_ID)
    oldest = forms.IntegerField(min_value=0, max_value=LARGEST_ID)


@require_GET
@desk_page
def notices(request: DeskRequest) -> HttpResponse:
    views = frozenset(view.code for view in views_for(request.user, clock.for_display()))
    context = {"section": "notices", "notices": notices_of(request.actor, views)}
    return render(request, "desk/notices.html", context)


@require_POST
@desk_page
def read(request: DeskRequest) -> HttpResponse:
    """Mark the reader's own notices read: of one ticket, of one burst, or all of them."""
    number, burst = request.POST.get("ticket", "").replace("\x00", ""), BurstForm(request.POST)
    if burst.is_valid():
        mark_read(request.user, **burst.cleaned_data)
    elif "newest" in request.POST:
        return HttpResponseBadRequest()
    else:
        mark_read(request.user, ticket_number=number)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204)
    return redirect("desk:notices")
