"""The one question of a closing letter.

Opening a link of the letter answers nothing: mail scanners open links too. It shows the mark already
chosen; one press of the person sends it, with a comment or without.
"""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helpdesk.common import clock
from helpdesk.common.errors import Refusal, TooMany
from people.actors import Actor
from people.services import count_attempt
from tickets.forms import SurveyForm
from tickets.models import ClosingForm, SatisfactionSurvey
from tickets.selectors import merged_into
from tickets.services import answer_survey, may_change_until
from tickets.states import State
from tickets.survey_links import closing_of_token
from tickets.views.answers import private_page, too_many
from tickets.views.public_track import link_is_dead

ANSWERS_AN_HOUR = 30


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, token: str, score: int) -> HttpResponse:
    closing = closing_of_token(token)
    if closing is None:
        return link_is_dead(request)
    if request.method != "POST":
        given = getattr(closing, "survey", None)
        comment = given.comment if given else ""
        form = SurveyForm(initial={"score": str(score), "comment": comment})
        return rate_page(request, closing, token, score, form)
    form = SurveyForm(request.POST)
    if not form.is_valid():
        return rate_page(request, closing, token, score, form, status=400)
    try:
        count_attempt("public.rate", str(closing.pk), limit=ANSWERS_AN_HOUR, per=timedelta(hours=1))
        _answer(closing, int(form.cleaned_data["score"]), form.cleaned_data["comment"])
    except TooMany as refusal:
        return too_many(request, refusal)
    except Refusal as refusal:
        form.take(refusal)
        return rate_page(request, closing, token, score, form, status=refusal.status)
    messages.success(request, _("Thank you for your answer."))
    return redirect("public:rate", token, form.cleaned_data["score"])


def rate_page(
    request: HttpRequest,
    closing: ClosingForm,
    token: str,
    score: int,
    form: SurveyForm,
    *,
    status: int = 200,
    notice: str = "",
) -> HttpResponse:
    given: SatisfactionSurvey | None = getattr(closing, "survey", None)
    context = {
        "ticket": closing.ticket,
        "token": token,
        "score": score,
        "form": form,
        "given": given,
        "open": _is_open(closing, given),
        "notice": notice,
    }
    return render(request, "tickets/public/rate.html", context, status=status)


def _answer(closing: ClosingForm, score: int, comment: str) -> None:
    answer_survey(
        actor=Actor(customer=closing.ticket.customer),
        ticket_id=closing.ticket_id,
        score=score,
        comment=comment,
        closing_id=closing.pk,
    )


def _is_open(closing: ClosingForm, given: SatisfactionSurvey | None) -> bool:
    """Whether an answer would be taken now; the service decides again under the ticket's lock."""
    ticket = closing.ticket
    if ticket.state != State.CLOSED or merged_into(ticket):
        return False
    if ticket.closing_forms.filter(event__isnull=False, pk__gt=closing.pk).exists():
        return False
    return given is None or clock.now() <= may_change_until(given)
