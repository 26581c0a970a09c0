"""One press: the next ticket is mine and open."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from desk.access import DeskRequest, desk_page
from desk.assignment_sentences import why_next
from desk.work_page import Wanted
from helpdesk.common.errors import NotAllowed, Refusal
from people.availability import Availability
from people.services import set_status
from tickets.services import AWAY, take_next


@require_POST
@desk_page
def take(request: DeskRequest) -> HttpResponse:
    """Opens what was taken; asks back from whoever is away, and says when there is none."""
    wanted = Wanted.read(request)
    try:
        if "available" in request.POST:
            set_status(actor=request.actor, status=Availability.AVAILABLE)
        taken = take_next(actor=request.actor, even_if_away="even_if_away" in request.POST)
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    except Refusal as refusal:
        if refusal.code == AWAY:
            return _ask(request, wanted, refusal)
        messages.error(request, str(refusal))
        return redirect(f"{reverse('desk:queue')}?{wanted.address}")
    if taken is None:
        messages.info(request, _("No ticket of your teams waits for anybody. Well done."))
        return redirect(f"{reverse('desk:queue')}?{wanted.address}")
    number = taken.ticket.number
    words = _("%(number)s is yours: %(why)s.")
    messages.success(request, words % {"number": number, "why": why_next(taken.why)})
    return redirect(f"{reverse('desk:ticket', args=[number])}?{wanted.address}")


def _ask(request: DeskRequest, wanted: Wanted, refusal: Refusal) -> HttpResponse:
    standing = request.user.availability
    context = {
        "section": "queue",
        "wanted": wanted,
        "question": str(refusal),
        # What the plan says, one cannot take back oneself.
        "may_return": not standing.by_plan,
    }
    return render(request, "desk/taking/ask.html", context, status=refusal.status)
