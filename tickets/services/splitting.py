"""One ticket is one problem: what a customer wrote of another one becomes a ticket of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, WrongState
from helpdesk.common.wording import gettext as _
from people.actors import Actor, of_user
from tickets.events import CustomerWrote, TeamReplied, TicketNews
from tickets.models import EventKind, Message, Ticket, TicketLink
from tickets.numbers import new_number
from tickets.selectors import conversation
from tickets.services.attachments import copy_files
from tickets.services.changes import (
    lock_ticket,
    record,
    require_open,
    require_work_on,
    save_change,
    tell,
)
from tickets.services.classification import classify_by_rules
from tickets.services.intake import number_taken
from tickets.services.mail import owe_mail
from tickets.services.notices import notify
from tickets.services.reports import MAX_SUBJECT, headline
from tickets.services.words import clean_words
from tickets.triage import Complaint
from tickets.triage_in_force import triage_in_force

MOST_MESSAGES = 100
MOST_FILES = 30
_CUSTOMER = Message.Kind.CUSTOMER
# A part of the old ticket's history is the new one's as well: what was said, and when.
_SAID: dict[str, tuple[EventKind, type[TicketNews] | None]] = {
    Message.Kind.CUSTOMER: (EventKind.CUSTOMER_WROTE, CustomerWrote),
    Message.Kind.REPLY: (EventKind.REPLIED, TeamReplied),
    Message.Kind.NOTE: (EventKind.NOTED, None),
}


def split_ticket(
    *,
    actor: Actor,
    ticket_id: int,
    messages: Sequence[int],
    subject: str = "",
    reason: str = "",
    expected_version: int | None = None,
) -> Ticket:
    """Make a ticket of its own of these messages of `ticket_id`, and return it.

    The messages stay where they are and stand, with their files, in the new ticket too, for one
    message may tell of two problems. Triage classifies the new one by the customer's words among
    them. It counts as received when the customer wrote the first of them: by our sorting nobody
    waits longer; an answer among them is its first response. The customer is told by letter.

    `subject`: empty for the first line of those words. `reason` stays at the desk.
    Raises InvalidInput (`no_message`, `unknown_message`, `no_customer_words`, `too_many`),
    NotAllowed, WrongState (`already_split` for the very same messages) and Conflict.
    """
    actor.require("classify_ticket")
    words = clean_words(reason, field="reason")
    title = clean_words(subject, field="subject", max_length=MAX_SUBJECT).replace("\n", " ").strip()
    while True:
        try:
            with transaction.atomic():
                ticket = lock_ticket(ticket_id, expected_version=expected_version)
                require_open(ticket)
                require_work_on(ticket, actor)
                chosen = _chosen(ticket, messages)
                return _split(ticket, chosen, actor=actor, title=title, words=words)
        except IntegrityError as error:
            if not number_taken(error):
                raise


def _chosen(ticket: Ticket, ids: Sequence[int]) -> list[Message]:
    """The messages in the order in which they were written."""
    wanted = set(ids)
    if not wanted:
        raise _refused(_("Choose at least one message."), "no_message")
    if len(wanted) > MOST_MESSAGES:
        most = {"most": MOST_MESSAGES}
        raise _refused(_("At most %(most)s messages at a time.") % most, "too_many")
    found = list(conversation(ticket, internal=True).filter(pk__in=wanted))
    if len(found) < len(wanted):
        raise _refused(_("One of these messages is not of this ticket."), "unknown_message")
    if all(message.kind != _CUSTOMER for message in found):
        message = _(
            "Choose at least one message of the customer: a ticket begins with their words."
        )
        raise _refused(message, "no_customer_words")
    if sum(len(message.attachments.all()) for message in found) > MOST_FILES:
        most = {"most": MOST_FILES}
        raise _refused(_("At most %(most)s files can go along.") % most, "too_many")
    for earlier in ticket.events.filter(kind=EventKind.SPLIT):
        if set(earlier.data["messages"]) == wanted:
            number = {"number": earlier.data["number"]}
            message = _("These messages were made ticket %(number)s already.") % number
            raise WrongState(message, code="already_split")
    return found


def _split(
    ticket: Ticket, chosen: list[Message], *, actor: Actor, title: str, words: str
) -> Ticket:
    now = clock.now()
    own = [message for message in chosen if message.kind == _CUSTOMER]
    since = own[0].sent_at
    text = "\n\n".join(message.body for message in own)
    made = _new_ticket(ticket, actor, title or headline(own[0].body), text, since)
    copies = {message.pk: _copy(made, message) for message in chosen}
    _retell(made, [(message, copies[message.pk]) for message in chosen], begin=own[0])
    TicketLink.objects.create(
        from_ticket=made,
        to_ticket=ticket,
        kind=TicketLink.Kind.SPLIT_FROM,
        made_by=actor.user,
        made_at=now,
    )
    data = {"ticket": ticket.pk, "number": ticket.number}
    event = record(made, actor=actor, kind=EventKind.SPLIT_OFF, at=now, data=data, note=words)
    owe_mail(made, event, template="split", recipient=made.customer.email, at=now)
    data = {"ticket": made.pk, "number": made.number, "messages": sorted(copies)}
    save_change(ticket)
    event = record(ticket, actor=actor, kind=EventKind.SPLIT, at=now, data=data, note=words)
    if ticket.assignee:
        notify(ticket, event, [ticket.assignee])
    return made


def _new_ticket(ticket: Ticket, actor: Actor, subject: str, text: str, since: datetime) -> Ticket:
    """Of the same customer, by the same channel; facts of the other problem are not taken over,
    but for the order, which both mostly are about."""
    return Ticket.objects.create(
        number=new_number(),
        customer=ticket.customer,
        reporter=ticket.reporter,
        shop_id=ticket.shop_id,
        agent_id=ticket.agent_id,
        tier=ticket.customer.tier,
        channel=ticket.channel,
        language=ticket.language,
        subject=subject[:MAX_SUBJECT],
        description=text,
        order_number=ticket.order_number,
        created_by=actor.user,
        received_at=since,
    )


def _copy(ticket: Ticket, message: Message) -> Message:
    copy = Message.objects.create(
        ticket=ticket,
        kind=message.kind,
        author=message.author,
        customer=message.customer,
        body=message.body,
        masked=message.masked,
        sent_at=message.sent_at,
    )
    copy_files(copy, message.attachments.all())
    return copy


def _retell(made: Ticket, said: Sequence[tuple[Message, Message]], *, begin: Message) -> None:
    """The new ticket's history until now: received, classified, and what was said after that.

    What stood before the customer's first words is there to be read and moves no promise.
    """
    place = next(n for n, (message, _copied) in enumerate(said) if message.pk == begin.pk)
    first, at = said[place][1], begin.sent_at
    customer = Actor(customer=made.customer)
    data = {"channel": made.channel, **_data_of(first)}
    record(made, actor=customer, kind=EventKind.RECEIVED, at=at, data=data)
    complaint = Complaint(
        channel=made.channel,
        reporter=made.reporter,
        tier=made.tier,
        amount_idr=None,
        days_open=None,
        subject=made.subject,
        body=made.description,
    )
    classify_by_rules(made, triage_in_force(complaint), at=at)
    for _message, copy in said[place + 1 :]:
        _retell_one(made, copy, customer)


def _retell_one(made: Ticket, copy: Message, customer: Actor) -> None:
    kind, news = _SAID[copy.kind]
    data = _data_of(copy)
    if kind == EventKind.REPLIED:
        data |= {"first": made.first_response_at is None, "waiting": False}
        if made.first_response_at is None:
            made.first_response_at = copy.sent_at
            save_change(made, "first_response_at")
    teller = of_user(copy.author) if copy.author else customer
    event = record(made, actor=teller, kind=kind, at=copy.sent_at, data=data)
    if news is not None:
        tell(news, made, event)


def _data_of(copy: Message) -> dict[str, Any]:
    files = copy.attachments.count()
    return {"message": copy.pk, "files": files, "masked": copy.masked, "retold": True}


def _refused(message: str, code: str) -> InvalidInput:
    return InvalidInput(message, code=code, fields={"messages": message})
