"""E-mails owed to people: written down in the change's transaction, sent afterwards, each once."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import translation

from helpdesk.common import clock, writes
from helpdesk.common.errors import TooMany
from people.models import organisation
from people.services import count_attempt
from tickets.models import OutgoingMail, Ticket, TicketEvent
from tickets.services.mail_context import mail_context

MAX_ATTEMPTS = 80  # three days: the pauses grow to an hour
# Below the time limit of a Celery task: a mail server that answers nothing takes long for each mail.
MAX_SECONDS = 30
LEASE = timedelta(minutes=2)
STRANGERS_WINDOW = timedelta(hours=1)


def owe_mail(
    ticket: Ticket, event: TicketEvent, *, template: str, recipient: str | None, at: datetime
) -> None:
    """Owe one e-mail for this event to this address; no address, nothing owed."""
    if not recipient:
        return
    writes.insert_unless_there(
        OutgoingMail(
            ticket=ticket,
            event=event,
            template=template,
            recipient=recipient,
            language=ticket.language,
            next_try_at=at,
        )
    )


def owe_mail_for_stranger(
    ticket: Ticket, event: TicketEvent, *, template: str, recipient: str | None, at: datetime
) -> None:
    """As owe_mail, for what anybody can cause by typing an address: one such mail per address and hour."""
    if not recipient:
        return
    try:
        count_attempt("mail_for_stranger", recipient, limit=1, per=STRANGERS_WINDOW)
    except TooMany:
        return
    owe_mail(ticket, event, template=template, recipient=recipient, at=at)


def deliver_owed_mail(*, limit: int = 100, connection: BaseEmailBackend | None = None) -> int:
    """Send what is due. Each mail is claimed by a lease first, so that a killed sender loses none.

    A crash between sending and marking may send one again: it carries the same Message-ID.
    """
    due, lease = _claim(limit)
    if not due:
        return 0
    connection = connection or get_connection()
    stop_at, sent = time.monotonic() + MAX_SECONDS, 0
    for place, pk in enumerate(due):
        if time.monotonic() > stop_at:
            _give_back(due[place:], lease)
            break
        sent += _deliver(pk, lease, connection)
    return sent


def _claim(limit: int) -> tuple[list[int], datetime]:
    now = clock.now()
    with transaction.atomic():
        due = list(
            OutgoingMail.objects.select_for_update(skip_locked=True)
            .filter(state=OutgoingMail.State.PENDING, next_try_at__lte=now)
            .order_by("next_try_at")
            .values_list("pk", flat=True)[:limit]
        )
        OutgoingMail.objects.filter(pk__in=due).update(
            next_try_at=now + LEASE, attempts=F("attempts") + 1
        )
    return due, now + LEASE


def _give_back(untried: list[int], lease: datetime) -> None:
    """Due again at once; what was never tried counts as no attempt."""
    OutgoingMail.objects.filter(
        pk__in=untried, state=OutgoingMail.State.PENDING, next_try_at=lease
    ).update(next_try_at=clock.now(), attempts=F("attempts") - 1)


def _deliver(pk: int, lease: datetime, connection: BaseEmailBackend) -> int:
    mail = (
        OutgoingMail.objects.select_related("ticket__customer", "ticket__team", "event")
        .filter(pk=pk, state=OutgoingMail.State.PENDING, next_try_at=lease)
        .first()
    )
    if mail is None:  # the lease ran out on a slow server, another sender has it
        return 0
    try:
        connection.send_messages([_message_of(mail)])
    except Exception as error:  # noqa: BLE001 - whatever a mail server does, the mail stays owed
        _put_off(mail, error)
        return 0
    mail.state, mail.sent_at, mail.last_error = OutgoingMail.State.SENT, clock.now(), ""
    mail.save(update_fields=["state", "sent_at", "last_error"])
    return 1


def _put_off(mail: OutgoingMail, error: Exception) -> None:
    mail.last_error = f"{type(error).__name__}: {error}"[:300]
    mail.next_try_at = clock.now() + timedelta(seconds=min(3600, 15 * 2**mail.attempts))
    if mail.attempts >= MAX_ATTEMPTS:
        mail.state = OutgoingMail.State.FAILED
    mail.save(update_fields=["state", "last_error", "next_try_at"])


def _message_of(mail: OutgoingMail) -> EmailMultiAlternatives:
    profile = organisation()
    context = mail_context(mail)
    with translation.override(mail.language):
        subject = " ".join(
            render_to_string(f"tickets/mail/{mail.template}_subject.txt", context).split()
        )
        body = render_to_string(f"tickets/mail/{mail.template}.txt", context)
    sender = profile["email"]["sender"]
    domain = sender.rsplit("@", 1)[-1]
    return EmailMultiAlternatives(
        subject=subject,
        body=body,
        from_email=f"{profile['name']} Care <{sender}>",
        to=[mail.recipient],
        headers={
            "Message-ID": f"<{mail.uuid}@{domain}>",
            "Auto-Submitted": "auto-generated" if mail.template != "reply" else "no",
            "X-Auto-Response-Suppress": "All",
        },
    )
