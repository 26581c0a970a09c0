"""What is said on a ticket: replies, the customer's messages, internal notes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from bahasa.secrets import mask_secrets
from bahasa.thanks import LONGEST, asks_something, is_closing_thanks
from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed
from helpdesk.common.text import clean_text
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import organisation
from tickets.events import CustomerWrote, TeamReplied, WaitingEnded
from tickets.models import EventKind, Message, Ticket
from tickets.selectors import crossing_messages, visible_tickets
from tickets.services.attachments import (
    CheckedFile,
    SentFile,
    attach_kept,
    check_files,
    sort_files,
    store_files,
)
from tickets.services.changes import (
    lock_ticket,
    record,
    require_open,
    require_own,
    require_version,
    require_voice,
    require_work_on,
    save_change,
    tell,
)
from tickets.services.handling import start_handling
from tickets.services.holding import end_hold
from tickets.services.mail import owe_mail
from tickets.services.mentions import tell_mentioned
from tickets.services.notices import notify, notify_team
from tickets.states import State

MAX_BODY = 20_000
CROSSED = "reply_crossed"


@transaction.atomic
def reply_to_customer(
    *,
    actor: Actor,
    ticket_id: int,
    body: str,
    files: Sequence[SentFile] = (),
    wait_for_customer: bool = False,
    submission_key: str = "",
    expected_version: int | None = None,
    seen: int | None = None,
) -> Message:
    """Answer the customer. Answering a classified ticket takes it on as well.

    `wait_for_customer` says that the ball is now with the customer (pauses the resolution clock);
    it stays there while a question for confirmation is open.
    The same `submission_key` again answers with the first message.
    `seen` is the id of the last message that the writer has seen (0: none). Raises Conflict
    ("reply_crossed") when somebody else wrote since, to or for the customer.
    """
    actor.require("reply_ticket")
    body, masked = checked_body(body)
    checked, kept = sort_files(files)
    ticket = lock_ticket(ticket_id)
    # A repeat of the same submission is no conflict, so it is looked for first.
    if earlier := _earlier(ticket, submission_key, Message.Kind.REPLY, body):
        return earlier
    require_version(ticket, expected_version)
    require_open(ticket)
    require_work_on(ticket, actor)
    require_voice(ticket, actor)
    _require_not_crossing(ticket, actor, seen)
    now = clock.now()
    if ticket.state == State.CLASSIFIED and actor.may("handle_ticket"):
        start_handling(ticket, actor=actor, at=now)
    message = _say(ticket, Message.Kind.REPLY, actor, body, masked, checked, submission_key, now)
    attach_kept(message, kept)
    first = ticket.first_response_at is None
    if first:
        ticket.first_response_at = now
    waiting = wait_for_customer or ticket.confirmation_asked_at is not None
    ticket.waiting_for_customer_since = now if waiting else None
    save_change(ticket, "first_response_at", "waiting_for_customer_since")
    data = {
        "message": message.pk,
        "files": len(checked) + len(kept),
        "first": first,
        "waiting": waiting,
    }
    event = record(ticket, actor=actor, kind=EventKind.REPLIED, at=now, data=data)
    owe_mail(ticket, event, template="reply", recipient=ticket.customer.email, at=now)
    tell(TeamReplied, ticket, event)
    return message


def _require_not_crossing(ticket: Ticket, actor: Actor, seen: int | None) -> None:
    """Two answers that cross contradict each other; one that crosses a question answers it not."""
    if seen is not None and crossing_messages(ticket, seen=seen, actor=actor).exists():
        raise Conflict(
            _("Somebody else wrote on this ticket in the meantime. Look at it, then send."),
            code=CROSSED,
        )


@transaction.atomic
def add_customer_message(
    *,
    actor: Actor,
    ticket_id: int,
    body: str,
    files: Sequence[UploadedFile] = (),
    submission_key: str = "",
    expected_version: int | None = None,
) -> Message:
    """The customer writes on an open ticket; the ball is with us again. Secrets are masked.

    A closing thanks changes nothing: what waits for the customer goes on waiting.
    """
    body, masked = checked_body(body)
    checked = check_files(files)
    ticket = lock_ticket(ticket_id)
    if earlier := _earlier(ticket, submission_key, Message.Kind.CUSTOMER, body):
        return earlier
    require_own(ticket, actor)
    require_version(ticket, expected_version)
    require_open(ticket)
    now = clock.now()
    thanks = not masked and not checked and _only_thanks(ticket, body)
    if not thanks:
        end_hold(ticket, actor=actor, at=now, cause="customer")
        ticket.waiting_for_customer_since = None
        ticket.confirmation_asked_at = None
    message = _say(ticket, Message.Kind.CUSTOMER, actor, body, masked, checked, submission_key, now)
    save_change(ticket, "waiting_for_customer_since", "confirmation_asked_at")
    data = {"message": message.pk, "files": len(checked), "masked": masked, "thanks": thanks}
    event = record(ticket, actor=actor, kind=EventKind.CUSTOMER_WROTE, at=now, data=data)
    if ticket.assignee:
        notify(ticket, event, [ticket.assignee])
    tell(CustomerWrote, ticket, event)
    return message


def _only_thanks(ticket: Ticket, body: str) -> bool:
    """Whether it is a closing thanks; after a question of ours even an 'ok' is an answer."""
    if len(body) > LONGEST:
        return False
    replies = ticket.messages.filter(kind=Message.Kind.REPLY).select_related("author")
    last = replies.order_by("-id").first()
    if last is not None and asks_something(last.body):
        return False
    people = [person for person in (ticket.assignee, last and last.author) if person]
    names = [person.get_short_name() for person in people]
    return is_closing_thanks(body, names=[*names, organisation()["name"]])


@transaction.atomic
def end_waiting(*, actor: Actor, ticket_id: int) -> Ticket:
    """The customer has been silent for long: the ball is ours again, and somebody is told.

    A question for confirmation has a timer of its own and is left alone.
    """
    ticket = lock_ticket(ticket_id)
    waits = ticket.waiting_for_customer_since and not ticket.confirmation_asked_at
    if not ticket.is_open or not waits:
        return ticket
    ticket.waiting_for_customer_since = None
    save_change(ticket, "waiting_for_customer_since")
    event = record(ticket, actor=actor, kind=EventKind.CUSTOMER_SILENT)
    if ticket.assignee:
        notify(ticket, event, [ticket.assignee])
    elif ticket.team:
        notify_team(ticket, event, ticket.team, leads_only=True)
    tell(WaitingEnded, ticket, event)
    return ticket


@transaction.atomic
def add_internal_note(
    *,
    actor: Actor,
    ticket_id: int,
    body: str,
    files: Sequence[SentFile] = (),
    submission_key: str = "",
    expected_version: int | None = None,
) -> Message:
    """A note that only the desk sees; possible on a closed ticket too, for all who see the ticket.

    Who is named in it after an @ and may see the ticket gets a notice.
    """
    actor.require("work_ticket")
    if not visible_tickets(actor).filter(pk=ticket_id).exists():
        raise NotAllowed(_("This ticket lies with another team."))
    body, masked = checked_body(body)
    checked, kept = sort_files(files)
    # It tells the customer nothing: a reply that waits may go on waiting.
    ticket = lock_ticket(ticket_id, reply_leaves=False)
    if earlier := _earlier(ticket, submission_key, Message.Kind.NOTE, body):
        return earlier
    require_version(ticket, expected_version)
    now = clock.now()
    message = _say(ticket, Message.Kind.NOTE, actor, body, masked, checked, submission_key, now)
    attach_kept(message, kept)
    record(
        ticket,
        actor=actor,
        kind=EventKind.NOTED,
        at=now,
        data={"message": message.pk, "files": len(checked) + len(kept)},
    )
    tell_mentioned(ticket, message, actor=actor, at=now)
    return message


def _say(
    ticket: Ticket,
    kind: str,
    actor: Actor,
    body: str,
    masked: list[str],
    files: Sequence[CheckedFile],
    submission_key: str,
    at: datetime,
) -> Message:
    message = Message.objects.create(
        ticket=ticket,
        kind=kind,
        author=actor.user if kind != Message.Kind.CUSTOMER else None,
        customer=ticket.customer if kind == Message.Kind.CUSTOMER else None,
        body=body,
        masked=masked,
        sent_at=at,
        submission_key=submission_key or None,
    )
    store_files(message, files)
    return message


def checked_body(body: str) -> tuple[str, list[str]]:
    """The text and the kinds of secrets that were masked in it. Raises InvalidInput."""
    text = clean_text(body, field="body", max_length=MAX_BODY, multiline=True)
    if not text:
        message = _("Write something first.")
        raise InvalidInput(message, code="empty", fields={"body": message})
    hidden = mask_secrets(text)
    return hidden.text, sorted(hidden.kinds)


def _earlier(ticket: Ticket, submission_key: str, kind: str, body: str) -> Message | None:
    """The message that this submission made before; the key with other words is a mistake."""
    if not submission_key:
        return None
    message = ticket.messages.filter(submission_key=submission_key).first()
    if message is not None and (message.kind, message.body) != (kind, body):
        raise Conflict(
            _("This key was already used for another message."), code="submission_key_reused"
        )
    return message
