"""Filing a complaint, and the page that hands out its number."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from helpdesk.common import clock
from helpdesk.common.errors import Refusal, TooMany
from people.services import address_of, count_attempt
from tickets.forms import ReportForm
from tickets.models import OutgoingMail, Ticket
from tickets.promise import promise_of
from tickets.services import Receipt, owe_mail_for_stranger, receive_ticket
from tickets.tracking import tracking_path
from tickets.views import visitors
from tickets.views.answers import private_page, too_many

REPORTS_AN_HOUR = 30  # people on one mobile carrier share an address
HOUR = timedelta(hours=1)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The form; a POST files the complaint once and leads to `received`."""
    user = visitors.person_of(request)
    known = visitors.reports_for_self(user)
    if request.method != "POST":
        return report_page(
            request, ReportForm(known=known, initial={"reporter": visitors.reporter_of(user)})
        )
    form = ReportForm(request.POST, request.FILES, known=known)
    if not form.is_valid():
        return report_page(request, form, status=400)
    try:
        receipt = _receive(request, form)
    except TooMany as refusal:
        return too_many(request, refusal)
    except Refusal as refusal:
        return _refused(request, form, refusal)
    if not (receipt.created or form.made(receipt.ticket)):
        return _exists(request, form, receipt.ticket)
    visitors.remember_received(request, receipt.ticket)
    return redirect("public:received")


@private_page
@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """Number, promise and what was masked, for the browser that has just filed."""
    ticket = visitors.received_ticket(request)
    if ticket is None:
        return redirect("public:report")
    context = {
        "ticket": ticket,
        "track_path": tracking_path(ticket),
        "promise": promise_of(ticket),
        "masked": ticket.messages.order_by("id").values_list("masked", flat=True).first() or [],
        "mail_owed": ticket.outgoing_mails.filter(
            template=OutgoingMail.Template.ACKNOWLEDGEMENT
        ).exists(),
    }
    return render(request, "tickets/public/received.html", context)


def report_page(
    request: HttpRequest, form: ReportForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    """`more`: 'notice' (a sentence), 'existing' (see the template)."""
    user = visitors.person_of(request)
    context = {"form": form, **more}
    if user is not None and "contact" not in form.fields:
        context["known"] = visitors.known_contact(user)
    return render(request, "tickets/public/report.html", context, status=status)


def _receive(request: HttpRequest, form: ReportForm) -> Receipt:
    user = visitors.person_of(request)
    if user is None:
        count_attempt("public.report", address_of(request), limit=REPORTS_AN_HOUR, per=HOUR)
    return receive_ticket(
        actor=visitors.actor_of(request),
        report=form.report(),
        files=form.cleaned_data["files"],
        submission_key=form.key,
        even_if_open="even_if_open" in request.POST,
    )


def _refused(request: HttpRequest, form: ReportForm, refusal: Refusal) -> HttpResponse:
    if refusal.code == "submission_key_reused":
        form.renew_key()
        form.add_error(
            None,
            _("You have already sent this form. If this is another problem, send it once more."),
        )
        form.ask_for_files_again()
    else:
        form.take(refusal)
    return report_page(request, form, status=refusal.status)


def _exists(request: HttpRequest, form: ReportForm, ticket: Ticket) -> HttpResponse:
    """Anyone can type anybody's contact: which ticket it is, only those learn who have proven it."""
    form.ask_for_files_again()
    existing: dict[str, Any] = {"proven": visitors.has_proof(request, ticket)}
    if existing["proven"]:
        existing |= {"ticket": ticket, "track_path": tracking_path(ticket)}
    else:
        owe_mail_for_stranger(
            ticket,
            ticket.events.latest("id"),
            template=OutgoingMail.Template.EXISTING,
            recipient=ticket.customer.email,
            at=clock.now(),
        )
    return report_page(request, form, status=409, existing=existing)
