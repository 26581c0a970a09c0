"""The vocabulary of tags: whoever directs work renames and merges them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from desk.access import DeskRequest, desk_page
from desk.judged import JudgedForm
from desk.tag_forms import MergeTagForm, RenameTagForm
from helpdesk.common.errors import Refusal
from tickets.services import merge_tags, rename_tag
from tickets.tag_reads import tags_in_use

SHOWN = 300


@require_GET
@desk_page
def vocabulary(request: DeskRequest) -> HttpResponse:
    return _page(request)


@require_POST
@desk_page
def rename(request: DeskRequest, slug: str) -> HttpResponse:
    form = RenameTagForm(request.POST)
    if form.is_valid():
        try:
            rename_tag(actor=request.actor, slug=slug, label=form.cleaned_data["label"])
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("desk:tags")
    return _page(request, slug, form, status=400)


@require_POST
@desk_page
def merge(request: DeskRequest, slug: str) -> HttpResponse:
    form = MergeTagForm(request.POST)
    if form.is_valid():
        try:
            merge_tags(actor=request.actor, slug=slug, into=form.cleaned_data["into"])
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("desk:tags")
    return _page(request, slug, form, status=400)


def _page(
    request: DeskRequest, slug: str = "", form: JudgedForm | None = None, *, status: int = 200
) -> HttpResponse:
    if not request.actor.may("direct_work"):
        raise PermissionDenied
    sought = request.GET.get("q", "")[:40]
    problems = [message for errors in form.errors.values() for message in errors] if form else []
    context: dict[str, Any] = {
        "section": "queue",
        "sought": sought,
        "tags": tags_in_use(request.actor, sought)[:SHOWN],
        "failed": slug,
        "problems": problems,
    }
    return render(request, "desk/tags/page.html", context, status=status)
