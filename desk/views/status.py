"""The reader's own status from the account menu, and for supervisors that of others."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from desk.access import DeskRequest, desk_page
from helpdesk.common import clock
from helpdesk.common.durations import wib_text
from helpdesk.common.errors import NotAllowed, Refusal
from people.availability import Standing
from people.services import set_status

MINUTES = (15, 30, 60, 120)


@require_POST
@desk_page
def say(request: DeskRequest) -> HttpResponse:
    """`status` is a status, or `away-30`: away for so many minutes. `person`: whose, if not one's own."""
    status, _dash, minutes = request.POST.get("status", "").partition("-")
    try:
        standing = set_status(
            actor=request.actor, status=status, until=_until(minutes), user_id=_person(request)
        )
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _words(standing))
    return HttpResponseRedirect(_back(request))


def _until(minutes: str) -> datetime | None:
    """Only the choices that the menu offers; anything else is away without an end."""
    chosen = next((each for each in MINUTES if str(each) == minutes), None)
    return clock.now() + timedelta(minutes=chosen) if chosen else None


def _person(request: DeskRequest) -> int | None:
    given = request.POST.get("person", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


def _words(standing: Standing) -> str:
    if standing.until is not None and not standing.available:
        words = _("Status: %(status)s until %(moment)s")
        return words % {"status": standing.label, "moment": wib_text(standing.until)}
    return _("Status: %(status)s") % {"status": standing.label}


def _back(request: DeskRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else reverse("desk:queue")
