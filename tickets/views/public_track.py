"""The page of one ticket, opened by its signed link, and its files."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from helpdesk.common import clock
from people.actors import Actor
from tickets.downloads import attachment_response
from tickets.forms import (
    ConfirmationForm,
    FindForm,
    PublicForm,
    ReopenForm,
    ReplyForm,
    SurveyForm,
)
from tickets.models import ClosingForm, Message, Ticket
from tickets.promise import promise_of
from tickets.selectors import (
    attachment_for_actor_or_404,
    conversation,
    merged_into,
    with_merged,
)
from tickets.services import may_change_until, reopen_until
from tickets.stages import stops
from tickets.states import State
from tickets.story import Story
from tickets.tracking import ticket_of_token, tracking_path
from tickets.views.answers import private_page

# Each form of the page by the name under which the template finds it.
FORMS: dict[str, type[PublicForm]] = {
    "reply": ReplyForm,
    "confirmation": ConfirmationForm,
    "reopening": ReopenForm,
    "survey_form": SurveyForm,
    "insisting": PublicForm,
}


@private_page
@require_safe
def track(request: HttpRequest, token: str) -> HttpResponse:
    ticket = ticket_of_token(token)
    if ticket is None:
        return link_is_dead(request)
    return track_page(request, ticket, token)


@private_page
@require_safe
def attachment(request: HttpRequest, token: str, key: str) -> FileResponse:
    """A file of this very ticket or of one merged into it; files of notes and of the customer's other
    tickets do not exist here."""
    ticket = ticket_of_token(token)
    if ticket is None:
        raise Http404("ticket")
    found = attachment_for_actor_or_404(Actor(customer=ticket.customer), key)
    if found.ticket_id not in with_merged(ticket):
        raise Http404("attachment")
    return attachment_response(found)


def link_is_dead(request: HttpRequest) -> HttpResponse:
    """One answer to a forged, expired and mistyped link: the way in by number and contact."""
    context = {
        "form": FindForm(),
        "notice": _("This link does not work any more. Open your ticket with its number instead."),
    }
    return render(request, "tickets/public/find.html", context, status=404)


def track_page(
    request: HttpRequest, ticket: Ticket, token: str, *, status: int = 200, **given: Any
) -> HttpResponse:
    """`given`: one of FORMS as it came back, and 'notice' (a sentence)."""
    story = Story(ticket)
    shown = list(conversation(ticket, internal=False))
    context = {
        "ticket": ticket,
        "token": token,
        "promise": promise_of(ticket),
        "stops": stops(ticket, story),
        "story": story.lines(),
        "conversation": shown,
        "evidence_count": _evidence_count(shown),
        **_ending(ticket),
        **{name: kind() for name, kind in FORMS.items()},
        **given,
    }
    context["homeless"] = _homeless(context)
    return render(request, "tickets/public/track.html", context, status=status)


def _homeless(page: dict[str, Any]) -> PublicForm | None:
    """A form that came back although the page has no place for it any more: its words are shown."""
    ticket = page["ticket"]
    has_place = {
        "reply": ticket.is_open,
        "confirmation": bool(ticket.is_open and ticket.confirmation_asked_at),
        "reopening": bool(page.get("reopen_until")),
        "survey_form": bool(page.get("survey_is_open")),
    }
    lost = (page[name] for name, place in has_place.items() if not place)
    return next((form for form in lost if form.is_bound or form.came_back), None)


def _evidence_count(messages: list[Message]) -> int:
    own = (message for message in messages if message.kind == Message.Kind.CUSTOMER)
    return sum(len(message.attachments.all()) for message in own)


def _ending(ticket: Ticket) -> dict[str, Any]:
    """What the closing form says to the customer: the solution; the root cause stays with us."""
    forms = ClosingForm.objects.filter(ticket=ticket).select_related("survey").order_by("-id")
    if ticket.state != State.CLOSED:
        return {"proposed": forms.filter(event__isnull=True).first()}
    if goes_on := merged_into(ticket):
        return {"goes_on": goes_on, "goes_on_path": tracking_path(goes_on)}
    closing = forms.filter(event__isnull=False).first()
    survey = getattr(closing, "survey", None)
    until = reopen_until(ticket)
    return {
        "closing": closing,
        "survey": survey,
        "survey_is_open": survey is None or clock.now() <= may_change_until(survey),
        "reopen_until": until if clock.now() <= until else None,
    }
