"""POST on a ticket: one verb, one service. What was typed comes back with what is wrong."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from desk.access import DeskRequest, desk_page
from desk.escalation_page import document_context, escalation_for_actor_or_404
from desk.forms import TicketForm
from desk.ticket_answer import ticket_answer
from desk.ticket_page import dialog_context, ticket_context
from desk.verb import Verb
from desk.verbs import VERBS
from desk.work_page import Wanted
from helpdesk.common.errors import Refusal
from tickets.models import OutgoingReply, Ticket
from tickets.selectors import (
    crossing_messages,
    newest_message,
    ticket_for_actor_or_404,
    visible_tickets,
)
from tickets.services import CROSSED, let_reply_leave

# After these the ball is with somebody else: the next ticket is offered.
ANSWERS = ("reply", "confirm", "close")


@require_http_methods(["GET", "POST"])
@desk_page
def act(request: DeskRequest, number: str, verb: str) -> HttpResponse:
    """Do the verb; by GET show its form: in the ticket's dialog, or without script on the page."""
    ticket = ticket_for_actor_or_404(request.actor, number)
    chosen = VERBS.get(_said_as(request, verb))
    if chosen is None:
        raise Http404("verb")
    if request.method == "GET":
        wanted = Wanted.read(request)
        if request.headers.get("HX-Request") == "true":
            return _dialog(request, ticket, chosen.name)
        return redirect(f"{reverse('desk:ticket', args=[number])}?{wanted.address}&do={verb}")
    form = chosen.make_form(ticket, request.actor, request.POST, request.FILES)
    status = 400
    if form.is_valid():
        try:
            result = chosen.run(request.actor, ticket, form.cleaned_data)
        except Refusal as refusal:
            if refusal.code == CROSSED:
                # What it would cross may still be waiting to leave.
                let_reply_leave(ticket_id=ticket.pk)
            if refusal.code == CROSSED and request.headers.get("HX-Request") == "true":
                return _crossed(request, ticket, form)
            form.refuse(refusal)
            status = refusal.status
        else:
            return _done(request, ticket, chosen, result)
    return _failed(request, ticket, chosen, form, status)


def _dialog(request: DeskRequest, ticket: Ticket, verb: str) -> HttpResponse:
    """The verb's form for its dialog; 409 where it is no longer possible."""
    context = dialog_context(request.actor, ticket, verb)
    if context is None:
        return HttpResponse(status=409)
    context["wanted"] = Wanted.read(request)
    return render(request, "desk/ticket/dialog_form.html", context)


def _said_as(request: DeskRequest, verb: str) -> str:
    """Reply and note share one box: what the box says counts, never the address it posts to.

    Without a script the address cannot follow the switch, and a note must never become a reply.
    """
    mode = request.POST.get("mode", "")
    return mode if verb in ("reply", "note") and mode in ("reply", "note") else verb


def _done(request: DeskRequest, ticket: Ticket, verb: Verb, result: Any) -> HttpResponse:
    leaves = result if isinstance(result, OutgoingReply) else None
    if leaves is None or leaves.state != OutgoingReply.State.WAITING:
        draft = f"{verb.name}-{ticket.number}"
        if verb.name in ("reply", "note"):
            draft = f"talk-{ticket.number}"
        messages.success(request, f"{ticket.number}: {verb.done}", extra_tags=draft)
        leaves = None
    wanted = Wanted.read(request)
    if at := _escalation_of(request):
        return redirect("desk:escalation", pk=at)
    visible = visible_tickets(request.actor).filter(pk=ticket.pk).exists()
    if request.headers.get("HX-Request") != "true":
        url = reverse("desk:ticket", args=[ticket.number]) if visible else reverse("desk:queue")
        return redirect(f"{url}?{wanted.address}")
    if not visible:
        response = HttpResponse(status=204)
        response["HX-Redirect"] = f"{reverse('desk:queue')}?{wanted.address}"
        return response
    fresh = ticket_for_actor_or_404(request.actor, ticket.number)
    context = ticket_context(request.actor, fresh) | {"wanted": wanted, "current": fresh.number}
    context |= {"swapped": True, "answered": verb.name in ANSWERS, "leaves": leaves}
    response = render(request, "desk/ticket/pane.html", context)
    response["HX-Trigger"] = "queue-changed"
    return response


def _crossed(request: DeskRequest, ticket: Ticket, form: TicketForm) -> HttpResponse:
    """What came in between, shown in the composer, which keeps everything that is in it."""
    seen = form.cleaned_data["seen"]
    crossing = list(crossing_messages(ticket, seen=seen, actor=request.actor))
    context = {"ticket": ticket, "crossing": crossing, "seen": newest_message(ticket)}
    response = render(request, "desk/ticket/crossing.html", context, status=409)
    for name, value in {
        "X-Fragment": "1",
        "HX-Retarget": "#crossing",
        "HX-Reswap": "innerHTML",
    }.items():
        response[name] = value
    return response


def _failed(
    request: DeskRequest, ticket: Ticket, verb: Verb, form: TicketForm, status: int
) -> HttpResponse:
    """The ticket as it is now, with the form as it was typed."""
    fresh = ticket_for_actor_or_404(request.actor, ticket.number)
    bound = {verb.name: form}
    if at := _escalation_of(request):
        escalation = escalation_for_actor_or_404(request.actor, at)
        context = document_context(request.actor, escalation, bound=bound)
        return render(request, "desk/escalation/page.html", context, status=status)
    wanted = Wanted.read(request)
    context = ticket_context(request.actor, fresh, bound=bound)
    context |= {"wanted": wanted, "current": fresh.number}
    return ticket_answer(request, wanted, context, status)


def _escalation_of(request: DeskRequest) -> int | None:
    """The escalation page that the form stood on, if it did."""
    at = request.POST.get("escalation", "")
    return int(at) if at.isdecimal() and len(at) < 19 else None
