"""Long work on a policy: applying it to running clocks, and trying a draft on the past."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from desk.access import DeskRequest, rules_page
from desk.csv_file import csv_download
from desk.policy.application_page import application_context
from desk.policy.moves_csv import moves_csv
from desk.policy.what_if_page import what_if_context
from helpdesk.common.errors import Refusal
from sla.models import PolicyApplication, WhatIf
from sla.policy_reads import applications, what_ifs
from sla.services.applying import cancel_application, prepare_application, start_application
from sla.services.replaying import cancel_what_if, start_what_if
from sla.tasks import work_on_policies


@require_POST
@rules_page
def prepare(request: DeskRequest, version: int) -> HttpResponse:
    """Count what would move; nothing moves yet."""
    try:
        job = prepare_application(actor=request.actor, version=version)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:policy_version", version=version)
    _wake()
    return redirect("desk:policy_application", pk=job.pk)


@require_GET
@rules_page
def application(request: DeskRequest, pk: int) -> HttpResponse:
    return _application(request, pk, "application.html")


@require_GET
@rules_page
def application_live(request: DeskRequest, pk: int) -> HttpResponse:
    return _application(request, pk, "application_live.html")


@require_GET
@rules_page
def application_csv(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Every move, as counted; sent while it is read."""
    job: PolicyApplication = get_object_or_404(applications(actor=request.actor), pk=pk)
    lines = moves_csv(job.moves.iterator(chunk_size=2_000))
    return csv_download(lines, f"perubahan-tenggat-v{job.policy.version}-{job.pk}")


@require_POST
@rules_page
def apply_now(request: DeskRequest, pk: int) -> HttpResponse:
    """Only what the reader looked at: the form says when that was counted."""
    try:
        seen = datetime.fromisoformat(request.POST.get("seen", ""))
    except ValueError:
        messages.error(request, _("Look at what moves, then confirm."))
        return redirect("desk:policy_application", pk=pk)
    return _then_show(request, pk, partial(start_application, seen=seen))


@require_POST
@rules_page
def stop_applying(request: DeskRequest, pk: int) -> HttpResponse:
    return _then_show(request, pk, cancel_application)


@require_POST
@rules_page
def try_draft(request: DeskRequest) -> HttpResponse:
    """Replay the last 30 days under the reader's draft."""
    try:
        what_if = start_what_if(actor=request.actor)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:policy")
    _wake()
    return redirect("desk:policy_what_if", pk=what_if.pk)


@require_GET
@rules_page
def what_if(request: DeskRequest, pk: int) -> HttpResponse:
    return _what_if(request, pk, "what_if.html")


@require_GET
@rules_page
def what_if_live(request: DeskRequest, pk: int) -> HttpResponse:
    return _what_if(request, pk, "what_if_live.html")


@require_POST
@rules_page
def stop_what_if(request: DeskRequest, pk: int) -> HttpResponse:
    cancel_what_if(actor=request.actor, pk=pk)
    return redirect("desk:policy_what_if", pk=pk)


def _wake() -> None:
    """Begin at once; without a broker the periodic wake-up does it."""
    work_on_policies.delay_on_commit()  # type: ignore[attr-defined]


def _then_show(
    request: DeskRequest, pk: int, verb: Callable[..., PolicyApplication]
) -> HttpResponse:
    get_object_or_404(applications(actor=request.actor), pk=pk)
    try:
        verb(actor=request.actor, pk=pk)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    # A count that was stale is made anew.
    _wake()
    return redirect("desk:policy_application", pk=pk)


def _application(request: DeskRequest, pk: int, template: str) -> HttpResponse:
    job: PolicyApplication = get_object_or_404(applications(actor=request.actor), pk=pk)
    context: dict[str, Any] = {
        "section": "rules",
        **application_context(job, request.GET.get("page")),
    }
    return render(request, f"desk/policy/{template}", context)


def _what_if(request: DeskRequest, pk: int, template: str) -> HttpResponse:
    job: WhatIf = get_object_or_404(what_ifs(actor=request.actor), pk=pk)
    context: dict[str, Any] = {"section": "rules", **what_if_context(job, request.actor)}
    return render(request, f"desk/policy/{template}", context)
