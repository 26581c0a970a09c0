"""What happens to a conversation by itself: warnings, the missed reply, the ticket after long silence."""

from __future__ import annotations

from datetime import datetime

from helpdesk.common.events import publish
from people.actors import SWEEP
from seller_chat.events import ReplyWarned
from seller_chat.models import Conversation, ReplyClock
from seller_chat.rule import running_time
from seller_chat.services.clocks import arm_timers, running_clock, settle
from seller_chat.services.letters import tell_shop
from seller_chat.services.parts import closed_spans, profile, record
from seller_chat.services.silence import open_silence_ticket
from seller_chat.timers import CONVERSATION, REPLY_DUE, REPLY_WARNING, SHOP_SILENT
from sla.models import Timer
from sla.timers import fires, locks


@locks(CONVERSATION)
def lock_free_conversations(ids: list[int]) -> dict[int, Conversation]:
    """Those in which nobody writes now, locked."""
    found = (
        Conversation.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
        .select_related("shop", "buyer")
        .filter(pk__in=ids)
        .order_by("pk")
    )
    return {each.pk: each for each in found}


@fires(REPLY_WARNING)
def _warns(timer: Timer, conversation: Conversation, now: datetime) -> None:
    """A sweep that comes late warns once, of the level reached by now."""
    clock = running_clock(conversation)
    if clock is None or clock.breached_at is not None:
        return
    spans = closed_spans(clock.shop_id, clock.opened_at)
    ran = running_time(clock.opened_at, now, spans) - clock.waived_for
    levels = profile()["warn_after_hours"]
    reached = sum(1 for hours in levels if ran.total_seconds() >= hours * 3600)
    if reached > clock.warned and (clock.due_at is None or now <= clock.due_at):
        _warn(conversation, clock, reached, levels[reached - 1], now)
    clock.warned = max(clock.warned, reached)
    clock.save(update_fields=["warned"])
    arm_timers(clock, spans)


def _warn(
    conversation: Conversation, clock: ReplyClock, level: int, hours: int, now: datetime
) -> None:
    event = record(
        conversation,
        actor=SWEEP,
        kind="reply_warned",
        at=now,
        clock=clock.pk,
        level=level,
        hours=hours,
    )
    tell_shop(event)
    publish(
        ReplyWarned(
            clock_id=clock.pk,
            shop_id=clock.shop_id,
            conversation_id=conversation.pk,
            hours=hours,
            due_at=clock.due_at,
        )
    )


@fires(REPLY_DUE)
def _missed(timer: Timer, conversation: Conversation, now: datetime) -> None:
    """Decided anew under the lock: an answer that came first has won.

    With an answer in review nothing happens now; who decides about it arms this again.
    """
    clock = running_clock(conversation)
    if clock is not None and settle(conversation, clock, now=now):
        arm_timers(clock, closed_spans(clock.shop_id, clock.opened_at))


@fires(SHOP_SILENT)
def _silent(timer: Timer, conversation: Conversation, now: datetime) -> None:
    clock = running_clock(conversation)
    # An answer in review, however late, is no silence; the decision about it arms this again.
    if clock is None or clock.breached_at is None:
        return
    open_silence_ticket(conversation, clock, now=now)
