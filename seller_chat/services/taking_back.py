"""What ends a clock without an answer: nothing to answer, or nobody who needs one."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.http import Http404

from bahasa.thanks import is_closing_thanks
from helpdesk.common import clock
from helpdesk.common.errors import NotAllowed, WrongState
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from seller_chat.models import ChatMessage, Conversation, ReplyClock
from seller_chat.rule import running_time
from seller_chat.services.clocks import begin_turn, end_turn, reopen, running_clock, unanswered
from seller_chat.services.parts import (
    Sender,
    State,
    closed_spans,
    hold_holidays,
    lock_conversation,
    record,
    require_side,
    side_of,
)

Ended = ReplyClock.Ended


@transaction.atomic
def delete_message(
    *, actor: Actor, conversation_id: int, message_id: int, side: str = ""
) -> ChatMessage:
    """Take back one's own delivered message; its words stay on record for reviewers.

    An answer that stopped a clock cannot be taken back: it would stop the clock and say nothing.
    """
    conversation = _locked(conversation_id)
    whose = side_of(actor, conversation, side)
    message = _message_of(conversation, message_id)
    if message.sender != whose:
        raise NotAllowed(_("Only its sender can delete a message."))
    if message.state == State.DELETED:
        return message
    if message.state != State.DELIVERED:
        raise WrongState(_("A message in review cannot be deleted."))
    if whose == Sender.SELLER and message.ended_clocks.exists():
        raise WrongState(_("This answer stopped the 24-hour clock and cannot be deleted."))
    now = clock.now()
    message.state, message.deleted_at = State.DELETED, now
    message.save(update_fields=["state", "deleted_at"])
    record(conversation, actor=actor, kind="deleted", at=now, message=message.pk, sender=whose)
    if whose == Sender.BUYER:
        _end_if_its_opener_is_gone(conversation, actor, Ended.DELETED)
    return message


@transaction.atomic
def waive_reply(*, actor: Actor, conversation_id: int, side: str = "") -> None:
    """'No reply needed': the shop says so of closing thanks, and the clock stops.

    What asks for anything at all needs an answer, however short. Waiving twice changes nothing.
    """
    conversation = _locked(conversation_id)
    require_side(actor, conversation, Sender.SELLER, side)
    running, waiting, now = running_clock(conversation), unanswered(conversation), clock.now()
    if running is None:
        raise WrongState(_("No reply is owed here."))
    names = (conversation.shop.name,)
    if not all(is_closing_thanks(message.body, names=names) for message in waiting):
        raise WrongState(
            _("Only closing thanks need no reply. Answer this message, a short reply is enough."),
            code="not_closing_thanks",
        )
    ChatMessage.objects.filter(pk__in=[message.pk for message in waiting]).update(
        reply_waived_at=now
    )
    record(conversation, actor=actor, kind="waived", at=now, clock=running.pk)
    end_turn(conversation, running, actor=actor, how=Ended.WAIVED, at=now)


@transaction.atomic
def undo_waiver(*, actor: Actor, conversation_id: int, side: str = "") -> None:
    """The buyer does want a reply: the clock goes on with the time that was left."""
    conversation = _locked(conversation_id)
    require_side(actor, conversation, Sender.BUYER, side)
    last = ReplyClock.objects.filter(conversation=conversation).order_by("-id").first()
    if last is None or last.ended_how != Ended.WAIVED or last.ended_at is None:
        raise WrongState(_("There is no reply to ask for. Write a message."))
    waived = conversation.messages.filter(reply_waived_at=last.ended_at)
    later = conversation.messages.filter(sent_at__gt=last.ended_at).exclude(state=State.REFUSED)
    if later.exists():
        raise WrongState(_("The conversation has gone on since. Write a message."))
    now = clock.now()
    waived.update(reply_waived_at=None)
    record(conversation, actor=actor, kind="waiver_undone", at=now, clock=last.pk)
    kept = running_time(last.ended_at, now, closed_spans(conversation.shop_id, last.ended_at))
    reopen(conversation, last, actor=actor, now=now, kept=kept)


@transaction.atomic
def exclude_messages(*, actor: Actor, conversation_id: int, message_ids: Sequence[int]) -> int:
    """A verified report about the buyer: these messages need no answer and count for nothing.

    For the service that verifies reports. Returns how many were not excluded before.
    """
    conversation = _locked(conversation_id)
    now = clock.now()
    fresh = conversation.messages.filter(
        pk__in=message_ids, sender=Sender.BUYER, excluded_at__isnull=True
    ).update(excluded_at=now)
    if fresh:
        record(conversation, actor=actor, kind="excluded", at=now, messages=sorted(message_ids))
        _end_if_its_opener_is_gone(conversation, actor, Ended.EXCLUDED)
    return fresh


def _locked(conversation_id: int) -> Conversation:
    shop_id = Conversation.objects.values_list("shop_id", flat=True).get(pk=conversation_id)
    hold_holidays(shop_id)
    return lock_conversation(conversation_id)


def _message_of(conversation: Conversation, message_id: int) -> ChatMessage:
    message = conversation.messages.filter(pk=message_id).first()
    if message is None:
        raise Http404("message")
    return message


def _end_if_its_opener_is_gone(conversation: Conversation, actor: Actor, how: Ended) -> None:
    """The clock was that message's; of what still waits, the first begins a clock of its own."""
    running, now = running_clock(conversation), clock.now()
    if running is None or running.opened_by_id in {each.pk for each in unanswered(conversation)}:
        return
    end_turn(conversation, running, actor=actor, how=how, at=now)
    begin_turn(conversation, actor=actor, now=now)
