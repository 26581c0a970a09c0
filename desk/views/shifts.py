"""The schedule of shifts: looked at by those who see the dashboard, planned by supervisors."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from desk.access import DeskRequest, desk_page
from desk.shift_form import ShiftForm
from desk.shift_page import WantedWeek, members_of, week_context
from helpdesk.common.errors import NotAllowed, Refusal
from people.services import copy_week, plan_shifts, remove_shift


@require_GET
@desk_page
def week(request: DeskRequest) -> HttpResponse:
    if not request.user.may("view_dashboard"):
        raise PermissionDenied
    context = week_context(request.actor, WantedWeek.read(request))
    return render(request, "desk/shifts/page.html", context)


@require_POST
@desk_page
def plan(request: DeskRequest) -> HttpResponse:
    wanted = WantedWeek.read(request)
    monday = wanted.monday.date()
    form = ShiftForm(
        request.POST, members=members_of(wanted.team), monday=monday, auto_id="shift_%s"
    )
    status = 400
    if form.is_valid():
        try:
            plan_shifts(
                actor=request.actor, user_id=form.cleaned_data["person"], spans=form.spans()
            )
            return _back(request, wanted, _("The shift is planned."))
        except NotAllowed as refusal:
            raise PermissionDenied from refusal
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
    context = week_context(request.actor, wanted, form)
    return render(request, "desk/shifts/page.html", context, status=status)


@require_POST
@desk_page
def remove(request: DeskRequest, pk: int) -> HttpResponse:
    wanted = WantedWeek.read(request)
    try:
        remove_shift(actor=request.actor, shift_id=pk)
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    except Refusal as refusal:
        return _back(request, wanted, str(refusal), failed=True)
    return _back(request, wanted, _("The shift is removed."))


@require_POST
@desk_page
def copy(request: DeskRequest) -> HttpResponse:
    wanted = WantedWeek.read(request)
    try:
        planned = copy_week(actor=request.actor, team=wanted.team, monday=wanted.monday)
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    if not planned:
        return _back(request, wanted, _("There was nothing to copy."), failed=True)
    done = ngettext("%(number)s shift copied.", "%(number)s shifts copied.", planned)
    return _back(request, wanted, done % {"number": planned})


def _back(
    request: DeskRequest, wanted: WantedWeek, text: str, *, failed: bool = False
) -> HttpResponse:
    (messages.error if failed else messages.success)(request, text)
    query = {"team": wanted.team.code, "week": wanted.monday.date().isoformat()}
    return redirect(f"{reverse('desk:shifts')}?{urlencode(query)}")
