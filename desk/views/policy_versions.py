"""Putting a draft in force, and the versions before it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from desk.access import DeskRequest, rules_page
from desk.editing import lines_of_versions
from desk.policy.difference import difference
from desk.policy.forms import PublishForm
from desk.policy.words import Words
from desk.policy.workbench import Workbench, policy_sections
from helpdesk.common.errors import Refusal
from sla.models import SlaPolicy
from sla.policy_reads import applications, versions
from sla.services.publishing import publish_draft, roll_back

SHOWN = 100


@require_http_methods(["GET", "POST"])
@rules_page
def publish(request: DeskRequest) -> HttpResponse:
    """The difference once more, a note, and the draft is in force for clocks that start from now."""
    bench, status = Workbench(request.actor), 200
    if bench.draft is None:
        return redirect("desk:policy")
    form = PublishForm(request.POST or None, initial={"revision": bench.revision})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = publish_draft(actor=request.actor, note=data["note"], revision=data["revision"])
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            done = _("Version %(version)s is in force.") % {"version": made.version}
            messages.success(request, done)
            return redirect("desk:policy_version", version=made.version)
    context = {"section": "rules", "bench": bench, "form": form}
    return render(request, "desk/policy/publish.html", context, status=status)


@require_GET
@rules_page
def history(request: DeskRequest) -> HttpResponse:
    """Every version with who, when, why and how many parts it changed, the latest first."""
    rows = list(versions(actor=request.actor)[: SHOWN + 1])
    lines = lines_of_versions(rows, difference, SHOWN)
    context = {"section": "rules", "lines": lines, "latest": rows[0].version}
    return render(request, "desk/policy/history.html", context)


@require_GET
@rules_page
def version(request: DeskRequest, version: int) -> HttpResponse:
    return _version_page(request, version, None, 200)


@require_http_methods(["GET", "POST"])
@rules_page
def restore(request: DeskRequest, version: int) -> HttpResponse:
    """Put an older version's rules in force again, as a new version."""
    latest = versions(actor=request.actor)[0]
    form = PublishForm(request.POST or None, initial={"seen": latest.version})
    status = 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = roll_back(
                actor=request.actor,
                version=version,
                note=data["note"],
                seen=data["seen"] or latest.version,
            )
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            done = _("Version %(version)s is in force.") % {"version": made.version}
            messages.success(request, done)
            return redirect("desk:policy_version", version=made.version)
    return _version_page(request, version, form, status)


def _version_page(
    request: DeskRequest, number: int, form: PublishForm | None, status: int
) -> HttpResponse:
    rows = versions(actor=request.actor)
    shown, latest = rows.filter(version=number).first(), rows[0]
    if shown is None:
        raise Http404(number)
    before = rows.filter(version=number - 1).first()
    context = {
        "section": "rules",
        "version": shown,
        "latest": latest,
        "before": before,
        "changes": difference(before.body, shown.body) if before else None,
        "against_latest": _against(latest, shown),
        "applied": applications(actor=request.actor).filter(policy=shown)[:5],
        "form": form,
        **policy_sections(shown.body, Words(shown.body)),
    }
    return render(request, "desk/policy/version.html", context, status=status)


def _against(latest: SlaPolicy, shown: SlaPolicy) -> list[object]:
    return [] if latest.pk == shown.pk else list(difference(latest.body, shown.body))
