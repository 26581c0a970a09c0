"""The escalation matrix: its triggers, rows and forms, edited one at a time, versions and history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from desk.access import DeskRequest, rules_page
from desk.matrix.forms import PartForm, RowForm, RuleForm, TemplateForm, TriggerForm, form_name
from desk.matrix.page import editor_context, history, latest, overview_context
from desk.matrix.words import Names, trigger_names
from escalation.models import EscalationMatrix
from escalation.services.publishing import (
    problems_with,
    publish_matrix,
    with_form,
    with_row,
    with_trigger,
)
from helpdesk.common.errors import Refusal
from helpdesk.common.versioned import SHIPPED
from tickets.catalogue import category_name, known_category

Body = dict[str, Any]
Change = Callable[[Body, Any], Body]


@require_GET
@rules_page
def overview(request: DeskRequest) -> HttpResponse:
    return render(request, "desk/matrix/overview.html", overview_context(latest()))


@require_http_methods(["GET", "POST"])
@rules_page
def trigger(request: DeskRequest, code: str = "") -> HttpResponse:
    matrix = latest()
    rows = matrix.body["triggers"]
    present: Body = next((each for each in rows if each["code"] == code), {})
    if code and not present:
        raise Http404("trigger")
    form = TriggerForm(
        _typed(request),
        row=present,
        forms_known=list(matrix.body["forms"]),
        initial={"base_version": matrix.version},
    )

    title = trigger_names(matrix.body).get(code, "")

    def changed(body: Body, new: Any) -> Body:
        return with_trigger(body, code, new)

    return _edit(
        request,
        matrix,
        form,
        changed,
        {"what": "trigger", "row": present, "title": title, "code": code},
    )


@require_http_methods(["GET", "POST"])
@rules_page
def row(request: DeskRequest, category: str) -> HttpResponse:
    matrix = latest()
    if not known_category(category):
        raise Http404("category")
    present = matrix.body["rows"].get(category, {})
    form = RowForm(
        _typed(request),
        category=category,
        row=present,
        initial={"base_version": matrix.version},
    )

    def changed(body: Body, new: Any) -> Body:
        return with_row(body, category, new)

    context = {"what": "row", "row": present, "title": category_name(category)}
    return _edit(request, matrix, form, changed, context)


@require_http_methods(["GET", "POST"])
@rules_page
def template(request: DeskRequest, code: str) -> HttpResponse:
    matrix = latest()
    present = matrix.body["forms"].get(code)
    if present is None:
        raise Http404("form")
    form = TemplateForm(
        _typed(request), code=code, row=present, initial={"base_version": matrix.version}
    )

    title = form_name(code, Names.load().teams)

    def changed(body: Body, new: Any) -> Body:
        return with_form(body, code, new)

    return _edit(request, matrix, form, changed, {"what": "form", "title": title, "code": code})


@require_GET
@rules_page
def versions(request: DeskRequest) -> HttpResponse:
    context = {"section": "rules", "versions": history(), "shipped": SHIPPED}
    return render(request, "desk/matrix/history.html", context)


@require_http_methods(["GET", "POST"])
@rules_page
def restore(request: DeskRequest, version: int) -> HttpResponse:
    """Put an older version in force again: what would change, and why."""
    older = EscalationMatrix.objects.filter(version=version).first()
    if older is None:
        raise Http404("version")
    title = _("Put version %(version)s in force again") % {"version": version}
    return _confirm(request, older.body, title)


@require_http_methods(["GET", "POST"])
@rules_page
def remove(request: DeskRequest, code: str) -> HttpResponse:
    """Take a trigger out of the matrix."""
    body = latest().body
    if all(each["code"] != code for each in body["triggers"]):
        raise Http404("trigger")
    title = _("Remove the trigger '%(name)s'") % {"name": trigger_names(body)[code]}
    return _confirm(request, with_trigger(body, code, None), title)


def _confirm(request: DeskRequest, body: Body, title: str) -> HttpResponse:
    """What would change, what it would have done and does, and a note to publish it."""
    matrix = latest()
    form = RuleForm(_typed(request), initial={"base_version": matrix.version})
    made, status = _judged(request, form, body) if request.method == "POST" else (None, 200)
    if made:
        return _published(request, made)
    context = {"title": title, **editor_context(matrix, form, body)}
    return render(request, "desk/matrix/confirm.html", context, status=status)


def _edit(
    request: DeskRequest,
    matrix: EscalationMatrix,
    form: PartForm,
    changed: Change,
    context: dict[str, Any],
) -> HttpResponse:
    """Look first, then publish: `do` says which button was pressed."""
    status, body = 200, None
    if request.method == "POST":
        form.is_valid()
        body = changed(matrix.body, form.as_row())
        made, status = _judged(request, form, body)
        if made:
            return _published(request, made)
    shown = editor_context(matrix, form, body if status == 200 else None)
    return render(request, "desk/matrix/edit.html", {**shown, **context}, status=status)


def _judged(
    request: DeskRequest, form: RuleForm, body: Body
) -> tuple[EscalationMatrix | None, int]:
    """The version that was made, or the status with which all that is wrong is shown.

    Only what was looked at is published: anything else is shown first.
    """
    form.is_valid()
    publishing, data = request.POST.get("do") == "publish", form.values
    try:
        form.show(problems_with(body, data["note"] or "" if publishing else None).items())
        if form.errors:
            return None, 400
        if not publishing:
            return None, 200
        told = {name: data[name] for name in ("note", "base_version", "seen")}
        return publish_matrix(actor=request.actor, body=body, **told), 302
    except Refusal as refusal:
        if refusal.code == "not_looked_at":
            messages.warning(request, str(refusal))
            return None, 200
        form.refuse(refusal)
        return None, refusal.status


def _published(request: DeskRequest, made: EscalationMatrix) -> HttpResponse:
    text = _("Version %(version)s of the escalation matrix is in force") % {"version": made.version}
    messages.success(request, text)
    return redirect("desk:matrix")


def _typed(request: DeskRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None
