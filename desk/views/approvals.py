"""What a second person decides: asking for it, the list of those who decide, one request."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agents_ops.approvals.deciding import approval_for_actor_or_404
from agents_ops.models import ApprovalRequest
from agents_ops.services import ask_approval, decide_approval, withdraw_approval
from desk.access import DeskRequest, page_of
from desk.agents.approval_forms import DecideForm
from desk.agents.approval_page import (
    ask_context,
    ask_form,
    asked_kind,
    detail_context,
    list_context,
)
from helpdesk.common.errors import Refusal
from tickets.selectors import ticket_for_actor_or_404

worker_page = page_of("work_ticket")


@require_GET
@worker_page
def listed(request: DeskRequest) -> HttpResponse:
    context = list_context(request.actor, request.GET.get("tray", ""))
    return render(request, "desk/agents/approvals.html", context)


@require_GET
@worker_page
def detail(request: DeskRequest, pk: int) -> HttpResponse:
    return _detail(request, approval_for_actor_or_404(request.actor, pk))


@require_POST
@worker_page
def decide(request: DeskRequest, pk: int) -> HttpResponse:
    """Approved or refused, by which button was pressed."""
    found, form = approval_for_actor_or_404(request.actor, pk), DecideForm(request.POST)
    approved = {"approve": True, "refuse": False}.get(request.POST.get("decision", ""))
    if not form.is_valid() or approved is None:
        return _detail(request, found, form, refused=_("Approve or refuse."), status=400)
    try:
        decide_approval(
            actor=request.actor,
            approval_id=found.pk,
            approved=approved,
            reason=form.cleaned_data["reason"],
        )
    except Refusal as refusal:
        form.refuse(refusal)
        fresh = approval_for_actor_or_404(request.actor, pk)
        refused = "" if form.errors.get("reason") else str(refusal)
        return _detail(request, fresh, form, refused=refused, status=refusal.status)
    done = _("Approved. Who asked was told.") if approved else _("Refused. Who asked was told.")
    messages.success(request, f"{found.ticket.number}: {done}")
    return redirect("desk:approvals")


@require_POST
@worker_page
def withdraw(request: DeskRequest, pk: int) -> HttpResponse:
    found = approval_for_actor_or_404(request.actor, pk)
    try:
        withdraw_approval(actor=request.actor, approval_id=found.pk)
    except Refusal as refusal:
        fresh = approval_for_actor_or_404(request.actor, pk)
        return _detail(request, fresh, refused=str(refusal), status=refusal.status)
    messages.success(request, f"{found.ticket.number}: {_('The request was withdrawn.')}")
    return redirect("desk:ticket", number=found.ticket.number)


@require_http_methods(["GET", "POST"])
@worker_page
def ask(request: DeskRequest, number: str) -> HttpResponse:
    """Why it is wanted; the rest stands in the playbook's answers."""
    ticket = ticket_for_actor_or_404(request.actor, number)
    found = asked_kind(ticket)
    if found is None:
        raise Http404("approval")
    run, kind = found
    form, status = ask_form(ticket, run, kind, request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            data = form.cleaned_data
            try:
                ask_approval(
                    actor=request.actor,
                    ticket_id=ticket.pk,
                    reason=data["reason"],
                    kind=kind.code,
                    amount_idr=data.get("amount_idr"),
                    expected_version=data["version"],
                )
            except Refusal as refusal:
                form.refuse(refusal)
                status = refusal.status
            else:
                messages.success(request, _("Asked: those who decide were told."))
                return redirect("desk:ticket", number=ticket.number)
    context = ask_context(request.actor, ticket, run, kind, form)
    return render(request, "desk/agents/ask.html", context, status=status)


def _detail(
    request: DeskRequest,
    found: ApprovalRequest,
    form: DecideForm | None = None,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    context = detail_context(request.actor, found, form, refused)
    return render(request, "desk/agents/approval.html", context, status=status)
