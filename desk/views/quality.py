"""Figures of quality, and the tickets and records that each of them counts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agents_ops.models import QualityRules
from agents_ops.quality.first_contact import Share, cases, first_contact
from agents_ops.quality.handling import handling, runs_ended, steps_done
from agents_ops.quality.scope import Scope, leads_officer, scope_of_own, teams_in
from agents_ops.quality.selectors import notes_for, officer_for_actor_or_404, reviews_for
from agents_ops.quality.services import read_coaching_notes, write_coaching_note
from agents_ops.quality.states import Resolution
from desk.access import DeskRequest, desk_page
from desk.quality.figures import figures_of
from desk.quality.forms import NoteForm
from desk.quality.wanted import WEEKS, Wanted
from helpdesk.common.errors import NotAllowed, Refusal
from people.models import User
from people.selectors import team_of_code

PAGE = 50
REVIEWS = 30
NOTES = 50


def _scope(request: DeskRequest, wanted: Wanted) -> Scope:
    try:
        return wanted.scope(request.actor)
    except NotAllowed as refusal:
        raise PermissionDenied from refusal


def _context(request: DeskRequest, wanted: Wanted) -> dict[str, Any]:
    """What every page of figures says of itself."""
    officer = User.objects.filter(pk=wanted.officer).first() if wanted.officer else None
    asked = request.GET.copy()
    asked.pop("page", None)
    return {
        "section": "quality",
        "wanted": wanted,
        "spans": [(weeks, wanted.address(weeks=weeks, week=None)) for weeks in WEEKS],
        "officer": officer,
        "team": team_of_code(wanted.team) if wanted.team else None,
        "query": asked.urlencode(),
        "leads": request.user.may("review_quality") or request.user.may("see_all_quality"),
    }


@require_GET
@desk_page
def overview(request: DeskRequest) -> HttpResponse:
    """For who leads or manages; an officer's own stand on another page."""
    if not (request.user.may("review_quality") or request.user.may("see_all_quality")):
        return redirect("desk:quality_mine")
    wanted = Wanted.read(request)
    scope = _scope(request, wanted)
    found = figures_of(wanted.span, scope)
    context = _context(request, wanted) | {
        "figures": found,
        "officers": [(row, wanted.address(officer=row.key)) for row in found.officers],
        "squads": [(row, wanted.address(team=row.key)) for row in found.teams],
        "teams": teams_in(_scope(request, Wanted(weeks=wanted.weeks))),
        "waiting": reviews_for(request.actor).filter(state__in=["open", "answered"]).count(),
    }
    return render(request, "desk/quality/overview.html", context)


@require_GET
@desk_page
def mine(request: DeskRequest) -> HttpResponse:
    return _person(request, request.user)


@require_POST
@desk_page
def read_notes(request: DeskRequest) -> HttpResponse:
    read_coaching_notes(actor=request.actor)
    return redirect("desk:quality_mine")


@require_http_methods(["GET", "POST"])
@desk_page
def person(request: DeskRequest, pk: int) -> HttpResponse:
    """An officer as their lead sees them, who writes notes here."""
    officer = officer_for_actor_or_404(request.actor, pk)
    if officer.pk == request.user.pk:
        return redirect("desk:quality_mine")
    form = NoteForm(request.POST or None) if leads_officer(request.actor, officer) else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            try:
                write_coaching_note(actor=request.actor, officer_id=pk, **form.cleaned_data)
            except Refusal as refusal:
                form.take(refusal)
            else:
                messages.success(request, _("The officer can read your note now."))
                return redirect("desk:quality_person", pk)
    return _person(request, officer, form)


def _person(request: DeskRequest, officer: User, form: NoteForm | None = None) -> HttpResponse:
    own = officer.pk == request.user.pk
    wanted = Wanted.read(request)
    try:
        scope = (
            scope_of_own(request.actor)
            if own
            else Wanted(weeks=wanted.weeks, officer=officer.pk).scope(request.actor)
        )
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    seen = Wanted(weeks=wanted.weeks, mine=own, officer=None if own else officer.pk)
    context = _context(request, seen) | {
        "officer": officer,
        "own": own,
        "figures": figures_of(wanted.span, scope),
        "reviews": reviews_for(request.actor)
        .filter(officer=officer)
        .order_by(F("told_at").desc(nulls_first=True), "-pk")[:REVIEWS],
        "notes": notes_for(request.actor).filter(officer=officer)[:NOTES],
        "unread": own and officer.coaching_notes.filter(read_at=None).exists(),
        "form": form,
    }
    status = 400 if form is not None and form.errors else 200
    return render(request, "desk/quality/person.html", context, status=status)


@require_GET
@desk_page
def contacts(request: DeskRequest) -> HttpResponse:
    """The cases behind a share of first-contact resolution, with what became of each."""
    wanted, rules = Wanted.read(request), QualityRules.in_force()
    scope = _scope(request, wanted)
    rows = cases(rules, wanted.span, scope)
    if wanted.category:
        rows = rows.filter(ticket__category=wanted.category)
    if wanted.outcome in Resolution.values:
        rows = rows.filter(outcome=wanted.outcome)
    listed = rows.select_related("ticket", "closing_form__prepared_by").order_by("-at", "-pk")
    found = first_contact(rules, wanted.span, scope)
    context = _context(request, wanted) | {
        "page": Paginator(listed, PAGE).get_page(request.GET.get("page")),
        "figures": found,
        "weeks": [
            (week, found.weeks.get(week, Share()), wanted.address(week=week))
            for week in wanted.span.weeks
        ],
        "categories": [
            (code, share, wanted.address(category=code))
            for code, share in sorted(found.categories.items())
        ],
        "rules": rules.first_contact,
        "outcomes": [
            (code, label, wanted.address(outcome=code)) for code, label in Resolution.choices
        ],
    }
    return render(request, "desk/quality/contacts.html", context)


@require_GET
@desk_page
def steps(request: DeskRequest) -> HttpResponse:
    """Median, p90 and share within the standard, step by step."""
    wanted = Wanted.read(request)
    found = handling(wanted.span, _scope(request, wanted))
    lines = sorted(found.steps.items(), key=lambda each: (each[0][0], -each[1].n, each[0][1]))
    groups: dict[str, list[Any]] = {}
    for (playbook, step), times in lines:
        address = wanted.address(playbook=playbook, step=step)
        groups.setdefault(playbook, []).append((step, times, address))
    context = _context(request, wanted) | {
        "figures": found,
        "groups": [(code, found.playbooks[code], rows) for code, rows in groups.items()],
    }
    return render(request, "desk/quality/steps.html", context)


@require_GET
@desk_page
def records(request: DeskRequest) -> HttpResponse:
    """The steps that a figure counts; `late=1` only those past their standard."""
    wanted = Wanted.read(request)
    rows = steps_done(wanted.span, _scope(request, wanted))
    if wanted.playbook:
        rows = rows.filter(run__playbook=wanted.playbook)
    if wanted.step:
        rows = rows.filter(step=wanted.step)
    if wanted.late:
        rows = rows.filter(seconds__gt=F("standard"))
    listed = rows.select_related("run__ticket", "by").order_by("-at", "-pk")
    context = _context(request, wanted) | {
        "page": Paginator(listed, PAGE).get_page(request.GET.get("page")),
        "all": wanted.address(late=""),
        "late": wanted.address(late="1"),
    }
    return render(request, "desk/quality/records.html", context)


@require_GET
@desk_page
def ended_cases(request: DeskRequest) -> HttpResponse:
    """The whole cases behind the average handling time."""
    wanted = Wanted.read(request)
    rows = runs_ended(wanted.span, _scope(request, wanted))
    rows = rows.annotate(took=F("ended_at") - F("started_at"))
    listed = rows.select_related("ticket", "started_by").order_by("-ended_at", "-pk")
    context = _context(request, wanted) | {
        "page": Paginator(listed, PAGE).get_page(request.GET.get("page"))
    }
    return render(request, "desk/quality/ended.html", context)
