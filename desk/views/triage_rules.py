"""The editor of the triage rules: read them, change them in a draft, try a text."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from desk import rule_pages
from desk.access import DeskRequest, rules_page
from desk.triage.forms import (
    CategoryForm,
    Cell,
    FlagForm,
    PartForm,
    ReaderForm,
    RowForm,
    RuleForm,
    ThresholdForm,
    WordsForm,
)
from desk.triage.text_page import TextForm, verdicts
from desk.triage.words import flag_text, queue_names, title_of
from desk.triage.workbench import Workbench, category_page, sections, users_of
from helpdesk.common.drafting import Change
from helpdesk.common.errors import Refusal, WrongState
from tickets.rulebook.parts import drop_part
from tickets.services.rulebook import (
    decline_offer,
    discard_rules_draft,
    edit_rules_draft,
    rebase_rules_draft,
    take_offer,
)
from tickets.triage.rules import PRIORITIES

SECTIONS = ("rules", "fallbacks")


@require_GET
@rules_page
def overview(request: DeskRequest) -> HttpResponse:
    """The draft, or the version in force, in words."""
    bench = Workbench(request.actor)
    context = {"section": "rules", "bench": bench, "editable": True}
    return render(
        request, "desk/triage/overview.html", context | sections(bench.body, bench.profile)
    )


@require_http_methods(["GET", "POST"])
@rules_page
def threshold(request: DeskRequest, name: str) -> HttpResponse:
    bench = Workbench(request.actor)
    row = bench.named("thresholds", name)
    form = ThresholdForm(row=row, **_common(request, bench, f"thresholds.{name}"))
    context = {
        "title": _("Threshold %(name)s") % {"name": name},
        "users": users_of(bench.body, name),
    }
    return _edit(request, form, bench, "threshold", context)


@require_http_methods(["GET", "POST"])
@rules_page
def reader(request: DeskRequest) -> HttpResponse:
    """Whether the learned reader is asked."""
    bench = Workbench(request.actor)
    form = ReaderForm(**_common(request, bench, "model"))
    return _edit(request, form, bench, "reader", {"title": _("Learned reader")})


@require_http_methods(["GET", "POST"])
@rules_page
def flag(request: DeskRequest, name: str) -> HttpResponse:
    bench = Workbench(request.actor)
    row = bench.named("flags", name)
    form = FlagForm(row=row, **_common(request, bench, f"flags.{name}"))
    context = {"title": title_of(row), "now": flag_text(row, bench.profile)}
    return _edit(request, form, bench, "flag", context)


@require_http_methods(["GET", "POST"])
@rules_page
def words(request: DeskRequest, name: str = "") -> HttpResponse:
    """The patterns of one concept; without a name a new one."""
    bench = Workbench(request.actor)
    patterns = bench.named("concepts", name) if name else []
    form = WordsForm(name=name, patterns=patterns, **_common(request, bench, f"concepts.{name}"))
    title = _("Words: %(name)s") % {"name": name} if name else _("New words")
    users = users_of(bench.body, name) if name else []
    return _edit(request, form, bench, "words", {"title": title, "users": users, "name": name})


@require_http_methods(["GET", "POST"])
@rules_page
def rule(request: DeskRequest, section: str = "rules", name: str = "") -> HttpResponse:
    """One rule; without a name a new one."""
    if section not in SECTIONS:
        raise Http404(section)
    bench = Workbench(request.actor)
    row = bench.rule(section, name) if name else {"category": request.GET.get("category", "")}
    common = _common(request, bench, f"{section}.{name}")
    form = RuleForm(section=section, row=row, **common)
    title = title_of(row) if name else _("New rule")
    removable = name if section == "rules" else ""
    back = row["category"] if section == "rules" else ""
    context = {"title": title, "name": removable, "back": back}
    return _edit(request, form, bench, "rule", context)


@require_GET
@rules_page
def category(request: DeskRequest, code: str) -> HttpResponse:
    bench = Workbench(request.actor)
    bench.named("categories", code)
    context = {"section": "rules", "bench": bench, **category_page(bench.body, code)}
    return render(request, "desk/triage/category.html", context)


@require_http_methods(["GET", "POST"])
@rules_page
def category_head(request: DeskRequest, code: str) -> HttpResponse:
    bench = Workbench(request.actor)
    row = bench.named("categories", code)
    form = CategoryForm(row=row, **_common(request, bench, f"categories.{code}"))
    return _edit(request, form, bench, "head", {"title": title_of(row), "back": code})


@require_http_methods(["GET", "POST"])
@rules_page
def row(request: DeskRequest, code: str, table: str, place: int | None = None) -> HttpResponse:
    """A row of a category's table; without a place a new one."""
    if table not in ("priority", "queue"):
        raise Http404(table)
    bench = Workbench(request.actor)
    parent = bench.named("categories", code)
    present = {} if place is None else bench.row(table, code, place)
    names = queue_names()
    values = [(p, p) for p in PRIORITIES] if table == "priority" else list(names.items())
    form = RowForm(
        cell=Cell(table, code, place),
        values=values,
        row=present,
        **_common(request, bench, f"{table}.{code}"),
    )
    context = {"title": title_of(parent), "back": code, "table": table, "place": place}
    return _edit(request, form, bench, "row", context)


@require_POST
@rules_page
def remove_words(request: DeskRequest, name: str) -> HttpResponse:
    if used := users_of(Workbench(request.actor).body, name):
        refusal = _("Rules ask for these words, first: %(rule)s.") % {"rule": used[0]["title"]}
        messages.error(request, refusal)
        return redirect("desk:triage_words", name=name)
    return _do(request, lambda body: drop_part(body, ("concepts", name)), _("The words are out."))


@require_POST
@rules_page
def remove_rule(request: DeskRequest, name: str) -> HttpResponse:
    return _do(request, lambda body: drop_part(body, ("rules", name)), _("The rule is out."))


@require_POST
@rules_page
def remove_row(request: DeskRequest, code: str, table: str, place: int) -> HttpResponse:
    if table not in ("priority", "queue"):
        raise Http404(table)

    def change(body: dict[str, Any]) -> None:
        rows = body["categories"].get(code, {}).get(table, [])
        if place >= len(rows) or len(rows) == 1:
            raise WrongState(_("The last row of a table stays."))
        rows.pop(place)

    return _do(request, change, _("The row is out."), "desk:triage_category", code)


@require_http_methods(["GET", "POST"])
@rules_page
def text(request: DeskRequest) -> HttpResponse:
    """What the version in force and the draft say of a text; nothing is stored."""
    bench = Workbench(request.actor)
    form = TextForm(request.POST or None)
    context: dict[str, Any] = {"section": "rules", "bench": bench, "form": form}
    status = 200
    if request.method == "POST":
        if form.is_valid():
            context |= verdicts(bench, form.complaint)
        else:
            status = 400
    return render(request, "desk/triage/text.html", context, status=status)


@require_POST
@rules_page
def discard(request: DeskRequest) -> HttpResponse:
    return rule_pages.discard(request, discard_rules_draft, "desk:triage")


@require_POST
@rules_page
def rebase(request: DeskRequest) -> HttpResponse:
    return rule_pages.rebase(request, rebase_rules_draft, "desk:triage")


@require_POST
@rules_page
def settle_offer(request: DeskRequest) -> HttpResponse:
    """Take what a release brings into the draft, or leave it."""
    taken = request.POST.get("do") == "take"
    try:
        if taken:
            take_offer(actor=request.actor, revision=rule_pages.revision_of(request))
        else:
            decline_offer(actor=request.actor)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        took, left = _("It stands in your draft now."), _("The release's changes were left.")
        messages.success(request, took if taken else left)
    return redirect("desk:triage")


def _common(request: DeskRequest, bench: Workbench, path: str) -> dict[str, Any]:
    return {
        "data": request.POST if request.method == "POST" else None,
        "body": bench.body,
        "known": bench.known,
        "path": path,
        "initial": {"revision": bench.revision},
    }


def _edit(
    request: DeskRequest, form: PartForm, bench: Workbench, name: str, context: dict[str, Any]
) -> HttpResponse:
    """Show, check as one types, or save into the draft."""
    checking, status = "check" in request.POST, 200
    back = context.get("back", "")
    if request.method == "POST":
        if form.is_valid():
            form.judge()
        if not checking:
            refused = _save(request, form)
            if refused is None:
                messages.success(request, _("Kept in your draft. Nothing is in force yet."))
                return _after(form, back)
            status = refused
    context |= {"section": "rules", "form": form, "bench": bench, "what": name, "back": back}
    template = "desk/triage/part_form.html" if checking else "desk/triage/part.html"
    return render(request, template, context, status=status)


def _after(form: PartForm, back: str) -> HttpResponse:
    """To the category that the part stands in, where there is one."""
    if isinstance(form, RuleForm) and form.section == "rules":
        back = form.cleaned_data["category"]
    return redirect("desk:triage_category", back) if back else redirect("desk:triage")


def _save(request: DeskRequest, form: PartForm) -> int | None:
    """None when it was kept; else the status of the refusal, shown in the form."""
    if form.errors:
        return 400
    revision = form.cleaned_data["revision"]
    try:
        edit_rules_draft(actor=request.actor, change=form.change, revision=revision)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return refusal.status
    return None


def _do(
    request: DeskRequest, change: Change, done: str, page: str = "desk:triage", *args: Any
) -> HttpResponse:
    return rule_pages.change(request, edit_rules_draft, change, done, page, *args)
