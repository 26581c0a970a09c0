"""Reading conversations at the desk: for a review or a ticket, each look on record."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from desk.access import DeskRequest, desk_page
from desk.review_form import ReviewForm
from helpdesk.common.errors import NotAllowed, Refusal
from seller_chat.models import ReviewItem
from seller_chat.services import decide_review, look_for_review, look_for_ticket
from seller_chat.talks import (
    all_messages,
    excerpt_around,
    has_looked,
    links_of_ticket,
    open_reviews,
    review_or_404,
)
from tickets.selectors import ticket_for_actor_or_404
from tickets.services import look_reasons, needs_reason

MOST_ROWS = 100


@require_GET
@desk_page
def reviews(request: DeskRequest) -> HttpResponse:
    """What waits; nobody's words stand here."""
    if not request.user.may("review_messages"):
        raise PermissionDenied
    context = {"section": "reviews", "rows": open_reviews()[:MOST_ROWS]}
    return render(request, "desk/reviews/list.html", context)


@require_POST
@desk_page
def review(request: DeskRequest, pk: int) -> HttpResponse:
    """The message with what stands around it: a POST, because that somebody looks is written down."""
    item = review_or_404(request.actor, pk)
    look_for_review(actor=request.actor, item=item)
    return _page(request, item, ReviewForm(item))


@require_POST
@desk_page
def decide(request: DeskRequest, pk: int) -> HttpResponse:
    item = review_or_404(request.actor, pk)
    if not has_looked(request.actor, item):
        raise Http404("review")
    form = ReviewForm(item, request.POST)
    if not form.is_valid():
        return _page(request, item, form, status=400)
    try:
        decide_review(actor=request.actor, review_id=item.pk, **form.cleaned_data)
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    except Refusal as refusal:
        for name, message in refusal.fields.items() or [("", refusal.message)]:
            form.add_error(name if name in form.fields else None, str(message))
        return _page(request, item, form, status=refusal.status)
    return redirect("desk:reviews")


def _page(
    request: DeskRequest, item: ReviewItem, form: ReviewForm, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "section": "reviews",
        "side": "desk",
        "item": item,
        "form": form,
        "conversation": item.message.conversation,
        "shown": excerpt_around(item),
        "seen_by_other": 0,
    }
    return render(request, "desk/reviews/review.html", context, status=status)


@require_GET
@desk_page
def of_ticket(request: DeskRequest, number: str) -> HttpResponse:
    """Which conversations a ticket is about; their words come after a look alone."""
    return _of_ticket(request, number)


def _of_ticket(
    request: DeskRequest, number: str, problem: str = "", *, status: int = 200
) -> HttpResponse:
    ticket = ticket_for_actor_or_404(request.actor, number)
    context = {
        "section": "queue",
        "ticket": ticket,
        "links": links_of_ticket(ticket),
        "reasons": look_reasons(),
        "needs_reason": needs_reason(request.actor),
        "problem": problem,
    }
    return render(request, "desk/reviews/of_ticket.html", context, status=status)


@require_POST
@desk_page
def of_ticket_look(request: DeskRequest, number: str, pk: int) -> HttpResponse:
    ticket = ticket_for_actor_or_404(request.actor, number)
    link = links_of_ticket(ticket).filter(pk=pk).first()
    if link is None:
        raise Http404("conversation")
    reason = request.POST.get("reason", "")[:40]
    try:
        look_for_ticket(actor=request.actor, link=link, ticket=ticket, reason=reason)
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    except Refusal as refusal:
        return _of_ticket(request, number, str(refusal), status=refusal.status)
    context = {
        "section": "queue",
        "side": "desk",
        "ticket": ticket,
        "conversation": link.conversation,
        "shown": all_messages(link.conversation),
        "seen_by_other": 0,
    }
    return render(request, "desk/reviews/conversation.html", context)
