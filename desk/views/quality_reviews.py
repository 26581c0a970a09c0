"""Reviews: which wait, a sample drawn, one of them filled, answered and settled."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agents_ops.models import QualityRules
from agents_ops.quality.sampling import drawn
from agents_ops.quality.scope import narrowed, scope_of, teams_in
from agents_ops.quality.scores import marks_that_count
from agents_ops.quality.selectors import review_for_actor_or_404, reviews_for, samples_for
from agents_ops.quality.services import (
    answer_review,
    draw_sample,
    fill_review,
    pick_ticket,
    settle_review,
    write_coaching_note,
)
from agents_ops.quality.states import ReviewState
from desk.access import DeskRequest, desk_page, page_of
from desk.quality.forms import DrawForm
from desk.quality.review_page import ReviewPage, context_of, review_page
from desk.quality.wanted import Wanted
from helpdesk.common import clock
from helpdesk.common.durations import WIB
from helpdesk.common.errors import NotAllowed, Refusal
from tickets.selectors import ticket_for_actor_or_404

PAGE = 50
SAMPLES = 10
TODO = "todo"


@require_GET
@desk_page
def listed(request: DeskRequest) -> HttpResponse:
    """What waits for a reviewer, or the reviews behind a figure; an officer's own."""
    wanted = Wanted.read(request)
    rows = reviews_for(request.actor)
    counted = wanted.state not in (TODO, *ReviewState.values)
    try:
        scope = wanted.scope(request.actor)
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    rows = rows.filter(scope.where("officer", "team"))
    if wanted.state == TODO:
        rows = rows.filter(state__in=[ReviewState.OPEN, ReviewState.ANSWERED])
    elif not counted:
        rows = rows.filter(state=wanted.state)
    else:
        rows = rows.filter(told_at__gte=wanted.span.since, told_at__lt=wanted.span.until)
    if wanted.category:
        lost = marks_that_count(wanted.span, scope).filter(percent__lt=100)
        rows = rows.filter(pk__in=lost.filter(criterion=wanted.category).values("review"))
    sheet = QualityRules.in_force().sheet
    context = {
        "section": "quality",
        "wanted": wanted,
        "goal": QualityRules.in_force().body["goal_percent"],
        "criterion": sheet.criteria.get(wanted.category),
        "page": Paginator(rows.order_by(F("told_at").desc(nulls_first=True), "-pk"), PAGE).get_page(
            request.GET.get("page")
        ),
        "trays": [
            (TODO, _("To do"), wanted.address(state=TODO)),
            ("", _("In the period"), wanted.address(state="")),
            *((code, label, wanted.address(state=code)) for code, label in ReviewState.choices),
        ],
        "leads": request.user.may("review_quality"),
        "query": wanted.address(),
    }
    return render(request, "desk/quality/reviews.html", context)


@require_http_methods(["GET", "POST"])
@page_of("review_quality")
def sample(request: DeskRequest) -> HttpResponse:
    """What a draw would bring, then the draw: by the same form and the same seed."""
    scope = scope_of(request.actor)
    data = request.POST if request.method == "POST" else (request.GET or None)
    form = DrawForm(teams_in(scope), data or _usual_draw())
    context: dict[str, Any] = {"section": "quality", "form": form}
    if form.is_valid():
        team = form.cleaned_data["team"]
        if request.method == "POST":
            try:
                made = draw_sample(actor=request.actor, draw=form.draw(), team=team)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                number = made.reviews.count()
                messages.success(
                    request, _("%(number)s tickets wait for a review.") % {"number": number}
                )
                response = redirect("desk:quality_reviews")
                response["Location"] += f"?state={TODO}"
                return response
        within = narrowed(scope, team=team)
        context["found"] = drawn(form.draw(), within, without=request.user.pk)
    context["samples"] = samples_for(request.actor).select_related("team", "drawn_by")[:SAMPLES]
    status = 400 if form.errors and request.method == "POST" else 200
    return render(request, "desk/quality/sample.html", context, status=status)


def _usual_draw() -> dict[str, Any]:
    usual, today = QualityRules.in_force().body["sample"], clock.now().astimezone(WIB).date()
    return {
        "since": today - timedelta(days=usual["days"]),
        "until": today,
        "per_officer": usual["per_officer"],
        "team": "",
        "seed": secrets.randbelow(10**6),
    }


@require_POST
@page_of("review_quality")
def pick(request: DeskRequest, number: str) -> HttpResponse:
    ticket = ticket_for_actor_or_404(request.actor, number)
    try:
        review = pick_ticket(actor=request.actor, ticket_id=ticket.pk)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:ticket", number)
    return redirect("desk:quality_review", review.pk)


@require_http_methods(["GET", "POST"])
@desk_page
def review(request: DeskRequest, pk: int) -> HttpResponse:
    """The case beside its sheet. What is sent is named by its button."""
    found = review_for_actor_or_404(request.actor, pk)
    if request.method == "GET":
        page = review_page(request.actor, found)
        return render(request, "desk/quality/review.html", context_of(request.actor, page))
    do = request.POST.get("do", "")
    page = review_page(request.actor, found, request.POST, do)
    status = _act(request, page, do)
    if status is None:
        return redirect("desk:quality_review", pk)
    context = context_of(request.actor, page)
    return render(request, "desk/quality/review.html", context, status=status)


def _act(request: DeskRequest, page: ReviewPage, do: str) -> int | None:
    """None when it is done, else the status of the page that says why not."""
    forms: dict[str, Any] = {
        "fill": page.sheet,
        "answer": page.answer,
        "settle": page.settle,
        "note": page.note,
    }
    form = forms.get(do)
    if form is None:
        messages.error(request, _("This is not possible (any more). Look at the review again."))
        return None
    if not form.is_valid():
        return 400
    try:
        _sent(request, page, do, form)()
    except Refusal as refusal:
        form.take(refusal)
        return refusal.status
    return None


def _sent(request: DeskRequest, page: ReviewPage, do: str, form: Any) -> Callable[[], object]:
    actor, pk, data = request.actor, page.review.pk, form.cleaned_data
    if do == "note":
        return lambda: write_coaching_note(
            actor=actor, officer_id=page.review.officer_id, text=data["text"], review_id=pk
        )
    call = {
        "actor": actor,
        "review_id": pk,
        "words": data["words"],
        "revision": data["revision"],
    }
    if do == "answer":
        return lambda: answer_review(**call)
    verb = fill_review if do == "fill" else settle_review
    return lambda: verb(**call, marks=form.given())
