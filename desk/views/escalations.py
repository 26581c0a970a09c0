"""Escalations: asking for one, those that wait, and one as a document."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from desk.access import DeskRequest, desk_page
from desk.actions import actions_for, facts_of
from desk.case_report import report_context
from desk.escalation_draft import draft_of
from desk.escalation_page import document_context, escalation_for_actor_or_404, trays_context
from desk.forms import EscalateForm
from desk.receiving_page import Opened
from escalation.models import Escalation
from escalation.services import Form, request_escalation
from helpdesk.common.errors import Refusal
from tickets.models import Ticket
from tickets.selectors import ticket_for_actor_or_404


@require_GET
@desk_page
def waiting(request: DeskRequest) -> HttpResponse:
    context = trays_context(request.actor, request.GET.get("tray", ""))
    return render(request, "desk/escalation/page.html", context)


@require_GET
@desk_page
def document(request: DeskRequest, pk: int) -> HttpResponse:
    """The handover document with its approval path; printable."""
    escalation = escalation_for_actor_or_404(request.actor, pk)
    opened = Opened(request.GET.get("do", ""), request.GET.get("follow_up", ""))
    context = document_context(request.actor, escalation, opened=opened)
    return render(request, "desk/escalation/page.html", context)


@require_GET
@desk_page
def report(request: DeskRequest, pk: int) -> HttpResponse:
    """The case on paper, from the record alone; `?notes=0` leaves out what the desk said to itself."""
    escalation = escalation_for_actor_or_404(request.actor, pk)
    notes = request.GET.get("notes", "1") != "0"
    context = report_context(request.actor, escalation, notes=notes)
    return render(request, "desk/escalation/report.html", context)


@require_http_methods(["GET", "POST"])
@desk_page
def escalate(request: DeskRequest, number: str) -> HttpResponse:
    """The escalation form, filled in from the record as far as the record goes."""
    ticket = ticket_for_actor_or_404(request.actor, number)
    if request.method == "GET":
        form = EscalateForm(
            ticket=ticket, actor=request.actor, prefix_id="escalate", initial=draft_of(ticket)
        )
        return _form_page(request, ticket, form, 200)
    form = EscalateForm(request.POST, ticket=ticket, actor=request.actor, prefix_id="escalate")
    status = 400
    if form.is_valid():
        try:
            escalation = _ask(request, ticket, form)
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            return _asked(request, escalation)
    return _form_page(request, ticket, form, status)


def _ask(request: DeskRequest, ticket: Ticket, form: EscalateForm) -> Escalation:
    data = form.cleaned_data
    names = ("to_team", "summary", "tried", "evidence", "wanted_outcome", "target_at")
    return request_escalation(
        actor=request.actor,
        ticket_id=ticket.pk,
        form=Form(**{name: data[name] for name in names}),
        reason=data.get("reason", ""),
        expected_version=data["version"],
    )


def _asked(request: DeskRequest, escalation: Escalation) -> HttpResponse:
    sent = escalation.state == Escalation.State.SENT
    done = _("Escalated to %(team)s") if sent else _("A supervisor was asked to verify: %(team)s")
    text = done % {"team": escalation.to_team}
    messages.success(request, text, extra_tags=f"escalate-{escalation.ticket.number}")
    return redirect("desk:escalation", pk=escalation.pk)


def _form_page(
    request: DeskRequest, ticket: Ticket, form: EscalateForm, status: int
) -> HttpResponse:
    actions = actions_for(request.actor, ticket, facts_of(ticket))
    offer = next((action for action in actions if action.verb == "escalate"), None)
    context = {
        "section": "escalations",
        "ticket": ticket,
        "form": form,
        "offer": offer,
        "files": list(ticket.attachments.order_by("id")[:40]),
    }
    return render(request, "desk/escalation/form.html", context, status=status)
