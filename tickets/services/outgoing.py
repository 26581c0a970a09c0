"""Replies that may be taken back for some seconds; until they leave, nothing has happened.

A reply that waits is a row of its own. It is tried when it is written: what would be refused is
refused then. It leaves by its timer (the sla app arms it), by its author's own page, or before
anything else changes the ticket, whichever comes first, always under the ticket's lock and by the
same `reply_to_customer` or `send_macro` that sends at once. So a process that dies, or a broker that
stands still, can neither lose nor double it, and nothing crosses it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError, transaction
from django.http import Http404

from helpdesk.common import clock, writes
from helpdesk.common.errors import Conflict, NotAllowed, Refusal
from helpdesk.common.events import hears
from helpdesk.common.wording import gettext as _
from people.actors import Actor, of_user
from people.models import User
from tickets.events import ReplyMustLeave, ReplySettled, ReplyWaits
from tickets.models import Draft, EventKind, KeptFile, Message, OutgoingReply, Ticket
from tickets.services.attachments import SentFile, keep_files, kept_files, sort_files
from tickets.services.changes import (
    after_waiting_reply,
    lock_ticket,
    record,
    require_version,
    save_change,
    tell,
)
from tickets.services.conversation import checked_body, reply_to_customer
from tickets.services.drafts import drop_draft, put_back_draft
from tickets.services.macros import send_macro
from tickets.services.notices import notify

logger = logging.getLogger(__name__)

LONGEST_UNDO = 60
# A promise to the customer that ends within this after the reply would leave is kept by sending now.
MARGIN = timedelta(seconds=30)
State = OutgoingReply.State


class _Tried(Exception):
    pass


@dataclass(frozen=True)
class Written:
    """A reply as its author sends it; `kept` names files of their draft, `macro_id` the macro whose
    steps go with it, `seen` the last message that they have seen."""

    body: str
    files: Sequence[UploadedFile] = ()
    kept: Sequence[str] = ()
    waiting: bool = False
    macro_id: int | None = None
    submission_key: str = ""
    seen: int | None = None


@transaction.atomic
def send_reply(
    written: Written,
    *,
    actor: Actor,
    ticket_id: int,
    expected_version: int | None = None,
    undo_seconds: int | None = None,
    ends_draft: bool = False,
) -> OutgoingReply:
    """Answer the customer so that the answer can be taken back for `undo_seconds` (None: as set).

    Sent at once with 0 seconds, and where a promise to the customer would run out meanwhile; its
    `state` tells. `ends_draft` throws away what is left of the draft. The same `submission_key`
    again answers with what it made first. Raises as `reply_to_customer` and `send_macro`; Conflict
    ("reply_taken_back") for a key whose reply was.
    """
    person = actor.require_person("reply_ticket")
    text, _kinds = checked_body(written.body)
    ticket = lock_ticket(ticket_id, reply_leaves=False)
    if earlier := _earlier(ticket, written.submission_key, text):
        return earlier
    require_version(ticket, expected_version)
    if ticket.reply_leaves_at is not None:
        ticket = after_waiting_reply(ticket)
    kept = kept_files(ticket, person, written.kept)
    now = clock.now()
    reply = OutgoingReply(
        ticket=ticket,
        author=person,
        body=text,
        waiting=written.waiting,
        macro_id=written.macro_id,
        submission_key=written.submission_key or None,
        written_at=now,
        leaves_at=now + timedelta(seconds=_seconds(undo_seconds)),
    )
    if reply.leaves_at == now or _promise_ends_by(reply, reply.leaves_at + MARGIN):
        reply.message = _send(reply, actor, files=[*written.files, *kept], seen=written.seen)
        reply.state, reply.settled_at = State.SENT, now
        reply.save()
    else:
        _let_wait(reply, actor, written, kept)
    if ends_draft:
        drop_draft(person, ticket_id, Draft.Mode.REPLY)
    return reply


def _let_wait(
    reply: OutgoingReply, actor: Actor, written: Written, kept: Sequence[KeptFile]
) -> None:
    fresh, _kept = sort_files([*written.files, *kept])
    _try(reply, actor, written.seen)
    reply.save()
    ticket = reply.ticket
    keep_files(fresh, ticket=ticket, user=reply.author, outgoing=reply)
    KeptFile.objects.filter(pk__in=[file.pk for file in kept]).update(outgoing=reply)
    ticket.reply_leaves_at = reply.leaves_at
    save_change(ticket, "reply_leaves_at")
    data = {"outgoing": reply.pk, "leaves_at": reply.leaves_at.isoformat()}
    event = record(ticket, actor=actor, kind=EventKind.REPLY_WAITS, at=reply.written_at, data=data)
    tell(ReplyWaits, ticket, event)


@transaction.atomic
def take_back_reply(*, actor: Actor, ticket_id: int, outgoing_id: int) -> OutgoingReply:
    """Its author thinks again: the reply becomes the draft it was, with files and macro.

    What was drafted since stays behind its text. Taking back twice is once. Raises Http404,
    NotAllowed for anybody else, Conflict ("reply_left") when it has left.
    """
    ticket = lock_ticket(ticket_id, reply_leaves=False)
    reply = _of_author(ticket, actor, outgoing_id)
    if reply.state == State.TAKEN_BACK:
        return reply
    _require_waiting(reply)
    _settle(reply, ticket, State.TAKEN_BACK)
    put_back_draft(reply)
    event = record(
        ticket, actor=actor, kind=EventKind.REPLY_TAKEN_BACK, data={"outgoing": reply.pk}
    )
    tell(ReplySettled, ticket, event)
    return reply


@transaction.atomic
def send_waiting_reply(*, actor: Actor, ticket_id: int, outgoing_id: int) -> OutgoingReply:
    """Its author waits no longer. Sending twice is once. Raises Http404, NotAllowed, Conflict."""
    ticket = lock_ticket(ticket_id, reply_leaves=False)
    reply = _of_author(ticket, actor, outgoing_id)
    if reply.state != State.SENT:
        _require_waiting(reply)
        _leave(ticket)
        reply.refresh_from_db()
    return reply


@transaction.atomic
def let_reply_leave(*, ticket_id: int) -> None:
    """The time is up, or somebody else's answer would cross it. Nothing waiting is no mistake."""
    ticket = lock_ticket(ticket_id, reply_leaves=False)
    if ticket.reply_leaves_at is not None:
        _leave(ticket)


@hears(ReplyMustLeave)
def _leave_before_a_change(news: ReplyMustLeave) -> None:
    _leave(news.ticket)


def waiting_reply(ticket: Ticket) -> OutgoingReply | None:
    """The reply that leaves next, with its author."""
    rows = ticket.outgoing_replies.filter(state=State.WAITING)
    return rows.select_related("author").first()


def _leave(ticket: Ticket) -> None:
    """Send it. What is refused now although it was tried (its author left, the macro was put away),
    or fails, becomes a draft again, and its author is told."""
    reply = waiting_reply(ticket)
    if reply is None:
        raise RuntimeError(f"no reply waits on ticket {ticket.pk}")
    ticket.reply_leaves_at = None
    writes.update(ticket, "reply_leaves_at")
    actor = of_user(reply.author)
    try:
        with transaction.atomic():
            message = _send(reply, actor, files=list(reply.files.all()))
    except OperationalError:
        raise  # The database is away or somebody holds a lock: it is tried again.
    except Exception as reason:
        # Nor may a fault of ours keep everybody from changing the ticket.
        if not isinstance(reason, (Refusal, Http404)):
            logger.exception("waiting reply %s could not leave", reply.pk)
        _could_not_leave(reply, reason)
        return
    fresh = lock_ticket(ticket.pk)
    _settle(reply, fresh, State.SENT, message)
    event = fresh.events.filter(kind=EventKind.REPLIED).latest("id")
    tell(ReplySettled, fresh, event)


def _could_not_leave(reply: OutgoingReply, reason: Exception) -> None:
    ticket = lock_ticket(reply.ticket_id)
    _settle(reply, ticket, State.REFUSED)
    put_back_draft(reply)
    code, why = _why_not(reason)
    event = record(
        ticket,
        actor=of_user(reply.author),
        kind=EventKind.REPLY_NOT_SENT,
        data={"outgoing": reply.pk, "code": code},
        note=why,
    )
    notify(ticket, event, _told(ticket, reply.author))
    tell(ReplySettled, ticket, event)


def _why_not(reason: Exception) -> tuple[str, str]:
    if isinstance(reason, Refusal):
        return reason.code, str(reason)
    if isinstance(reason, Http404):
        return "not_found", _("The macro is no longer there.")
    return "fault", _("Something went wrong here; it is in the log. Please send it anew.")


def _told(ticket: Ticket, author: User) -> list[User]:
    return [person for person in (author, ticket.assignee) if person is not None]


def _settle(
    reply: OutgoingReply, ticket: Ticket, state: str, message: Message | None = None
) -> None:
    reply.state, reply.settled_at, reply.message = state, clock.now(), message
    reply.save(update_fields=["state", "settled_at", "message"])
    ticket.reply_leaves_at = None
    save_change(ticket, "reply_leaves_at")


def _send(
    reply: OutgoingReply,
    actor: Actor,
    *,
    files: Sequence[SentFile] = (),
    seen: int | None = None,
) -> Message:
    said: dict[str, Any] = {
        "actor": actor,
        "ticket_id": reply.ticket_id,
        "body": reply.body,
        "files": files,
        "wait_for_customer": reply.waiting,
        "submission_key": reply.submission_key or "",
        "seen": seen,
    }
    if reply.macro_id is None:
        return reply_to_customer(**said)
    return send_macro(macro_id=reply.macro_id, kind=Message.Kind.REPLY, **said)


def _try(reply: OutgoingReply, actor: Actor, seen: int | None) -> None:
    """Send it and undo that: everything that could be refused is refused while its author looks."""
    try:
        with transaction.atomic():
            _send(reply, actor, seen=seen)
            raise _Tried
    except _Tried:
        return


def _earlier(ticket: Ticket, key: str, body: str) -> OutgoingReply | None:
    """What this submission made before; the key with other words is a mistake."""
    reply = ticket.outgoing_replies.filter(submission_key=key).first() if key else None
    if reply is None:
        return None
    if reply.body != body:
        raise Conflict(
            _("This key was already used for another message."), code="submission_key_reused"
        )
    if reply.state in (State.TAKEN_BACK, State.REFUSED):
        raise Conflict(
            _("This reply was taken back. Reload the page, then send it anew."),
            code="reply_taken_back",
        )
    return reply


def _seconds(wanted: int | None) -> int:
    return min(settings.UNDO_SEND_SECONDS if wanted is None else wanted, LONGEST_UNDO)


def _promise_ends_by(reply: OutgoingReply, moment: datetime) -> bool:
    """The sla app keeps the clocks and lies above this one: they are reached through the ticket.

    A macro may close the ticket, and any reply may pause the solution's clock for the customer.
    """
    does_more = reply.waiting or reply.macro_id is not None
    kept = ["first_response", "next_update", *(["resolution"] if does_more else [])]
    running = reply.ticket.clocks.filter(state="running", metric__in=kept)
    return bool(running.filter(due_at__gt=reply.written_at, due_at__lte=moment).exists())


def _of_author(ticket: Ticket, actor: Actor, outgoing_id: int) -> OutgoingReply:
    reply = ticket.outgoing_replies.filter(pk=outgoing_id).select_related("author").first()
    if reply is None:
        raise Http404("outgoing reply")
    if actor.user is None or actor.user.pk != reply.author_id:
        raise NotAllowed(_("Only who wrote this reply may take it back or hurry it."))
    return reply


def _require_waiting(reply: OutgoingReply) -> None:
    if reply.state == State.SENT:
        raise Conflict(_("This reply has already left."), code="reply_left")
    if reply.state != State.WAITING:
        raise Conflict(
            _("This reply was not sent. Its text is in your draft."), code="reply_not_sent"
        )
