"""Writing: moderated, masked, stored, and delivered unless it was held back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput
from helpdesk.common.text import clean_text
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.services import count_attempt
from seller_chat.judging import Judged, Verdict, judge
from seller_chat.models import (
    ChatAttachment,
    ChatMessage,
    Conversation,
    ModerationDecision,
    ReplyClock,
    ReviewItem,
)
from seller_chat.selectors import require_may_write
from seller_chat.services.automatic import answer_by_itself
from seller_chat.services.clocks import begin_turn, end_turn, running_clock
from seller_chat.services.parts import (
    Sender,
    State,
    feeds,
    hold_holidays,
    lock_conversation,
    profile,
    record,
    side_of,
)
from tickets.services import CheckedFile, check_files, store_all


@dataclass(frozen=True)
class Sent:
    """`created` is False for a repeat of the same submission."""

    message: ChatMessage
    created: bool


def send_message(
    *,
    actor: Actor,
    conversation_id: int,
    body: str,
    side: str = "",
    files: Sequence[UploadedFile] = (),
    submission_key: str = "",
) -> Sent:
    """Say something, as the buyer or as the shop; the state of the message tells what became of it.

    `side` is for connected systems, which speak for either. The same `submission_key` again answers
    with the first message (other words with it: Conflict).
    """
    conversation = Conversation.objects.select_related("buyer").get(pk=conversation_id)
    sender = side_of(actor, conversation, side)
    text = _text(body, files)
    key = clean_text(submission_key, field="submission_key", max_length=64)
    if not feeds(actor) and actor.user is not None:
        limit = profile()["messages_per_ten_minutes"]
        count_attempt("chat", str(actor.user.pk), limit=limit, per=timedelta(minutes=10))
    # Before the lock: reading a text and a file takes longer than a row should wait.
    judged, checked = judge(sender, text), check_files(files)
    with transaction.atomic():
        hold_holidays(conversation.shop_id)
        conversation = lock_conversation(conversation_id)
        if earlier := _earlier(conversation, key, sender, judged):
            return Sent(earlier, created=False)
        if sender == Sender.SELLER:
            require_may_write(conversation)
        message = _store(conversation, actor, sender, judged, checked, key)
    return Sent(message, created=True)


def _text(body: str, files: Sequence[UploadedFile]) -> str:
    limit = int(profile()["longest_message"])
    text = clean_text(body, field="body", max_length=limit, multiline=True)
    if not text and not files:
        message = _("Write something, or attach a file.")
        raise InvalidInput(message, code="nothing_said", fields={"body": message})
    return text


def _earlier(
    conversation: Conversation, key: str, sender: str, judged: Judged
) -> ChatMessage | None:
    found = conversation.messages.filter(submission_key=key).first() if key else None
    if found is not None and (found.body, found.sender) != (judged.body, sender):
        raise Conflict(
            _("This key was already used for another message."), code="submission_key_reused"
        )
    return found


def _store(
    conversation: Conversation,
    actor: Actor,
    sender: str,
    judged: Judged,
    files: Sequence[CheckedFile],
    key: str,
) -> ChatMessage:
    now = clock.now()
    held = judged.verdict == Verdict.CLEAR
    message = ChatMessage.objects.create(
        conversation=conversation,
        shop_id=conversation.shop_id,
        sender=sender,
        author=actor.user,
        body=judged.body,
        masked=list(judged.masked),
        state=State.HELD if held else State.DELIVERED,
        sent_at=now,
        delivered_at=None if held else now,
        submission_key=key or None,
    )
    store_all(lambda: ChatAttachment(message=message), files)
    _write_verdict(message, judged, now)
    record(
        conversation,
        actor=actor,
        kind="held" if held else "sent",
        at=now,
        message=message.pk,
        sender=sender,
        files=len(files),
        masked=list(judged.masked),
        verdict=judged.verdict,
        labels=list(judged.labels),
    )
    if not held:
        delivered(conversation, message, actor=actor, now=now)
    return message


def _write_verdict(message: ChatMessage, judged: Judged, now: datetime) -> None:
    ModerationDecision.objects.create(
        message=message,
        verdict=judged.verdict,
        labels=list(judged.labels),
        reasons=judged.reasons,
        confidence=judged.confidence,
        rules_version=judged.rules_version,
        model_version=judged.model_version,
        at=now,
    )
    cause = {
        Verdict.CLEAR: ReviewItem.Cause.HELD,
        Verdict.DOUBTFUL: ReviewItem.Cause.DOUBTFUL,
        Verdict.FAILED: ReviewItem.Cause.FAILED,
    }.get(Verdict(judged.verdict))
    if cause is not None:
        ReviewItem.objects.create(message=message, cause=cause, opened_at=now)


def delivered(
    conversation: Conversation, message: ChatMessage, *, actor: Actor, now: datetime
) -> None:
    """What a message brings about once the other side has it: a clock begins, or ends."""
    conversation.last_message_at = now
    conversation.save(update_fields=["last_message_at"])
    if message.sender == Sender.BUYER:
        begin_turn(conversation, actor=actor, now=now)
        answer_by_itself(conversation, message, now=now)
        return
    running = running_clock(conversation)
    if running is not None and running.opened_at <= message.sent_at:
        how = ReplyClock.Ended.REPLIED
        end_turn(conversation, running, actor=actor, how=how, at=message.sent_at, by=message)
