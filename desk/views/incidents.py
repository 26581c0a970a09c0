"""Incidents: one cause, many tickets, one reply and one end for all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from desk.access import DeskRequest, desk_page, page_of
from desk.incident_forms import (
    AttachForm,
    ChangeIncidentForm,
    CloseAllForm,
    ConfirmAllForm,
    IncidentForm,
    ReplyAllForm,
)
from desk.incidents import incident_context, incidents, preview, progress_of, steps_of
from desk.judged import JudgedForm
from helpdesk.common.errors import Refusal
from tickets.models import Incident, IncidentRun
from tickets.selectors import ticket_for_actor_or_404
from tickets.services import (
    IncidentWording,
    attach_tickets,
    change_incident,
    detach_ticket,
    open_incident,
    start_run,
    stop_run,
)

FORMS: dict[str, type[JudgedForm]] = {
    "reply": ReplyAllForm,
    "confirm": ConfirmAllForm,
    "close": CloseAllForm,
}
Done = Callable[[dict[str, Any]], HttpResponse]


_directing = page_of("direct_work")


def _judged(
    request: DeskRequest, form: JudgedForm, act: Done, template: str, context: dict[str, Any]
) -> HttpResponse:
    """What `act` answers; else the page with the form, and what is wrong with it."""
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                return act(form.cleaned_data)
            except Refusal as refusal:
                form.refuse(refusal)
                status = refusal.status
    shown = {"section": "incidents", "form": form, **context}
    return render(request, f"desk/incidents/{template}.html", shown, status=status)


@require_GET
@desk_page
def overview(request: DeskRequest) -> HttpResponse:
    context = {
        "section": "incidents",
        "incidents": incidents(),
        "may_direct": request.actor.may("direct_work"),
    }
    return render(request, "desk/incidents/overview.html", context)


@require_http_methods(["GET", "POST"])
@_directing
def new(request: DeskRequest) -> HttpResponse:
    """Tickets chosen in the queue (`numbers`) come with it."""
    asked = request.POST if request.method == "POST" else request.GET
    numbers = asked.getlist("numbers")
    form = IncidentForm(request.POST if request.method == "POST" else None)

    def done(values: dict[str, Any]) -> HttpResponse:
        incident = open_incident(actor=request.actor, **values)
        if numbers:
            _attach_or_say(request, incident.pk, numbers)
        return redirect("desk:incident", pk=incident.pk)

    return _judged(request, form, done, "form", {"numbers": numbers})


@require_GET
@desk_page
def incident(request: DeskRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Incident.objects.select_related("opened_by", "changed_by"), pk=pk)
    return render(request, "desk/incidents/page.html", incident_context(request.actor, found))


@require_http_methods(["GET", "POST"])
@_directing
def edit(request: DeskRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Incident, pk=pk)
    names = ("title", "words", "state", "version")
    initial = {name: getattr(found, name) for name in names}
    form = ChangeIncidentForm(request.POST if request.method == "POST" else None, initial=initial)

    def done(values: dict[str, Any]) -> HttpResponse:
        version = values.pop("version")
        change_incident(actor=request.actor, incident_id=pk, expected_version=version, **values)
        return redirect("desk:incident", pk=pk)

    return _judged(request, form, done, "form", {"incident": found})


@require_POST
@desk_page
def attach(request: DeskRequest, pk: int) -> HttpResponse:
    """Tickets by number, typed or ticked."""
    get_object_or_404(Incident, pk=pk)
    typed = request.POST.get("typed", "").replace(",", " ").split()
    _attach_or_say(request, pk, [*request.POST.getlist("numbers"), *typed])
    return redirect("desk:incident", pk=pk)


@require_http_methods(["GET", "POST"])
@desk_page
def choose(request: DeskRequest) -> HttpResponse:
    """Tickets chosen in the queue: which incident are they part of?"""
    asked = request.POST if request.method == "POST" else request.GET
    numbers = asked.getlist("numbers")
    form = AttachForm(request.POST if request.method == "POST" else None)

    def done(values: dict[str, Any]) -> HttpResponse:
        _attach(request, values["incident"].pk, numbers)
        return redirect("desk:incident", pk=values["incident"].pk)

    context = {"numbers": numbers, "may_direct": request.actor.may("direct_work")}
    return _judged(request, form, done, "choose", context)


@require_POST
@desk_page
def detach(request: DeskRequest, pk: int) -> HttpResponse:
    get_object_or_404(Incident, pk=pk)
    ticket = ticket_for_actor_or_404(request.actor, request.POST.get("number", "")[:20])
    try:
        detach_ticket(actor=request.actor, ticket_id=ticket.pk)
    except Refusal as refusal:
        messages.error(request, f"{ticket.number}: {refusal}")
    return redirect("desk:incident", pk=pk)


@require_http_methods(["GET", "POST"])
@_directing
def order(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """The form of an order for all its tickets, with what would become of it; POST gives it."""
    found = get_object_or_404(Incident, pk=pk)
    kind = FORMS.get(verb)
    if kind is None:
        raise Http404("verb")
    form = kind(request.POST if request.method == "POST" else None, initial={"words": found.words})

    def done(values: dict[str, Any]) -> HttpResponse:
        run = start_run(
            actor=request.actor, incident_id=pk, verb=verb, wording=IncidentWording(**values)
        )
        return redirect("desk:incident_run", pk=run.pk)

    context = {
        "incident": found,
        "label": IncidentRun.Verb(verb).label,
        "preview": preview(request.actor, found, verb),
    }
    return _judged(request, form, done, "order", context)


@require_GET
@desk_page
def run(request: DeskRequest, pk: int) -> HttpResponse:
    return render(request, "desk/incidents/run.html", _run_context(request, pk))


@require_GET
@desk_page
def run_live(request: DeskRequest, pk: int) -> HttpResponse:
    return render(request, "desk/incidents/run_live.html", _run_context(request, pk))


@require_POST
@_directing
def stop(request: DeskRequest, pk: int) -> HttpResponse:
    get_object_or_404(IncidentRun, pk=pk)
    try:
        stop_run(actor=request.actor, run_id=pk)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("desk:incident_run", pk=pk)


def _run_context(request: DeskRequest, pk: int) -> dict[str, Any]:
    found = get_object_or_404(IncidentRun.objects.select_related("incident", "started_by"), pk=pk)
    return {
        "section": "incidents",
        "incident": found.incident,
        "run": found,
        "progress": progress_of(found),
        "steps": steps_of(request.actor, found),
        "may_direct": request.actor.may("direct_work"),
    }


def _attach_or_say(request: DeskRequest, pk: int, numbers: list[str]) -> None:
    """Where the incident is there whatever becomes of them: what is wrong is said on its page."""
    try:
        _attach(request, pk, numbers)
    except Refusal as refusal:
        messages.error(request, str(refusal))


def _attach(request: DeskRequest, pk: int, numbers: list[str]) -> None:
    """Attach them and say how many could be, and why the others could not."""
    outcomes = attach_tickets(actor=request.actor, incident_id=pk, numbers=numbers)
    if done := sum(outcome.done for outcome in outcomes):
        messages.success(request, _("%(count)s tickets are part of it now.") % {"count": done})
    for outcome in outcomes:
        if outcome.refusal is not None:
            messages.error(request, f"{outcome.number}: {outcome.refusal}")
