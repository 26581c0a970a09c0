"""What the customer does on the page of their ticket. Who they are comes from the signed link alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helpdesk.common.errors import Refusal, TooMany
from people.actors import Actor
from people.services import count_attempt
from tickets import services
from tickets.forms import PublicForm, ReplyForm
from tickets.models import Ticket
from tickets.tracking import ticket_of_token
from tickets.views.answers import private_page, too_many
from tickets.views.public_track import FORMS, link_is_dead, track_page

ACTIONS_AN_HOUR = 60

# (who, ticket, valid form) -> what to say when it is done.
Deed = Callable[[Actor, Ticket, Any], str]


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, token: str) -> HttpResponse:
    return _act(request, token, "reply", _reply)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    return _act(request, token, "confirmation", _confirm)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, token: str) -> HttpResponse:
    return _act(request, token, "reopening", _reopen)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def answer_survey(request: HttpRequest, token: str) -> HttpResponse:
    return _act(request, token, "survey_form", _answer_survey)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def need_reply(request: HttpRequest, token: str) -> HttpResponse:
    return _act(request, token, "insisting", _need_reply)


def _reply(actor: Actor, ticket: Ticket, form: ReplyForm) -> str:
    said = services.add_customer_message(
        actor=actor,
        ticket_id=ticket.pk,
        body=form.cleaned_data["body"],
        files=form.cleaned_data["files"],
        submission_key=form.key,
    )
    if said.masked:
        return _("Your message is sent. A secret code in it was masked and not stored.")
    return _("Your message is sent.")


def _confirm(actor: Actor, ticket: Ticket, form: PublicForm) -> str:
    holds = form.cleaned_data["holds"] == "yes"
    words = form.cleaned_data["words"]
    services.answer_confirmation(actor=actor, ticket_id=ticket.pk, holds=holds, words=words)
    return _("Thank you, we have noted your answer.")


def _reopen(actor: Actor, ticket: Ticket, form: PublicForm) -> str:
    services.reopen_ticket(actor=actor, ticket_id=ticket.pk, reason=form.cleaned_data["reason"])
    return _("Your ticket is open again.")


def _answer_survey(actor: Actor, ticket: Ticket, form: PublicForm) -> str:
    score, comment = int(form.cleaned_data["score"]), form.cleaned_data["comment"]
    services.answer_survey(actor=actor, ticket_id=ticket.pk, score=score, comment=comment)
    return _("Thank you for your answer.")


def _need_reply(actor: Actor, ticket: Ticket, form: PublicForm) -> str:
    services.mark_reply_needed(actor=actor, ticket_id=ticket.pk)
    return _("We have noted it: you get an answer.")


def _act(request: HttpRequest, token: str, name: str, deed: Deed) -> HttpResponse:
    ticket = ticket_of_token(token)
    if ticket is None:
        return link_is_dead(request)
    if request.method != "POST":  # somebody reloads the answer to a form: nothing is done by that
        return redirect("public:track", token)
    form = FORMS[name](request.POST, request.FILES)
    if not form.is_valid():
        return _again(request, token, name, form, 400)
    try:
        count_attempt(
            "public.action", str(ticket.pk), limit=ACTIONS_AN_HOUR, per=timedelta(hours=1)
        )
        messages.success(request, deed(Actor(customer=ticket.customer), ticket, form))
    except TooMany as refusal:
        return too_many(request, refusal)
    except Refusal as refusal:
        form.take(refusal)
        return _again(request, token, name, form, refusal.status)
    return redirect("public:track", token)


def _again(
    request: HttpRequest, token: str, name: str, form: PublicForm, status: int
) -> HttpResponse:
    """The page with the form as it came back. The ticket is read anew: others may have changed it."""
    ticket = ticket_of_token(token)
    if ticket is None:
        return link_is_dead(request)
    return track_page(request, ticket, token, status=status, **{name: form})
