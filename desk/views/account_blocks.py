"""On the ticket's page: block the agent's account, write down that it was blocked by hand, read its logins."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agents_ops.login_log import look_at_logins
from agents_ops.models import AccountBlock
from agents_ops.services import block_account, block_by_hand
from agents_ops.tasks import block_accounts
from desk.access import DeskRequest, desk_page
from desk.views.playbooks import played
from helpdesk.common.errors import NotAllowed
from tickets.models import DataLook
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


@require_POST
@desk_page
def login_log(request: DeskRequest, number: str) -> HttpResponse:
    """The whole log, in this answer alone; the look is on record. Its place for htmx, else a page."""
    ticket = ticket_for_actor_or_404(request.actor, number)
    rows = AccountBlock.objects.filter(run__ticket=ticket).exclude(logins_at=None)
    block = rows.select_related("run").order_by("-pk").first()
    if block is None:
        raise Http404("login log")
    block.run.ticket = ticket
    try:
        lines = look_at_logins(block, actor=request.actor, via=DataLook.Via.PAGE)
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    context = {
        "collected_at": block.logins_at,
        "number": ticket.number,
        "lines": lines,
        "whole": True,
    }
    if request.headers.get("HX-Request") == "true":
        response = render(request, "desk/playbook/logins.html", context)
        response["X-Fragment"] = "1"
        return response
    return render(request, "desk/playbook/logins_page.html", {**context, "section": "queue"})
