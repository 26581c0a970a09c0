"""Complaints to suppliers: all of them, one with its messages, and what an officer does with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agents_ops.complaint_reads import complaint_or_404, visible_complaints
from agents_ops.lookup_words import TROUBLES
from agents_ops.models import SupplierComplaint
from agents_ops.services import answer_complaint, complain, press_supplier, send_again
from agents_ops.tasks import tell_suppliers
from desk.access import DeskRequest, desk_page
from desk.views.playbooks import played
from helpdesk.common.errors import Refusal
from people.commerce import Trouble
from tickets.selectors import ticket_for_actor_or_404
from tickets.services import works_on

ON_A_PAGE = 50


@require_POST
@desk_page
def complain_now(request: DeskRequest, number: str) -> HttpResponse:
    """From the open step of the ticket's playbook."""
    ticket = ticket_for_actor_or_404(request.actor, number)

    def act() -> str:
        complain(actor=request.actor, ticket_id=ticket.pk)
        tell_suppliers.delay_on_commit()  # type: ignore[attr-defined]
        return _("The complaint is on its way to the supplier.")

    return played(request, ticket, act)


@require_GET
@desk_page
def listed(request: DeskRequest) -> HttpResponse:
    """Open ones, or all of them; the hardest first."""
    shown = "all" if request.GET.get("tampil") == "all" else "open"
    rows = visible_complaints(request.actor)
    if shown == "open":
        rows = rows.filter(state=SupplierComplaint.State.OPEN)
    page = Paginator(rows.order_by("-id"), ON_A_PAGE).get_page(request.GET.get("halaman", "1")[:6])
    context = {"page": page, "shown": shown, "section": "queue"}
    return render(request, "desk/suppliers/list.html", context)


@require_GET
@desk_page
def complaint(request: DeskRequest, key: str) -> HttpResponse:
    return _page(request, complaint_or_404(request.actor, key))


@require_POST
@desk_page
def act(request: DeskRequest, key: str) -> HttpResponse:
    """Follow up, make hard, send again, told by telephone, or the supplier's answer."""
    found, post = complaint_or_404(request.actor, key), request.POST
    verb: dict[str, Any] = {"actor": request.actor, "complaint_id": found.pk}
    try:
        match post.get("verb", ""):
            case "follow_up" | "hard" as pressed:
                press_supplier(**verb, hard=pressed == "hard")
                tell_suppliers.delay_on_commit()  # type: ignore[attr-defined]
            case "again" | "by_hand" as how:
                send_again(**verb, by_hand=how == "by_hand")
                tell_suppliers.delay_on_commit()  # type: ignore[attr-defined]
            case "answer":
                answer_complaint(**verb, result=post.get("result", ""), words=post.get("words", ""))
            case _unknown:
                return _page(request, found, refused=_("This value is not known."), status=400)
    except Refusal as refusal:
        return _page(request, found, refused=str(refusal), status=refusal.status)
    messages.success(request, _("It is on record."))
    return redirect("desk:supplier_complaint", key)


def _page(
    request: DeskRequest, found: SupplierComplaint, *, refused: str = "", status: int = 200
) -> HttpResponse:
    fresh = complaint_or_404(request.actor, found.key)
    ticket = fresh.ticket
    may = request.actor.may("work_ticket") and works_on(ticket, request.actor) and ticket.is_open
    rows = list(fresh.messages.all())
    context = {
        "each": fresh,
        "rows": [(row, _trouble(row.last_trouble)) for row in rows],
        "waiting": any(row.state in ("pending", "failed") for row in rows),
        "may_act": may,
        "refused": refused,
        "section": "queue",
    }
    return render(request, "desk/suppliers/complaint.html", context, status=status)


def _trouble(code: str) -> Any:
    return TROUBLES[Trouble(code)] if code else ""
