"""The 24-hour clock of a turn: begun, ended, missed. Call all of it under the conversation's lock.

A turn begins with the first message of the buyer that reached the shop and was not answered; an
answer is what the shop wrote (at that moment, even if a review let it through later), an automatic
reply or a FAQ answer. See docs/buyer-messages.md for the rule in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Max

from helpdesk.common.events import publish
from people.actors import SWEEP, Actor
from seller_chat.events import ReplyMissed
from seller_chat.models import ChatMessage, Conversation, ConversationTicket, ReplyClock
from seller_chat.rule import INSTANT, Closed, moment_after
from seller_chat.services.parts import Sender, State, closed_spans, profile, record
from seller_chat.timers import CONVERSATION, REPLY_DUE, REPLY_WARNING, SHOP_SILENT
from sla.services import arm, disarm

KINDS = (REPLY_WARNING, REPLY_DUE, SHOP_SILENT)


def running_clock(conversation: Conversation) -> ReplyClock | None:
    return ReplyClock.objects.filter(conversation=conversation, ended_at=None).first()


def unanswered(conversation: Conversation) -> list[ChatMessage]:
    """The buyer's messages that wait for an answer, in the order in which they arrived."""
    delivered = ChatMessage.objects.filter(conversation=conversation, state=State.DELIVERED)
    answered = delivered.exclude(sender=Sender.BUYER).aggregate(at=Max("sent_at"))["at"]
    waiting = delivered.filter(
        sender=Sender.BUYER, reply_waived_at__isnull=True, excluded_at__isnull=True
    )
    if answered is not None:
        waiting = waiting.filter(delivered_at__gt=answered)
    return list(waiting.order_by("delivered_at", "id"))


def begin_turn(conversation: Conversation, *, actor: Actor, now: datetime) -> ReplyClock | None:
    """Start the clock of the first unanswered message, unless one runs; None where all is answered."""
    if running := running_clock(conversation):
        return running
    waiting = unanswered(conversation)
    if not waiting:
        return None
    first = waiting[0]
    began = first.delivered_at or first.sent_at
    clock = ReplyClock(
        conversation=conversation,
        shop_id=conversation.shop_id,
        opened_by=first,
        opened_at=began,
        hours=profile()["reply_hours"],
    )
    spans = closed_spans(conversation.shop_id, began)
    clock.due_at = due_of(clock, spans)
    clock.save()
    _note_due(conversation, clock, actor=actor, now=now)
    arm_timers(clock, spans)
    return clock


def due_of(clock: ReplyClock, spans: Sequence[Closed]) -> datetime | None:
    return moment_after(clock.opened_at, clock.allowed + clock.waived_for, spans)


def arm_timers(clock: ReplyClock, spans: Sequence[Closed]) -> None:
    """What will happen by itself to this running clock; what cannot be known yet waits unarmed."""
    _arm_or_not(clock, REPLY_WARNING, _next_warning(clock, spans))
    missed_at = clock.due_at if clock.breached_at is None else None
    _arm_or_not(clock, REPLY_DUE, missed_at and missed_at + INSTANT)
    silent = None
    if not ConversationTicket.objects.filter(clock=clock).exists():
        hours = timedelta(hours=profile()["silence_hours"])
        silent = moment_after(clock.opened_at, hours + clock.waived_for, spans)
    _arm_or_not(clock, SHOP_SILENT, silent and silent + INSTANT)


def _next_warning(clock: ReplyClock, spans: Sequence[Closed]) -> datetime | None:
    ahead = profile()["warn_after_hours"][clock.warned :]
    if not ahead or clock.breached_at is not None:
        return None
    return moment_after(clock.opened_at, timedelta(hours=ahead[0]) + clock.waived_for, spans)


def _arm_or_not(clock: ReplyClock, kind: str, at: datetime | None) -> None:
    if at is None:
        disarm(CONVERSATION, clock.conversation_id, kind)
    else:
        arm(kind, CONVERSATION, clock.conversation_id, at)


def end_turn(
    conversation: Conversation,
    clock: ReplyClock,
    *,
    actor: Actor,
    how: str,
    at: datetime,
    by: ChatMessage | None = None,
) -> None:
    """Stop the clock; late is late, whether or not a sweep has seen it yet."""
    clock.ended_at, clock.ended_how, clock.ended_by = at, how, by
    clock.save(update_fields=["ended_at", "ended_how", "ended_by"])
    disarm(CONVERSATION, conversation.pk, *KINDS)
    record(
        conversation,
        actor=actor,
        kind="reply_ended",
        at=at,
        clock=clock.pk,
        how=how,
        message=by.pk if by else None,
    )
    if how != ReplyClock.Ended.EXCLUDED:
        settle(conversation, clock, now=at)


def settle(conversation: Conversation, clock: ReplyClock, *, now: datetime) -> bool:
    """Whether the promise was broken by now; that is written down and told once.

    While an answer that was written in time lies with the reviewers, nothing is broken yet.
    """
    until = clock.ended_at or now
    if clock.breached_at is not None or clock.due_at is None or until <= clock.due_at:
        return False
    if answer_in_review(clock):
        return False
    clock.breached_at = clock.due_at
    clock.save(update_fields=["breached_at"])
    record(
        conversation,
        actor=SWEEP,
        kind="reply_missed",
        at=now,
        clock=clock.pk,
        message=clock.opened_by_id,
        due_at=clock.due_at.isoformat(),
    )
    publish(
        ReplyMissed(
            clock_id=clock.pk,
            shop_id=clock.shop_id,
            conversation_id=clock.conversation_id,
            message_id=clock.opened_by_id,
            due_at=clock.due_at,
        )
    )
    return True


def answer_in_review(clock: ReplyClock) -> bool:
    """Whether the shop wrote something in time that moderation held back and nobody judged yet."""
    return ChatMessage.objects.filter(
        conversation_id=clock.conversation_id,
        sender=Sender.SELLER,
        state=State.HELD,
        sent_at__gte=clock.opened_at,
        sent_at__lte=clock.due_at,
    ).exists()


def reopen(
    conversation: Conversation, clock: ReplyClock, *, actor: Actor, now: datetime, kept: timedelta
) -> None:
    """The waiver was undone: the time that was left goes on. `kept` did not count meanwhile."""
    clock.ended_at, clock.ended_how, clock.ended_by = None, "", None
    clock.waived_for += kept
    move(conversation, clock, actor=actor, now=now, again=True)


def move(
    conversation: Conversation,
    clock: ReplyClock,
    *,
    actor: Actor,
    now: datetime,
    again: bool = False,
) -> None:
    """Compute the deadline anew, after whatever it follows from has changed."""
    spans = closed_spans(clock.shop_id, clock.opened_at)
    before, clock.due_at = clock.due_at, due_of(clock, spans)
    clock.save()
    arm_timers(clock, spans)
    if again or before != clock.due_at:
        _note_due(conversation, clock, actor=actor, now=now, again=again)


def _note_due(
    conversation: Conversation, clock: ReplyClock, *, actor: Actor, now: datetime, **more: bool
) -> None:
    record(
        conversation,
        actor=actor,
        kind="reply_due",
        at=now,
        clock=clock.pk,
        message=clock.opened_by_id,
        due_at=clock.due_at.isoformat() if clock.due_at else None,
        **more,
    )
