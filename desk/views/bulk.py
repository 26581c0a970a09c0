"""Many tickets at once: the chosen ones with the verb's form, then what became of each."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from desk.access import DeskRequest, desk_page
from desk.bulk import MANY_VERBS, ManyForm, ManyVerb, act, chosen_tickets
from desk.work_page import Wanted
from tickets.models import Ticket
from tickets.services import BULK_MOST


@require_http_methods(["GET", "POST"])
@desk_page
def many(request: DeskRequest) -> HttpResponse:
    """Choosing leads here by GET, so that it works without script; POST does it."""
    if not request.actor.may("direct_work"):
        raise PermissionDenied
    asked = request.POST if request.method == "POST" else request.GET
    verb = MANY_VERBS.get(asked.get("verb", ""))
    if verb is None:
        raise Http404("verb")
    if request.method == "GET":
        tickets = chosen_tickets(request.actor, asked)
        return _page(request, verb, verb.form(), tickets)
    form = verb.form(request.POST)
    numbers = asked.getlist("numbers")
    if form.is_valid():
        lines = act(request.actor, verb, form, numbers)
        if not form.errors:
            context = {
                "verb": verb,
                "form": form,
                "lines": lines,
                "left": [line.number for line in lines if line.left],
                "refused": sum(bool(line.why) and not line.left for line in lines),
            }
            return render(request, "desk/bulk/result.html", _around(request) | context)
    return _page(request, verb, form, chosen_tickets(request.actor, asked), status=400)


def _page(
    request: DeskRequest,
    verb: ManyVerb,
    form: ManyForm,
    tickets: list[Ticket],
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "verb": verb,
        "form": form,
        "tickets": tickets[:BULK_MOST],
        "more": len(tickets) > BULK_MOST,
        "most": BULK_MOST,
    }
    return render(request, "desk/bulk/page.html", _around(request) | context, status=status)


def _around(request: DeskRequest) -> dict[str, Any]:
    return {"section": "queue", "wanted": Wanted.read(request)}
