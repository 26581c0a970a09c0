"""Putting a draft of the playbooks in force, and the versions before it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from agents_ops.models import PlaybookSet
from agents_ops.selectors import playbook_versions
from agents_ops.services import publish_playbook_draft, restore_playbooks
from desk.access import DeskRequest, rules_page
from desk.editing import lines_of_versions
from desk.playbook.words import difference, grouped
from desk.playbook.workbench import Workbench
from desk.policy.forms import PublishForm
from helpdesk.common.errors import Refusal

SHOWN = 100


@require_http_methods(["GET", "POST"])
@rules_page
def publish(request: DeskRequest) -> HttpResponse:
    """The difference once more, a note, and the draft guides the cases that begin from now."""
    bench, status = Workbench(request.actor), 200
    if bench.draft is None:
        return redirect("desk:playbooks")
    form = PublishForm(request.POST or None, initial={"revision": bench.revision})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = publish_playbook_draft(
                actor=request.actor, note=data["note"], revision=data["revision"]
            )
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            return _in_force(request, made)
    context = {"section": "rules", "bench": bench, "form": form}
    return render(request, "desk/playbook/publish.html", context, status=status)


@require_GET
@rules_page
def history(request: DeskRequest) -> HttpResponse:
    """Every version with who, when, why and what it changed, the latest first."""
    rows = list(playbook_versions(actor=request.actor)[: SHOWN + 1])
    lines = lines_of_versions(rows, difference, SHOWN)
    context = {"section": "rules", "lines": lines, "latest": rows[0].version}
    return render(request, "desk/playbook/history.html", context)


@require_GET
@rules_page
def version(request: DeskRequest, version: int) -> HttpResponse:
    return _version_page(request, version, None, 200)


@require_http_methods(["GET", "POST"])
@rules_page
def restore(request: DeskRequest, version: int) -> HttpResponse:
    """Put an older version in force again, as a new one."""
    latest = playbook_versions(actor=request.actor)[0]
    again = _("Back to version %(version)s") % {"version": version}
    form = PublishForm(request.POST or None, initial={"seen": latest.version, "note": again})
    status = 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = restore_playbooks(
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


def _in_force(request: DeskRequest, made: PlaybookSet) -> HttpResponse:
    messages.success(request, _("Version %(version)s is in force.") % {"version": made.version})
    return redirect("desk:playbook_version", version=made.version)


def _version_page(
    request: DeskRequest, number: int, form: PublishForm | None, status: int
) -> HttpResponse:
    rows = playbook_versions(actor=request.actor)
    shown, latest = rows.filter(version=number).first(), rows[0]
    if shown is None:
        raise Http404(number)
    before = rows.filter(version=number - 1).first()
    again = _("Back to version %(version)s") % {"version": number}
    context = {
        "section": "rules",
        "version": shown,
        "latest": latest,
        "before": before,
        "changes": difference(before.body, shown.body) if before else None,
        "against_latest": difference(latest.body, shown.body) if shown.pk != latest.pk else [],
        "groups": grouped(shown.body),
        "form": form or PublishForm(initial={"seen": latest.version, "note": again}),
    }
    return render(request, "desk/playbook/version.html", context, status=status)
