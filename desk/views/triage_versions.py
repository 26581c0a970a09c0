"""Putting a draft of the triage rules in force, and the versions before it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from desk.access import DeskRequest, rules_page
from desk.editing import lines_of_versions
from desk.policy.forms import PublishForm
from desk.triage.words import difference
from desk.triage.workbench import Workbench, sections
from helpdesk.common.errors import Refusal
from people.models import OrganisationProfile
from tickets.models import TriageRules
from tickets.rule_reads import rule_versions
from tickets.services.rulebook import publish_rules_draft, roll_back_rules

SHOWN = 100


@require_http_methods(["GET", "POST"])
@rules_page
def publish(request: DeskRequest) -> HttpResponse:
    """The difference once more, a note, and the draft judges what comes in from now."""
    bench, status = Workbench(request.actor), 200
    if bench.draft is None:
        return redirect("desk:triage")
    form = PublishForm(request.POST or None, initial={"revision": bench.revision})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = publish_rules_draft(
                actor=request.actor, note=data["note"], revision=data["revision"]
            )
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            return _in_force(request, made)
    context = {"section": "rules", "bench": bench, "form": form}
    return render(request, "desk/triage/publish.html", context, status=status)


@require_GET
@rules_page
def history(request: DeskRequest) -> HttpResponse:
    """Every version with who, when, why and what it changed, the latest first."""
    rows = list(rule_versions(actor=request.actor)[: SHOWN + 1])
    lines = lines_of_versions(rows, difference, SHOWN)
    context = {"section": "rules", "lines": lines, "latest": rows[0].version}
    return render(request, "desk/triage/history.html", context)


@require_GET
@rules_page
def version(request: DeskRequest, version: int) -> HttpResponse:
    return _version_page(request, version, None, 200)


@require_http_methods(["GET", "POST"])
@rules_page
def restore(request: DeskRequest, version: int) -> HttpResponse:
    """Put an older version's rules in force again, as a new version."""
    latest = rule_versions(actor=request.actor)[0]
    again = _("Back to version %(version)s") % {"version": version}
    form = PublishForm(request.POST or None, initial={"seen": latest.version, "note": again})
    status = 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = roll_back_rules(
                actor=request.actor,
                version=version,
                note=data["note"],
                seen=data["seen"] or latest.version,
            )
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            return _in_force(request, made)
    return _version_page(request, version, form, status)


def _in_force(request: DeskRequest, made: TriageRules) -> HttpResponse:
    done = _("Version %(version)s is in force.") % {"version": made.version}
    messages.success(request, done)
    return redirect("desk:triage_version", version=made.version)


def _version_page(
    request: DeskRequest, number: int, form: PublishForm | None, status: int
) -> HttpResponse:
    rows = rule_versions(actor=request.actor)
    shown, latest = rows.filter(version=number).first(), rows[0]
    if shown is None:
        raise Http404(number)
    before = rows.filter(version=number - 1).first()
    again = _("Back to version %(version)s") % {"version": number}
    older = shown.pk != latest.pk
    context = {
        "section": "rules",
        "version": shown,
        "latest": latest,
        "before": before,
        "changes": difference(before.body, shown.body) if before else None,
        "against_latest": difference(latest.body, shown.body) if older else [],
        "form": form or PublishForm(initial={"seen": latest.version, "note": again}),
        **sections(shown.body, OrganisationProfile.in_force().body),
    }
    return render(request, "desk/triage/version.html", context, status=status)
