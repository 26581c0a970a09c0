"""Making sure of a reseller agent, on a page of its own."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agents_ops.models import Verification
from agents_ops.selectors import is_agent_case
from agents_ops.services import check_agent, fail_verification
from agents_ops.services.lock_lifting import lift_lock
from agents_ops.verification.rules import Rule
from desk.access import DeskRequest, page_of
from desk.agents.verify_form import VerifyForm
from desk.agents.verify_page import rule_for, verify_context, verify_form
from helpdesk.common.errors import Refusal
from tickets.models import Ticket
from tickets.selectors import ticket_for_actor_or_404

worker_page = page_of("work_ticket")


@require_http_methods(["GET", "POST"])
@worker_page
def verify(request: DeskRequest, number: str) -> HttpResponse:
    """What each point came to, and the fields for the next answers; `?aturan=` asks for another rule."""
    ticket, rule = _found(request, number)
    if request.method == "GET":
        return _page(request, ticket, rule)
    form = verify_form(ticket, rule, request.POST)
    if not form.is_valid():
        return _page(request, ticket, rule, form, status=400)
    try:
        done = check_agent(
            actor=request.actor,
            ticket_id=ticket.pk,
            answers=form.answers(),
            looked=form.looked(),
            agent_code=form.cleaned_data.get("agent", ""),
            rule=rule.code,
            expected_version=form.cleaned_data["version"],
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(request, ticket, rule, form, status=refusal.status)
    return _told(request, ticket, done)


@require_POST
@worker_page
def unverified(request: DeskRequest, number: str) -> HttpResponse:
    """The agent could not be verified; why."""
    ticket, rule = _found(request, number)
    try:
        fail_verification(
            actor=request.actor,
            ticket_id=ticket.pk,
            reason=request.POST.get("reason", ""),
            agent_code=request.POST.get("agent", ""),
            rule=rule.code,
        )
    except Refusal as refusal:
        return _page(request, ticket, rule, refused=str(refusal), status=refusal.status)
    messages.success(request, _("Not verified: this is on record. The playbook goes on."))
    return redirect("desk:ticket", number=ticket.number)


@require_POST
@worker_page
def unlock(request: DeskRequest, number: str) -> HttpResponse:
    """The lock ends before its time; why."""
    ticket, rule = _found(request, number)
    try:
        lift_lock(actor=request.actor, ticket_id=ticket.pk, reason=request.POST.get("reason", ""))
    except Refusal as refusal:
        return _page(request, ticket, rule, refused=str(refusal), status=refusal.status)
    messages.success(request, _("The lock is lifted. The agent is verified anew."))
    return redirect("desk:verify_agent", number=ticket.number)


def _found(request: DeskRequest, number: str) -> tuple[Ticket, Rule]:
    ticket = ticket_for_actor_or_404(request.actor, number)
    rule = rule_for(ticket, request.GET.get("aturan", "")[:40])
    if rule is None or not is_agent_case(ticket):
        raise Http404("verification")
    return ticket, rule


def _told(request: DeskRequest, ticket: Ticket, done: Verification) -> HttpResponse:
    if done.state == Verification.State.PASSED:
        messages.success(request, _("The agent is verified. The playbook may go on."))
        return redirect("desk:ticket", number=ticket.number)
    return redirect(request.get_full_path())


def _page(
    request: DeskRequest,
    ticket: Ticket,
    rule: Rule,
    form: VerifyForm | None = None,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    context = verify_context(request.actor, ticket, rule, form, refused)
    return render(request, "desk/agents/verify.html", context, status=status)
