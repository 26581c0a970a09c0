"""What reviewers decide about shops: violations, appeals, reports about buyers; and a shop's record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from desk.access import DeskRequest, page_of
from desk.shop_pages import record_context, report_context, work_context
from helpdesk.common import clock
from helpdesk.common.errors import Refusal
from seller_chat.forms import DecisionForm
from seller_chat.home_page import found_of
from seller_chat.news import proof_of
from seller_chat.selectors import (
    appeal_or_404,
    document_or_404,
    report_or_404,
    shops_of,
    violation_or_404,
)
from seller_chat.services import decide_appeal, decide_report, decide_violation, look_for_report
from tickets.downloads import attachment_response

reviewers_page = page_of("review_messages")


@require_safe
@reviewers_page
def work(request: DeskRequest) -> HttpResponse:
    return render(request, "desk/shops/work.html", work_context(request.actor, clock.now()))


@require_safe
@reviewers_page
def record(request: DeskRequest, pk: int) -> HttpResponse:
    shop = get_object_or_404(shops_of(request.actor), pk=pk)
    context = record_context(shop, request.actor, clock.now())
    return render(request, "desk/shops/record.html", context)


@require_http_methods(["GET", "POST"])
@reviewers_page
def violation(request: DeskRequest, pk: int) -> HttpResponse:
    found = violation_or_404(request.actor, pk)
    form = DecisionForm(
        request.POST or None,
        question=_("Is it a violation?"),
        yes=_("Confirm the violation"),
        no=_("Dismiss it"),
    )
    context = {"each": found_of(found, clock.now()), "proof": proof_of(found)}
    return _decide(
        request,
        "violation",
        form,
        context,
        lambda: decide_violation(
            actor=request.actor,
            violation_id=pk,
            confirmed=form.answer,
            reasons=form.cleaned_data["reasons"],
        ),
    )


@require_http_methods(["GET", "POST"])
@reviewers_page
def appeal(request: DeskRequest, pk: int) -> HttpResponse:
    found = appeal_or_404(request.actor, pk)
    form = DecisionForm(
        request.POST or None,
        question=_("Was the violation found wrongly?"),
        yes=_("Grant the appeal: the violation is taken back"),
        no=_("Reject the appeal: the violation stays"),
    )
    violation = found.violation
    context = {
        "appeal": found,
        "each": found_of(violation, clock.now()),
        "proof": proof_of(violation),
        "same": found.first_decider_id == request.user.pk,
    }
    return _decide(
        request,
        "appeal",
        form,
        context,
        lambda: decide_appeal(
            actor=request.actor,
            appeal_id=pk,
            granted=form.answer,
            reasons=form.cleaned_data["reasons"],
        ),
    )


@require_http_methods(["GET", "POST"])
@reviewers_page
def report(request: DeskRequest, key: str) -> HttpResponse:
    found = report_or_404(request.actor, key)
    form = DecisionForm(
        request.POST or None,
        question=_("Does the evidence show it?"),
        yes=_("Verify: the messages leave the evaluation"),
        no=_("Not confirmed"),
        needed=False,
    )
    context = report_context(found, request.actor, clock.now())
    if request.method == "POST" and not context["read"]:
        raise Http404("report")
    return _decide(
        request,
        "report",
        form,
        context,
        lambda: decide_report(
            actor=request.actor,
            report_id=found.pk,
            verified=form.answer,
            reason=form.cleaned_data["reasons"],
        ),
    )


@require_POST
@reviewers_page
def report_look(request: DeskRequest, key: str) -> HttpResponse:
    """A POST, because that somebody reads the messages is written down."""
    found = report_or_404(request.actor, key)
    look_for_report(actor=request.actor, report=found)
    return redirect("desk:buyer_report", key=found.key)


@require_safe
@reviewers_page
def document(request: DeskRequest, key: str) -> FileResponse:
    found = document_or_404(request.actor, key)
    return attachment_response(found, inline=found.is_image)


def _decide(
    request: DeskRequest,
    name: str,
    form: DecisionForm,
    context: dict[str, Any],
    act: Callable[[], object],
) -> HttpResponse:
    """The page with its form; what is decided leads back to it."""
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                act()
                return redirect(request.path)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
    context |= {"form": form, "section": "shops"}
    return render(request, f"desk/shops/{name}.html", context, status=status)
