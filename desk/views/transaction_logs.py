"""The official transaction log on the ticket's page: made, given out by hand, downloaded on record."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agents_ops.log_reads import log_for_actor_or_404
from agents_ops.lookup_words import TROUBLES
from agents_ops.models import Lookup
from agents_ops.services import issue_by_hand, issue_log, take_log
from desk.access import DeskRequest, desk_page
from desk.views.playbooks import played
from people.commerce import Trouble
from tickets.downloads import attachment_response
from tickets.selectors import ticket_for_actor_or_404

MOST_DIGITS = 4


@require_POST
@desk_page
def make(request: DeskRequest, number: str) -> HttpResponse:
    ticket, post = ticket_for_actor_or_404(request.actor, number), request.POST
    typed = post.get("days", "")
    days = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < MOST_DIGITS else 0

    def act() -> str:
        made = issue_log(
            actor=request.actor,
            ticket_id=ticket.pk,
            days=days,
            agent_code=post.get("agent_code", ""),
        )
        if isinstance(made, Lookup):
            return _("No answer: %(trouble)s.") % {"trouble": TROUBLES[Trouble(made.trouble)]}
        return _("The signed log is ready to download.")

    return played(request, ticket, act)


@require_POST
@desk_page
def by_hand(request: DeskRequest, number: str) -> HttpResponse:
    ticket = ticket_for_actor_or_404(request.actor, number)

    def act() -> str:
        words = request.POST.get("words", "")
        issue_by_hand(actor=request.actor, ticket_id=ticket.pk, words=words)
        return _("It is on record.")

    return played(request, ticket, act)


@require_GET
@desk_page
def download(request: DeskRequest, key: str) -> FileResponse:
    log = log_for_actor_or_404(request.actor, key)
    return attachment_response(take_log(actor=request.actor, log=log))
