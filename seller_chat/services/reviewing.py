"""What officers decide about messages that moderation held back or doubted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from helpdesk.common.events import publish
from helpdesk.common.text import clean_text
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import User
from seller_chat.events import MessageJudged
from seller_chat.judging import rule_set
from seller_chat.models import ChatMessage, Conversation, ReplyClock, ReviewItem
from seller_chat.services.clocks import (
    arm_timers,
    begin_turn,
    running_clock,
    settle,
)
from seller_chat.services.parts import (
    Sender,
    State,
    closed_spans,
    hold_holidays,
    lock_conversation,
    record,
    side_of,
)
from seller_chat.services.sending import delivered

Outcome = ReviewItem.Outcome
MAX_REASON = 500


@transaction.atomic
def ask_second_look(
    *, actor: Actor, conversation_id: int, message_id: int, side: str = ""
) -> ReviewItem:
    """The sender of a held message asks a person to look at it; it goes to the head of the queue."""
    conversation = lock_conversation(conversation_id)
    whose = side_of(actor, conversation, side)
    item = (
        ReviewItem.objects.select_related("message")
        .filter(message=message_id, message__conversation=conversation, message__sender=whose)
        .first()
    )
    if item is None or item.decided_at is not None or item.message.state != State.HELD:
        raise WrongState(_("This message does not wait for a review."))
    if item.asked_at is None:
        item.asked_at = clock.now()
        item.save(update_fields=["asked_at"])
        record(
            conversation,
            actor=actor,
            kind="second_look_asked",
            at=item.asked_at,
            message=message_id,
            review=item.pk,
        )
    return item


def decide_review(
    *,
    actor: Actor,
    review_id: int,
    outcome: str,
    reason: str,
    labels: Sequence[str] = (),
) -> ReviewItem:
    """Release it, refuse it, or find a violation in it; takes effect at once.

    A held buyer's message that is released starts the clock now: the shop could not read it before.
    A shop's answer that is released counts from when it was written: the review is not its fault.
    """
    person = actor.require_person("review_messages")
    words = clean_text(reason, field="reason", max_length=MAX_REASON, multiline=True)
    item = ReviewItem.objects.select_related("message").get(pk=review_id)
    found = _checked(item.message, person, outcome, words, labels)
    with transaction.atomic():
        hold_holidays(item.message.shop_id)
        conversation = lock_conversation(item.message.conversation_id)
        item = ReviewItem.objects.select_related("message").get(pk=review_id)
        if item.decided_at is not None:
            raise WrongState(_("Somebody has decided about this message already."))
        _require_fitting(item, outcome)
        now = clock.now()
        item.outcome, item.reason, item.labels = outcome, words, list(found)
        item.decided_at, item.decided_by = now, person
        item.save()
        record(
            conversation,
            actor=actor,
            kind="reviewed",
            at=now,
            message=item.message_id,
            review=item.pk,
            outcome=str(outcome),
            labels=list(found),
        )
        if item.message.state == State.HELD:
            _take_effect(conversation, item.message, outcome, actor=actor, now=now)
        publish(
            MessageJudged(
                review_id=item.pk,
                message_id=item.message_id,
                shop_id=item.message.shop_id,
                sender=item.message.sender,
                outcome=str(outcome),
                labels=tuple(found),
                decided_by=person.pk,
                at=now,
            )
        )
    return item


def _checked(
    message: ChatMessage, person: User, outcome: str, reason: str, labels: Sequence[str]
) -> list[str]:
    """The violations found. Raises InvalidInput, NotAllowed."""
    problems: dict[str, str] = {}
    if outcome not in Outcome.values:
        problems["outcome"] = _("This value is not known.")
    if not reason:
        problems["reason"] = _("Say why.")
    known = rule_set().labels
    found = list(dict.fromkeys(labels)) if outcome == Outcome.CONFIRMED else []
    if any(label not in known for label in found):
        problems["labels"] = _("This value is not known.")
    if outcome == Outcome.CONFIRMED and not found:
        problems["labels"] = _("Say which guideline it goes against.")
    if problems:
        raise InvalidInput(_("Please mend the marked fields."), fields=problems)
    if message.author_id == person.pk:
        raise NotAllowed(_("Nobody decides about a message of their own."))
    return found


def _require_fitting(item: ReviewItem, outcome: str) -> None:
    if outcome == Outcome.REFUSED and item.message.state != State.HELD:
        message = _("This message was delivered. Allow it, or confirm a violation.")
        raise InvalidInput(message, code="delivered_already", fields={"outcome": message})


def _take_effect(
    conversation: Conversation,
    message: ChatMessage,
    outcome: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    if outcome == Outcome.RELEASED:
        message.state, message.delivered_at = State.DELIVERED, now
        message.save(update_fields=["state", "delivered_at"])
        delivered(conversation, message, actor=actor, now=now)
        if message.sender == Sender.SELLER:
            _answered_earlier(conversation, message)
            begin_turn(conversation, actor=actor, now=now)
        return
    message.state = State.REFUSED
    message.save(update_fields=["state"])
    if message.sender == Sender.SELLER:
        _no_answer_after_all(conversation, message, now)


def _answered_earlier(conversation: Conversation, message: ChatMessage) -> None:
    """It was written while a clock ran that a later answer ended: that clock ended with this one."""
    clock_then = ReplyClock.objects.filter(
        conversation=conversation, opened_at__lte=message.sent_at, ended_at__gt=message.sent_at
    ).first()
    if clock_then is not None:
        clock_then.ended_at, clock_then.ended_by = message.sent_at, message
        clock_then.ended_how = ReplyClock.Ended.REPLIED
        clock_then.save(update_fields=["ended_at", "ended_by", "ended_how"])


def _no_answer_after_all(conversation: Conversation, message: ChatMessage, now: datetime) -> None:
    """What waited for this decision is due now: the promise of that time was kept or it was not."""
    waited = ReplyClock.objects.filter(
        conversation=conversation, opened_at__lte=message.sent_at, breached_at=None
    )
    for each in waited:
        settle(conversation, each, now=now)
    running = running_clock(conversation)
    if running is not None:
        arm_timers(running, closed_spans(conversation.shop_id, running.opened_at))
