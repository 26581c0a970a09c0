"""The tour: its pages use the desk's own templates on a practice ticket that is kept nowhere."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from desk.access import DeskRequest, desk_page
from desk.actions import Action
from desk.judged import JudgedForm
from desk.offers import Offer
from desk.practice import NUMBER, STEPS, Tour, practice_context, practice_ticket
from desk.services import begin_tour, skip_tour, take_step
from desk.verbs import VERBS
from desk.work_page import Wanted
from helpdesk.common.errors import InvalidInput

NEEDED = {"required": gettext_lazy("This part is needed.")}


class EscalateForm(JudgedForm):
    to_team = forms.ChoiceField(
        label=gettext_lazy("Receiving team"),
        choices=[("fraud", gettext_lazy("Fraud investigation, by the matrix"))],
        initial="fraud",
        widget=forms.RadioSelect,
        error_messages=NEEDED,
    )
    summary = forms.CharField(
        label=gettext_lazy("Summary of the problem"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
        error_messages=NEEDED,
    )


@require_http_methods(["GET", "POST"])
@desk_page
def practice(request: DeskRequest) -> HttpResponse:
    """The list with the practice ticket; by POST `begin` or `skip`."""
    if request.method == "GET":
        return render(request, "desk/practice/page.html", _context(request, opened=False))
    if request.POST.get("do") == "begin":
        begin_tour(actor=request.actor)
        return redirect("desk:practice")
    skip_tour(actor=request.actor)
    messages.success(request, _("The tour waits in the account menu."))
    return redirect("desk:queue")


@require_GET
@desk_page
def ticket(request: DeskRequest) -> HttpResponse:
    context = _context(request, opened=True)
    whole = request.headers.get("HX-Target") != "pane"
    return render(request, f"desk/{'practice/page' if whole else 'ticket/pane'}.html", context)


@require_http_methods(["GET", "POST"])
@desk_page
def verb(request: DeskRequest, verb: str) -> HttpResponse:
    """A step; by GET the dialog of closing, the only verb that asks."""
    if request.method == "GET":
        if verb != "close":
            raise Http404("verb")
        return _dialog(request, VERBS["close"].make_form(_ticket(request), request.actor))
    said = request.POST.get("mode", verb) if verb in ("reply", "note") else verb
    if said not in STEPS or said in ("open", "escalate"):
        raise Http404("verb")
    if said == "close":
        form = VERBS["close"].make_form(_ticket(request), request.actor, request.POST)
        if not form.is_valid():
            return _dialog(request, form, status=400)
    try:
        take_step(actor=request.actor, step=said, words=request.POST.get("body", ""))
    except InvalidInput as refusal:
        messages.error(request, str(refusal))
        return _on(request)
    draft = f"talk-{NUMBER}" if said in ("reply", "note") else f"{said}-{NUMBER}"
    messages.success(request, _done_words(said), extra_tags=draft)
    return _on(request)


@require_http_methods(["GET", "POST"])
@desk_page
def escalate(request: DeskRequest) -> HttpResponse:
    form = EscalateForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        take_step(actor=request.actor, step="escalate")
        messages.success(request, _done_words("escalate"))
        return _on(request)
    context = {**_context(request, opened=True), "form": form}
    status = 400 if form.errors else 200
    return render(request, "desk/practice/escalate.html", context, status=status)


@require_POST
@desk_page
def presence(request: DeskRequest) -> HttpResponse:
    return HttpResponse(status=204)


@require_GET
@desk_page
def nobody(request: DeskRequest) -> HttpResponse:
    """Whom a note could mention: here, nobody hears of it."""
    return JsonResponse({"people": []})


@require_GET
@desk_page
def macros(request: DeskRequest) -> HttpResponse:
    return render(request, "desk/macros/picker.html", {"options": []})


def _ticket(request: DeskRequest) -> Any:
    return practice_ticket(Tour(request.user), request.user)


def _context(request: DeskRequest, *, opened: bool) -> dict[str, Any]:
    tour = Tour(request.user)
    now = tour.next_step(opened=opened)
    steps = tour.steps(now, opened=opened)
    return {
        **practice_context(tour, request.user),
        "section": "practice",
        "wanted": Wanted.read(request),
        "opened": opened,
        "tour": tour,
        "steps": steps,
        "step": next((each for each in steps if each.now), None),
        "place": list(STEPS).index(now) + 1 if now else len(STEPS),
        "number": NUMBER,
    }


def _dialog(request: DeskRequest, form: Any, *, status: int = 200) -> HttpResponse:
    """Closing's form: in its dialog, or with what is wrong on the whole page."""
    url = reverse("desk:practice_verb", args=["close"])
    offer = Offer(Action("close"), VERBS["close"], form, url, opened=status != 200)
    context = _context(request, opened=True)
    if request.method == "GET":
        context["offer"] = offer
        return render(request, "desk/ticket/dialog_form.html", context)
    context["offers"] = [offer if each.name == "close" else each for each in context["offers"]]
    fragment = request.headers.get("HX-Request") == "true"
    template = "desk/ticket/pane.html" if fragment else "desk/practice/page.html"
    response = render(request, template, context, status=status)
    if fragment:
        response["X-Fragment"] = "1"
    return response


def _on(request: DeskRequest) -> HttpResponse:
    """To the ticket with its next step, as a page, so that the step is read aloud."""
    address = reverse("desk:practice_ticket")
    if request.headers.get("HX-Request") != "true":
        return redirect(address)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = address
    return response


def _done_words(step: str) -> str:
    return {
        "reasons": _("Read. Every automatic decision says why."),
        "reply": _("Reply sent, in practice: the first response would be kept."),
        "note": _("Note saved, in practice."),
        "escalate": _("Asked for, in practice: a supervisor would verify it."),
        "close": _("Ticket closed, in practice."),
    }[step]
