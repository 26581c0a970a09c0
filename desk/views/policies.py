"""The editor of the SLA policy: read it, change it in a draft, put it in force."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from desk import rule_pages
from desk.access import DeskRequest, rules_page
from desk.policy.changes import Change, without_calendar, without_target
from desk.policy.forms import CalendarForm, PartForm, TargetForm
from desk.policy.free_days import public_holiday_list
from desk.policy.rest_form import RestForm
from desk.policy.week_picture import week_picture
from desk.policy.words import METRICS
from desk.policy.workbench import Workbench, policy_sections
from helpdesk.common import clock
from helpdesk.common.durations import WIB
from helpdesk.common.errors import Refusal
from sla.policy_check.calendars import closure_lines
from sla.services.publishing import discard_draft, edit_draft, rebase_draft


@require_GET
@rules_page
def overview(request: DeskRequest) -> HttpResponse:
    """The draft, or the version in force, in words."""
    bench = Workbench(request.actor)
    context = {"section": "rules", "bench": bench, "editable": True}
    context |= policy_sections(bench.body, bench.words)
    return render(request, "desk/policy/overview.html", context)


@require_http_methods(["GET", "POST"])
@rules_page
def target(request: DeskRequest, code: str = "") -> HttpResponse:
    """One promise; without a code a new one."""
    bench = Workbench(request.actor)
    metric = request.GET.get("metric", "")
    row = bench.target(code) if code else {"metric": metric if metric in METRICS else METRICS[0]}
    form = TargetForm(target=row, **_common(request, bench))
    return _edit(request, form, "target", {"bench": bench, "code": code})


@require_http_methods(["GET", "POST"])
@rules_page
def calendar(request: DeskRequest, code: str = "") -> HttpResponse:
    bench = Workbench(request.actor)
    row = bench.calendar(code) if code else {}
    form = CalendarForm(code=code, calendar=row, **_common(request, bench))
    year = clock.for_display().astimezone(WIB).year
    free = [(each, public_holiday_list(each)) for each in (year, year + 1)]
    context = {"bench": bench, "code": code, "free": free, "closures": closure_lines(bench.body)}
    return _edit(request, form, "calendar", context)


@require_http_methods(["GET", "POST"])
@rules_page
def rest(request: DeskRequest) -> HttpResponse:
    """Closures, pauses, warnings, effects of a missed deadline."""
    bench = Workbench(request.actor)
    return _edit(request, RestForm(**_common(request, bench)), "rest", {"bench": bench})


@require_POST
@rules_page
def remove_target(request: DeskRequest, code: str) -> HttpResponse:
    return _do(request, without_target(code), _("The promise was taken out of the draft."))


@require_POST
@rules_page
def remove_calendar(request: DeskRequest, code: str) -> HttpResponse:
    return _do(request, without_calendar(code), _("The calendar was taken out of the draft."))


@require_POST
@rules_page
def discard(request: DeskRequest) -> HttpResponse:
    return rule_pages.discard(request, discard_draft, "desk:policy")


@require_POST
@rules_page
def rebase(request: DeskRequest) -> HttpResponse:
    return rule_pages.rebase(request, rebase_draft, "desk:policy")


def _common(request: DeskRequest, bench: Workbench) -> dict[str, Any]:
    return {
        "data": request.POST if request.method == "POST" else None,
        "body": bench.body,
        "known": bench.known,
        "initial": {"revision": bench.revision},
    }


def _edit(request: DeskRequest, form: PartForm, name: str, context: dict[str, Any]) -> HttpResponse:
    """Show, check as one types, or save into the draft."""
    checking = "check" in request.POST
    status = 200
    if request.method == "POST":
        form.is_valid()
        form.judge()
        if not checking:
            refused = _save(request, form)
            if refused is None:
                messages.success(request, _("Kept in your draft. Nothing is in force yet."))
                return redirect("desk:policy")
            status = refused
    bench = context["bench"]
    context |= {"section": "rules", "form": form, "sentence": form.sentence(bench.words)}
    if isinstance(form, CalendarForm):
        context["picture"] = week_picture(form.week)
    template = f"desk/policy/{name}_form.html" if checking else f"desk/policy/{name}.html"
    return render(request, template, context, status=status)


def _save(request: DeskRequest, form: PartForm) -> int | None:
    """None when it was kept; else the status of the refusal, shown in the form."""
    if form.errors:
        return 400
    try:
        edit_draft(actor=request.actor, change=form.change, revision=form.cleaned_data["revision"])
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return refusal.status
    return None


def _do(request: DeskRequest, change: Change, done: str) -> HttpResponse:
    return rule_pages.change(request, edit_draft, change, done, "desk:policy")
