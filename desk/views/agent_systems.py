"""On the ticket's page: look into a system for the open step, or write down what was found by hand."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agents_ops.lookup_words import TROUBLES
from agents_ops.services import look_up, look_up_by_hand
from desk.access import DeskRequest, desk_page
from desk.views.playbooks import played
from people.commerce import Trouble
from tickets.selectors import ticket_for_actor_or_404


@require_POST
@desk_page
def ask(request: DeskRequest, number: str) -> HttpResponse:
    ticket = ticket_for_actor_or_404(request.actor, number)

    def act() -> str:
        row = look_up(actor=request.actor, ticket_id=ticket.pk)
        if row.result:
            return _("The result is on record.")
        return _("No answer: %(trouble)s.") % {"trouble": TROUBLES[Trouble(row.trouble)]}

    return played(request, ticket, act)


@require_POST
@desk_page
def by_hand(request: DeskRequest, number: str) -> HttpResponse:
    ticket = ticket_for_actor_or_404(request.actor, number)

    def act() -> str:
        look_up_by_hand(
            actor=request.actor,
            ticket_id=ticket.pk,
            result=request.POST.get("result", "")[:20],
            words=request.POST.get("words", ""),
        )
        return _("The result is on record.")

    return played(request, ticket, act)
