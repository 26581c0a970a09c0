"""A form that was open too long (setting CSRF_FAILURE_VIEW): nothing is done, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tickets.forms import FindForm, ReportForm, SurveyForm
from tickets.survey_links import closing_of_token
from tickets.tracking import ticket_of_token
from tickets.views import visitors
from tickets.views.answers import private_page
from tickets.views.public_find import find_page
from tickets.views.public_rate import rate_page
from tickets.views.public_report import report_page
from tickets.views.public_track import FORMS, link_is_dead, track_page

FORBIDDEN = 403


@private_page
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form again, with what was typed and a fresh token; 403.html for pages without one."""
    match = request.resolver_match
    show = _PAGES.get(match.view_name) if match and request.method == "POST" else None
    if match is None or show is None:
        return render(request, "403.html", status=FORBIDDEN)
    return show(request, **match.kwargs)


def _notice(request: HttpRequest) -> str:
    if request.FILES:
        return _(
            "The page was open too long, so nothing was sent. What you typed is still here: "
            "choose the files again, then send once more."
        )
    return _(
        "The page was open too long, so nothing was sent. What you typed is still here: "
        "send once more."
    )


def _report(request: HttpRequest) -> HttpResponse:
    known = visitors.reports_for_self(visitors.person_of(request))
    form = ReportForm.as_typed(request, known=known)
    return report_page(request, form, status=FORBIDDEN, notice=_notice(request))


def _find(request: HttpRequest) -> HttpResponse:
    form = FindForm.as_typed(request)
    return find_page(request, form, status=FORBIDDEN, notice=_notice(request))


def _track(name: str, request: HttpRequest, token: str) -> HttpResponse:
    ticket = ticket_of_token(token)
    if ticket is None:
        return link_is_dead(request)
    given = {name: FORMS[name].as_typed(request), "notice": _notice(request)}
    return track_page(request, ticket, token, status=FORBIDDEN, **given)


def _rate(request: HttpRequest, token: str, score: int) -> HttpResponse:
    closing = closing_of_token(token)
    if closing is None:
        return link_is_dead(request)
    form = SurveyForm.as_typed(request)
    notice = _notice(request)
    return rate_page(request, closing, token, score, form, status=FORBIDDEN, notice=notice)


_PAGES: dict[str, Callable[..., HttpResponse]] = {
    "public:report": _report,
    "public:find": _find,
    "public:rate": _rate,
    "public:reply": partial(_track, "reply"),
    "public:confirm": partial(_track, "confirmation"),
    "public:reopen": partial(_track, "reopening"),
    "public:survey": partial(_track, "survey_form"),
    "public:need_reply": partial(_track, "insisting"),
}
