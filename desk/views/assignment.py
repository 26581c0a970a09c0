"""How tickets are given out: looked at by those who see the dashboard, set up by supervisors."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from desk.access import DeskRequest, desk_page
from desk.assignment_form import ModeForm, ProfileForm
from desk.assignment_page import assignment_context, team_wanted
from helpdesk.common.errors import NotAllowed, Refusal
from people.models import Team, User
from people.selectors import desk_person
from tickets.choice import SKILLS
from tickets.models import WorkProfile
from tickets.services.profiles import PERMISSION, set_profile, set_team_assignment


@require_http_methods(["GET", "POST"])
@desk_page
def overview(request: DeskRequest) -> HttpResponse:
    """A team's members; by POST its mode."""
    if not request.user.may("view_dashboard"):
        raise PermissionDenied
    asked = request.POST if request.method == "POST" else request.GET
    team = team_wanted(asked.get("team", ""))
    if request.method == "GET":
        return render(request, "desk/assignment/page.html", assignment_context(request.actor, team))
    form = ModeForm(request.POST, auto_id="mode_%s")
    status = 400
    if form.is_valid():
        try:
            set_team_assignment(
                actor=request.actor, team_code=team.code, mode=form.cleaned_data["mode"]
            )
        except NotAllowed as refusal:
            raise PermissionDenied from refusal
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            messages.success(request, _("The way of assigning is kept."))
            return redirect(_page_of(team))
    context = assignment_context(request.actor, team, form)
    return render(request, "desk/assignment/page.html", context, status=status)


@require_http_methods(["GET", "POST"])
@desk_page
def person(request: DeskRequest, pk: int) -> HttpResponse:
    """What somebody takes, and how much."""
    if not request.user.may(PERMISSION):
        raise PermissionDenied
    found = desk_person(pk)
    if found is None:
        raise Http404("person")
    team = team_wanted(request.GET.get("team", ""))
    if request.method == "GET":
        return _form(request, found, team, ProfileForm(initial=_initial(found)))
    form = ProfileForm(request.POST)
    status = 400
    if form.is_valid():
        try:
            set_profile(
                actor=request.actor,
                user_id=found.pk,
                capacity=form.cleaned_data["capacity"],
                skills=form.skills(),
                expected_revision=form.cleaned_data["revision"],
            )
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            messages.success(request, _("Capacity and skills are kept."))
            return redirect(_page_of(team))
    return _form(request, found, team, form, status=status)


def _page_of(team: Team) -> str:
    return f"{reverse('desk:assignment')}?team={team.code}"


def _initial(found: User) -> dict[str, object]:
    profile = WorkProfile.objects.filter(user=found).first() or WorkProfile()
    names = ("capacity", "revision", *SKILLS)
    return {name: getattr(profile, name) for name in names}


def _form(
    request: DeskRequest, found: User, team: Team, form: ProfileForm, *, status: int = 200
) -> HttpResponse:
    context = {"section": "dashboard", "person": found, "team": team, "form": form}
    return render(request, "desk/assignment/person.html", context, status=status)
