"""Trying a draft of the triage rules on the past."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from desk.access import DeskRequest, rules_page
from desk.triage.trial_page import trial_context
from helpdesk.common.errors import Refusal
from tickets.models import TriageTrial
from tickets.rule_reads import trials
from tickets.services.trials import cancel_trial, start_trial
from tickets.tasks import work_on_trials


@require_POST
@rules_page
def try_draft(request: DeskRequest) -> HttpResponse:
    """Judge the last 30 days' tickets by the reader's draft."""
    try:
        trial = start_trial(actor=request.actor)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:triage")
    # Begin at once; without a broker the periodic wake-up does it.
    work_on_trials.delay_on_commit()  # type: ignore[attr-defined]
    return redirect("desk:triage_trial", pk=trial.pk)


@require_GET
@rules_page
def trial(request: DeskRequest, pk: int) -> HttpResponse:
    return _trial(request, pk, "trial.html")


@require_GET
@rules_page
def live(request: DeskRequest, pk: int) -> HttpResponse:
    return _trial(request, pk, "trial_live.html")


@require_POST
@rules_page
def stop(request: DeskRequest, pk: int) -> HttpResponse:
    cancel_trial(actor=request.actor, pk=pk)
    return redirect("desk:triage_trial", pk=pk)


def _trial(request: DeskRequest, pk: int, template: str) -> HttpResponse:
    job: TriageTrial = get_object_or_404(trials(actor=request.actor), pk=pk)
    context: dict[str, Any] = {"section": "rules", **trial_context(job, request.actor)}
    return render(request, f"desk/triage/{template}", context)
