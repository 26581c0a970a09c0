"""The way to a ticket by its number and the contact of the report."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helpdesk.common.contact import read_contact
from helpdesk.common.errors import InvalidInput, TooMany
from people.services import address_of, count_attempt
from tickets.forms import FindForm
from tickets.models import Ticket
from tickets.numbers import read_number
from tickets.selectors import ticket_by_proof
from tickets.tracking import tracking_path
from tickets.views import visitors
from tickets.views.answers import private_page, too_many

TRIES_BY_ADDRESS = 30
TRIES_BY_NUMBER = 60  # by all together; one address alone stops long before
TRIES_BY_BOTH = 10
HOUR = timedelta(hours=1)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """One neutral answer to whatever does not fit; limits by address and by number."""
    if request.method != "POST":
        number = read_number(request.GET.get("number", "")[:60]) or ""
        return find_page(request, FindForm(initial={"number": number}))
    form = FindForm(request.POST)
    if not form.is_valid():
        return find_page(request, form, status=400)
    try:
        ticket = _proven(request, **form.cleaned_data)
    except TooMany as refusal:
        return too_many(request, refusal)
    if ticket is None:
        form.add_error(None, _("No ticket fits this number and this contact. Please check both."))
        return find_page(request, form, status=400)
    visitors.remember_proof(request, ticket)
    return redirect(tracking_path(ticket))


def find_page(
    request: HttpRequest, form: FindForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    """`more`: 'notice' (a sentence)."""
    return render(request, "tickets/public/find.html", {"form": form, **more}, status=status)


def _proven(request: HttpRequest, *, number: str, contact: str) -> Ticket | None:
    """The ticket, when both are right. A number that cannot exist is looked for like any other."""
    count_attempt("public.find", address_of(request), limit=TRIES_BY_ADDRESS, per=HOUR)
    wanted = read_number(number) or "-"
    asked = wanted if wanted != "-" else number
    both = f"{address_of(request)}|{asked}"
    # A stranger's wrong guesses must not lock the owner out of the ticket so easily.
    count_attempt("public.find.both", both, limit=TRIES_BY_BOTH, per=HOUR)
    count_attempt("public.find.number", asked, limit=TRIES_BY_NUMBER, per=HOUR)
    try:
        kind, value = read_contact(contact)
    except InvalidInput:
        kind, value = "email", ""
    return ticket_by_proof(wanted, kind, value)
