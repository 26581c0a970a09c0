"""Macros: the library, its editor, and the picker in the composer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from desk.access import DeskRequest, desk_page, person_of
from desk.macro_effects import effects_in_words
from desk.macro_form import MacroForm
from helpdesk.common.errors import NotAllowed, Refusal
from tickets.macro_reads import macro_for_actor_or_404, macros_for, may_change, scope_of
from tickets.macro_words import placeholder_meanings, words_for
from tickets.models import Macro
from tickets.selectors import ticket_for_actor_or_404
from tickets.services import archive_macro, change_macro, create_macro

PICKED_FROM = 200


@require_GET
@desk_page
def library(request: DeskRequest) -> HttpResponse:
    if not request.user.may("work_ticket"):
        raise PermissionDenied
    rows = [
        (macro, effects_in_words(macro), may_change(request.actor, macro))
        for macro in macros_for(request.actor)
    ]
    return render(request, "desk/macros/library.html", {"section": "macros", "rows": rows})


@require_http_methods(["GET", "POST"])
@desk_page
def edit(request: DeskRequest, pk: int = 0) -> HttpResponse:
    """A new macro, or one that is changed."""
    if not request.user.may("work_ticket"):
        raise PermissionDenied
    macro = macro_for_actor_or_404(request.actor, pk) if pk else None
    if macro is not None and not may_change(request.actor, macro):
        raise PermissionDenied
    form = MacroForm(
        request.POST if request.method == "POST" else None,
        actor=request.actor,
        initial=_initial(macro),
    )
    status = 400 if request.method == "POST" else 200
    if form.is_valid():
        try:
            _keep(request, form, pk)
        except NotAllowed as refusal:
            raise PermissionDenied from refusal
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            messages.success(request, _("The macro is kept."))
            return redirect("desk:macros")
    context = {"form": form, "macro": macro, "places": placeholder_meanings().items()}
    return render(request, "desk/macros/edit.html", context | {"section": "macros"}, status=status)


@require_POST
@desk_page
def archive(request: DeskRequest, pk: int) -> HttpResponse:
    try:
        macro = archive_macro(actor=request.actor, macro_id=pk)
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("'%(name)s' is put away.") % {"name": macro.name})
    return redirect("desk:macros")


@require_GET
@desk_page
def picker(request: DeskRequest, number: str) -> HttpResponse:
    """What the composer of this ticket offers: each macro with its words filled in."""
    ticket = ticket_for_actor_or_404(request.actor, number)
    person = person_of(request.actor)
    options = [
        {"macro": macro, "words": words_for(macro, ticket, person), "does": effects_in_words(macro)}
        for macro in macros_for(request.actor)[:PICKED_FROM]
    ]
    return render(request, "desk/macros/picker.html", {"options": options})


def _keep(request: DeskRequest, form: MacroForm, pk: int) -> None:
    if pk:
        change_macro(
            actor=request.actor,
            macro_id=pk,
            draft=form.draft(),
            expected_version=form.cleaned_data["version"],
        )
    else:
        create_macro(actor=request.actor, draft=form.draft())


def _initial(macro: Macro | None) -> dict[str, Any]:
    if macro is None:
        return {}
    words = {name: getattr(macro, name) for name in ("name", "kind", "body", "body_en", "version")}
    return {**macro.effects, **words, "scope": scope_of(macro)}
