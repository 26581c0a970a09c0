"""On the ticket's page: block the agent's account, or write down that it was blocked by hand."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agents_ops.services import block_account, block_by_hand
from agents_ops.tasks import block_accounts
from desk.access import DeskRequest, desk_page
from desk.views.playbooks import played
from tickets.selectors import ticket_for_actor_or_404


@require_POST
@desk_page
def block(request: DeskRequest, number: str) -> HttpResponse:
    ticket = ticket_for_actor_or_404(request.actor, number)

    def act() -> str:
        code = request.POST.get("agent_code", "")
        block_account(actor=request.actor, ticket_id=ticket.pk, agent_code=code)
        block_accounts.delay_on_commit()  # type: ignore[attr-defined]
        return _("The server is asked to block the account.")

    return played(request, ticket, act)


@require_POST
@desk_page
def by_hand(request: DeskRequest, number: str) -> HttpResponse:
    ticket, post = ticket_for_actor_or_404(request.actor, number), request.POST

    def act() -> str:
        block_by_hand(
            actor=request.actor,
            ticket_id=ticket.pk,
            words=post.get("words", ""),
            agent_code=post.get("agent_code", ""),
        )
        return _("It is on record.")

    return played(request, ticket, act)
