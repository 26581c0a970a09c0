"""E-mails owed to people: written down in the change's transaction; `delivery.py` sends them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from helpdesk.common import writes
from helpdesk.common.errors import TooMany
from people.services import count_attempt
from tickets.models import OutgoingMail, Ticket, TicketEvent

STRANGERS_WINDOW = timedelta(hours=1)
_in_silence: ContextVar[bool] = ContextVar("in_silence", default=False)


@contextmanager
def without_customer_mail() -> Iterator[None]:
    """Nothing is owed to customers for what is retold inside: they lived through it elsewhere."""
    token = _in_silence.set(True)
    try:
        yield
    finally:
        _in_silence.reset(token)


def owe_mail(
    ticket: Ticket,
    event: TicketEvent,
    *,
    template: str,
    recipient: str | None,
    at: datetime,
    language: str = "",
) -> None:
    """Owe one e-mail for this event to this address; no address, nothing owed.

    In the customer's language, who is meant where no other `language` is named.
    """
    if not recipient or (_in_silence.get() and template not in OutgoingMail.FOR_THE_DESK):
        return
    writes.insert_unless_there(
        OutgoingMail(
            ticket=ticket,
            event=event,
            template=template,
            recipient=recipient,
            language=language or ticket.language,
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
