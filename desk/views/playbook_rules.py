"""The editor of the playbooks: read them, change them in a draft, step by step."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agents_ops.services import (
    discard_playbook_draft,
    edit_playbook_draft,
    rebase_playbook_draft,
)
from desk import rule_pages
from desk.access import DeskRequest, rules_page
from desk.playbook import editing
from desk.playbook.forms import FieldForm, FieldRows, HeadForm, StepForm, WayForm, WayRows, rows_of
from desk.playbook.words import group_name, grouped, name_of, step_lines
from desk.playbook.workbench import Workbench
from helpdesk.common.drafting import Change
from helpdesk.common.errors import Refusal


@require_GET
@rules_page
def overview(request: DeskRequest) -> HttpResponse:
    """The draft, or the version in force, in words."""
    bench = Workbench(request.actor)
    context = {"section": "rules", "bench": bench, "groups": grouped(bench.body), "editable": True}
    return render(request, "desk/playbook/overview.html", context)


@require_GET
@rules_page
def playbook(request: DeskRequest, code: str) -> HttpResponse:
    bench = Workbench(request.actor)
    row = bench.playbook(code)
    context = {
        "section": "rules",
        "bench": bench,
        "row": row,
        "name": name_of(row),
        "group": group_name(row["group"]),
        "steps": step_lines(row),
    }
    return render(request, "desk/playbook/playbook.html", context)


@require_http_methods(["GET", "POST"])
@rules_page
def head(request: DeskRequest, code: str = "") -> HttpResponse:
    """What a playbook is called and when it is suggested; without a code a new one."""
    bench = Workbench(request.actor)
    row = bench.playbook(code) if code else {}
    typed = request.POST if request.method == "POST" else None
    form = HeadForm(typed, row=row, initial={"revision": bench.revision})
    status = 200 if typed is None else 400
    if form.is_valid():
        made = form.as_row()
        refused = _kept(request, form, editing.put_head(made, new=not code))
        if refused is None:
            return redirect("desk:playbook_rule", code=made["code"])
        status = refused
    title = name_of(row) if code else _("New playbook")
    context = {"section": "rules", "bench": bench, "form": form, "title": title, "code": code}
    return render(request, "desk/playbook/head.html", context, status=status)


@require_http_methods(["GET", "POST"])
@rules_page
def step(request: DeskRequest, code: str, step: str = "") -> HttpResponse:
    """One step with its fields and its ways on; without its code a new one."""
    bench = Workbench(request.actor)
    parent = bench.playbook(code)
    row = bench.step(code, step) if step else {}
    place = parent["steps"].index(row) + 1 if step else len(parent["steps"]) + 1
    typed = request.POST if request.method == "POST" else None
    steps = [(each["code"], each["title"]) for each in parent["steps"] if each["code"] != step]
    form = StepForm(typed, row=row, place=place, initial={"revision": bench.revision})
    fields = FieldRows(
        typed,
        prefix="fields",
        initial=[FieldForm.first_of(each) for each in row.get("fields", ())],
    )
    ways = WayRows(
        typed,
        prefix="ways",
        form_kwargs={"steps": steps},
        initial=[WayForm.first_of(each) for each in row.get("next", ())],
    )
    status = 200 if typed is None else 400
    if typed is not None and all([form.is_valid(), fields.is_valid(), ways.is_valid()]):
        made = form.as_row(rows_of(fields, "code"), rows_of(ways, "target"))
        change = editing.put_step(code, made, form.cleaned_data["place"], new=not step)
        refused = _kept(request, form, change)
        if refused is None:
            return redirect("desk:playbook_rule", code=code)
        status = refused
    context = {
        "section": "rules",
        "bench": bench,
        "form": form,
        "fields": fields,
        "ways": ways,
        "code": code,
        "step": step,
        "title": row.get("title") or _("New step"),
        "problems": [each for each in bench.problems if step and each.url == request.path],
    }
    return render(request, "desk/playbook/step.html", context, status=status)


@require_POST
@rules_page
def remove(request: DeskRequest, code: str) -> HttpResponse:
    return _do(request, editing.drop_playbook(code), _("The playbook is out."), "desk:playbooks")


@require_POST
@rules_page
def remove_step(request: DeskRequest, code: str, step: str) -> HttpResponse:
    change = editing.drop_step(code, step)
    return _do(request, change, _("The step is out."), "desk:playbook_rule", code)


@require_POST
@rules_page
def discard(request: DeskRequest) -> HttpResponse:
    return rule_pages.discard(request, discard_playbook_draft, "desk:playbooks")


@require_POST
@rules_page
def rebase(request: DeskRequest) -> HttpResponse:
    return rule_pages.rebase(request, rebase_playbook_draft, "desk:playbooks")


def _kept(request: DeskRequest, form: Any, change: Change) -> int | None:
    """None when it was kept; else the status of the refusal, shown in the form."""
    try:
        edit_playbook_draft(
            actor=request.actor, change=change, revision=form.cleaned_data["revision"]
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return refusal.status
    messages.success(request, _("Kept in your draft. Nothing is in force yet."))
    return None


def _do(request: DeskRequest, change: Change, done: str, page: str, *args: Any) -> HttpResponse:
    return rule_pages.change(request, edit_playbook_draft, change, done, page, *args)
