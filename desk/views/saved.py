"""The reader's saved views: looked at, made, changed, ordered and deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from desk.access import DeskRequest, desk_page
from desk.models import SavedView
from desk.saved_views import may_change, saved_view_or_404, saved_views_of
from desk.services import change_view, delete_view, place_view, save_view
from desk.view_fields import FIELDS
from desk.view_filters import USUAL_COLUMNS
from desk.view_form import ViewForm
from helpdesk.common.errors import NotAllowed, Refusal


@require_GET
@desk_page
def manage(request: DeskRequest) -> HttpResponse:
    views = list(saved_views_of(request.user))
    own, shared = (
        [
            {"view": view, "mine": may_change(request.actor, view)}
            for view in views
            if view.is_shared == is_shared
        ]
        for is_shared in (False, True)
    )
    context = {"section": "queue", "own": own, "shared": shared}
    return render(request, "desk/saved/page.html", context)


@require_http_methods(["GET", "POST"])
@desk_page
def new(request: DeskRequest) -> HttpResponse:
    """An empty form, or one that begins with how the list is narrowed now."""
    kept = _narrowed(request)
    if request.method == "GET":
        initial = {"shared": "private"}
        return _form(request, ViewForm(actor=request.actor, kept=kept, initial=initial))
    form = ViewForm(request.POST, actor=request.actor, kept=kept)
    return _judged(request, form, lambda values: save_view(actor=request.actor, **values))


@require_http_methods(["GET", "POST"])
@desk_page
def edit(request: DeskRequest, pk: int) -> HttpResponse:
    view = saved_view_or_404(request.actor, pk)
    if not may_change(request.actor, view):
        raise PermissionDenied
    if request.method == "GET":
        shared = f"team:{view.team.code}" if view.team else view.audience
        initial = {"name": view.name, "shared": shared}
        form = ViewForm(actor=request.actor, kept=view.body, initial=initial)
        return _form(request, form, view)
    form = ViewForm(request.POST, actor=request.actor, kept=view.body)

    def change(values: dict[str, Any]) -> SavedView:
        return change_view(actor=request.actor, view_id=pk, **values)

    return _judged(request, form, change, view)


@require_POST
@desk_page
def move(request: DeskRequest, pk: int) -> HttpResponse:
    """One place up or down (`to`: the place that it shall have)."""
    to = request.POST.get("to", "")
    place = int(to) if to.isdecimal() and len(to) < 5 else 0
    return _done(request, lambda: place_view(actor=request.actor, view_id=pk, position=place))


@require_POST
@desk_page
def remove(request: DeskRequest, pk: int) -> HttpResponse:
    return _done(
        request, lambda: delete_view(actor=request.actor, view_id=pk), _("The view is deleted.")
    )


def _narrowed(request: HttpRequest) -> dict[str, Any] | None:
    filters: dict[str, Any] = {}
    for name in ("state", "priority", "team"):
        word = request.GET.get(name, "")[:40]
        if word and word in FIELDS[name].known():
            filters[name] = {"in": [word]}
    return {"filters": filters, "columns": list(USUAL_COLUMNS), "sort": "deadline"}


def _judged(
    request: DeskRequest,
    form: ViewForm,
    keep: Callable[[dict[str, Any]], SavedView],
    view: SavedView | None = None,
) -> HttpResponse:
    status = 400
    if form.is_valid():
        values = {"name": form.cleaned_data["name"], "body": form.body(), **form.audience()}
        try:
            kept = keep(values)
        except NotAllowed as refusal:
            raise PermissionDenied from refusal
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            messages.success(request, _("View “%(name)s” is saved.") % {"name": kept.name})
            query = urlencode({"view": f"saved:{kept.pk}"})
            return redirect(f"{reverse('desk:queue')}?{query}")
    return _form(request, form, view, status=status)


def _form(
    request: DeskRequest, form: ViewForm, view: SavedView | None = None, *, status: int = 200
) -> HttpResponse:
    context = {"section": "queue", "form": form, "view": view}
    return render(request, "desk/saved/form.html", context, status=status)


def _done(request: DeskRequest, act: Callable[[], Any], words: str = "") -> HttpResponse:
    try:
        act()
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    if words:
        messages.success(request, words)
    return redirect("desk:saved_views")
