"""Sends owed mail, each once; what a mail server refuses stays owed and is tried again."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Max, QuerySet

from helpdesk.common import clock
from helpdesk.common.errors import WrongState
from helpdesk.common.faults import words_of
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from tickets.models import OutgoingMail
from tickets.services.letters import digest_of, letter_of
from tickets.services.parcels import Parcel, claim, give_back, held_of

MAX_ATTEMPTS = 80  # three days: the pauses grow to an hour
# Below the time limit of a Celery task: a mail server that answers nothing takes long for each mail.
MAX_SECONDS = 30
REFUSALS = (SMTPRecipientsRefused, SMTPResponseException)
FIRST_PAUSE, LONGEST_PAUSE = 15, 3600


def deliver_owed_mail(*, limit: int = 100, connection: BaseEmailBackend | None = None) -> int:
    """Send what is due; how many owed mails were sent.

    A crash between sending and marking may send one again: it carries the same Message-ID.
    """
    parcels, lease = claim(limit)
    if not parcels:
        return 0
    connection = connection or get_connection()
    stop_at, sent = time.monotonic() + MAX_SECONDS, 0
    for place, parcel in enumerate(parcels):
        if time.monotonic() > stop_at:
            give_back(parcels[place:], lease)
            break
        deliver = _deliver_bundle if parcel.bundle else _deliver_one
        sent += deliver(parcel, lease, connection)
    return sent


@transaction.atomic
def retry_mail(*, actor: Actor, mail_id: int) -> OutgoingMail:
    """Owe a mail that was given up once more, from now. Raises NotAllowed, WrongState."""
    actor.require("view_dashboard")
    mail = OutgoingMail.objects.select_for_update().filter(pk=mail_id).first()
    if mail is None or mail.state != OutgoingMail.State.FAILED:
        raise WrongState(_("This mail is not among those given up."))
    mail.state, mail.attempts, mail.next_try_at = OutgoingMail.State.PENDING, 0, clock.now()
    mail.save(update_fields=["state", "attempts", "next_try_at"])
    return mail


def _deliver_one(parcel: Parcel, lease: datetime, connection: BaseEmailBackend) -> int:
    held = held_of(parcel, lease)
    mail = held.select_related("ticket__customer", "ticket__team", "event").first()
    if mail is None:  # the lease ran out on a slow server, another sender has it
        return 0
    try:
        connection.send_messages([letter_of(mail)])
    except Exception as error:  # noqa: BLE001 - whatever a mail server does, the mail stays owed
        _put_off(held, error)
        return 0
    return _mark_sent(held)


def _deliver_bundle(parcel: Parcel, lease: datetime, connection: BaseEmailBackend) -> int:
    held = held_of(parcel, lease)
    if parcel.bundle is None or not held.exists():
        return 0
    opened = False
    try:
        message = digest_of(parcel.bundle, held)
        opened = bool(connection.open())
        connection.send_messages([message])
    except Exception as error:  # noqa: BLE001
        if not opened or isinstance(error, REFUSALS):
            _unbundle(parcel, held)
        _put_off(held, error)
        return 0
    finally:
        connection.close()
    return _mark_sent(held)


def _unbundle(parcel: Parcel, held: QuerySet[OutgoingMail]) -> None:
    """Surely nothing arrived: what waits may be bundled anew, with what comes until then.

    After any other failure it may have: then the same lines go again, under the same Message-ID.
    """
    held.update(bundle=None)
    held.exclude(pk__in=parcel.due).update(leased_until=None)


def _mark_sent(held: QuerySet[OutgoingMail]) -> int:
    return held.update(
        state=OutgoingMail.State.SENT, sent_at=clock.now(), last_error="", leased_until=None
    )


def _put_off(held: QuerySet[OutgoingMail], error: Exception) -> None:
    """Again after a pause that grows with the attempts; a bundle goes on together."""
    attempts = held.aggregate(most=Max("attempts"))["most"] or 0
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(attempts, 10))
    reason = words_of(error)
    held.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=OutgoingMail.State.FAILED, last_error=reason, leased_until=None, bundle=None
    )
    held.update(
        last_error=reason,
        next_try_at=clock.now() + timedelta(seconds=pause),
        leased_until=None,
    )
