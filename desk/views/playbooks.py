"""Playing a playbook on the ticket's page: start it, do a step, skip, leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agents_ops.selectors import active_run
from agents_ops.services import do_step, leave_playbook, skip_step, start_playbook
from desk.access import DeskRequest, desk_page
from desk.playbook.step_form import StepForm
from desk.rule_pages import revision_of
from desk.ticket_answer import ticket_answer
from desk.ticket_page import ticket_context
from desk.work_page import Wanted
from helpdesk.common.errors import Refusal
from tickets.models import Ticket
from tickets.selectors import ticket_for_actor_or_404


@require_POST
@desk_page
def start(request: DeskRequest, number: str) -> HttpResponse:
    ticket = ticket_for_actor_or_404(request.actor, number)
    chosen = request.POST.get("playbook", "")[:60]
    return _try(
        request,
        ticket,
        lambda: start_playbook(actor=request.actor, ticket_id=ticket.pk, playbook=chosen),
        _("The playbook runs: its first step is open."),
    )


@require_POST
@desk_page
def step(request: DeskRequest, number: str) -> HttpResponse:
    """Finish the open step; what was typed comes back with what is wrong."""
    ticket = ticket_for_actor_or_404(request.actor, number)
    run = active_run(ticket)
    shown = run.script.by_code.get(request.POST.get("step", "")) if run else None
    if shown is None:
        return _drawn(request, ticket, refused=_("No playbook runs on this ticket."), status=409)
    form = StepForm(request.POST, shown=shown, files=list(ticket.attachments.order_by("id")))
    if not form.is_valid():
        return _drawn(request, ticket, form=form, status=400)
    data = form.cleaned_data
    try:
        do_step(
            actor=request.actor,
            ticket_id=ticket.pk,
            step=data["step"],
            values=form.values(),
            revision=data["revision"],
        )
    except Refusal as refusal:
        form.refuse(refusal)
        stale = refusal.code == "playbook_moved_on"
        refused = str(refusal) if stale or refusal.status == 403 else ""
        return _drawn(
            request, ticket, form=None if refused else form, refused=refused, status=refusal.status
        )
    return _drawn(request, ticket)


@require_POST
@desk_page
def skip(request: DeskRequest, number: str) -> HttpResponse:
    ticket, post = ticket_for_actor_or_404(request.actor, number), request.POST
    return _try(
        request,
        ticket,
        lambda: skip_step(
            actor=request.actor,
            ticket_id=ticket.pk,
            step=post.get("step", "")[:60],
            to=post.get("to", "")[:60],
            reason=post.get("reason", ""),
            revision=revision_of(request),
        ),
        _("The step was skipped; why is on record."),
    )


@require_POST
@desk_page
def leave(request: DeskRequest, number: str) -> HttpResponse:
    ticket, post = ticket_for_actor_or_404(request.actor, number), request.POST
    return _try(
        request,
        ticket,
        lambda: leave_playbook(
            actor=request.actor,
            ticket_id=ticket.pk,
            reason=post.get("reason", ""),
            revision=revision_of(request),
        ),
        _("The playbook was left; why is on record."),
    )


def _try(request: DeskRequest, ticket: Ticket, act: Any, done: str) -> HttpResponse:
    def doing() -> str:
        act()
        return done

    return played(request, ticket, doing)


def played(request: DeskRequest, ticket: Ticket, act: Callable[[], str]) -> HttpResponse:
    """Do it, tell what it says, and draw the ticket as it is then; or say why it was refused."""
    try:
        done = act()
    except Refusal as refusal:
        return _drawn(request, ticket, refused=str(refusal), status=refusal.status)
    messages.success(request, f"{ticket.number}: {done}")
    return _drawn(request, ticket)


def _drawn(
    request: DeskRequest,
    ticket: Ticket,
    *,
    form: StepForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """The ticket as it is now: its pane for htmx, else the whole page, or back to it when all is well."""
    wanted = Wanted.read(request)
    if request.headers.get("HX-Request") != "true" and status == 200:
        return redirect(f"{reverse('desk:ticket', args=[ticket.number])}?{wanted.address}")
    fresh = ticket_for_actor_or_404(request.actor, ticket.number)
    context = ticket_context(request.actor, fresh, step_form=form)
    context |= {"wanted": wanted, "current": fresh.number, "swapped": True}
    if refused:
        context["refused"] = [*context["refused"], refused]
    return ticket_answer(request, wanted, context, status)
