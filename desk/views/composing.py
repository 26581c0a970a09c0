"""The composer between two messages: drafts as they are typed, replies taken back or hurried."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from desk.access import DeskRequest, desk_page
from desk.draft_form import DraftForm
from desk.ticket_page import ticket_context
from desk.work_page import Wanted
from helpdesk.common.errors import Refusal
from tickets.models import Draft
from tickets.selectors import drafts_of, ticket_for_actor_or_404
from tickets.services import discard_draft, save_draft, send_waiting_reply, take_back_reply


@require_http_methods(["GET", "POST"])
@desk_page
def draft(request: DeskRequest, number: str) -> HttpResponse:
    """The reader's drafts on the ticket; by POST one is kept, or thrown away (`discard`)."""
    if request.method == "GET":
        ticket = ticket_for_actor_or_404(request.actor, number)
        found = {each.mode: _said(each) for each in drafts_of(request.user, ticket.pk)}
        return JsonResponse({mode: found.get(mode, _said(None)) for mode in Draft.Mode.values})
    form = DraftForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"code": "invalid_input", "fields": form.errors}, status=400)
    try:
        return JsonResponse(_said(_keep(request, number, form.cleaned_data)))
    except Refusal as refusal:
        said = {"code": refusal.code, "detail": str(refusal)}
        return JsonResponse(said, status=refusal.status)


def _keep(request: DeskRequest, number: str, values: dict[str, Any]) -> Draft | None:
    which = {
        "actor": request.actor,
        "number": number,
        "mode": values["mode"],
        "expected_version": values["version"],
    }
    if values["discard"]:
        discard_draft(**which)
        return None
    return save_draft(
        **which, body=values["body"], waiting=values["waiting"], macro_id=values["macro"]
    )


def _said(draft: Draft | None) -> dict[str, Any]:
    return {"version": draft.version if draft else 0, "body": draft.body if draft else ""}


@require_POST
@desk_page
def take_back(request: DeskRequest, number: str, pk: int) -> HttpResponse:
    """The reply is a draft again, and stands in the composer."""
    ticket = ticket_for_actor_or_404(request.actor, number)
    status = 200
    try:
        take_back_reply(actor=request.actor, ticket_id=ticket.pk, outgoing_id=pk)
    except Refusal as refusal:
        messages.error(request, f"{ticket.number}: {refusal}")
        status = refusal.status
    else:
        messages.success(request, f"{ticket.number}: {_('Taken back: the reply was not sent')}")
    wanted = Wanted.read(request)
    if request.headers.get("HX-Request") != "true":
        return redirect(f"{reverse('desk:ticket', args=[ticket.number])}?{wanted.address}")
    fresh = ticket_for_actor_or_404(request.actor, number)
    context = ticket_context(request.actor, fresh) | {"wanted": wanted, "current": fresh.number}
    response = render(request, "desk/ticket/pane.html", context | {"swapped": True}, status=status)
    response["X-Fragment"] = "1"
    response["HX-Trigger"] = "queue-changed"
    return response


@require_POST
@desk_page
def send_now(request: DeskRequest, number: str, pk: int) -> HttpResponse:
    """Its author waits no longer; also asked by the author's own page when the time is up."""
    ticket = ticket_for_actor_or_404(request.actor, number)
    try:
        send_waiting_reply(actor=request.actor, ticket_id=ticket.pk, outgoing_id=pk)
    except Refusal as refusal:
        return JsonResponse({"code": refusal.code, "detail": str(refusal)}, status=refusal.status)
    if request.headers.get("X-Quiet"):
        return HttpResponse(status=204)
    wanted = Wanted.read(request)
    return redirect(f"{reverse('desk:ticket', args=[ticket.number])}?{wanted.address}")
