"""A reply clock told so that anyone can check it: what started it, what held it up, what stopped it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from seller_chat.models import ChatEvent, Conversation, ReplyClock
from seller_chat.rule import Closed, running_time
from seller_chat.services.parts import closed_spans

TOLD = ("reply_warned", "waived", "waiver_undone")


@dataclass(frozen=True)
class ClockStory:
    """`counted`: the time that counts so far, or counted until it ended.

    `pauses` are the spans of Holiday Mode from its beginning to its end; `steps` the events
    `reply_warned` (with its hours), `waived` and `waiver_undone`, in turn.
    """

    clock: ReplyClock
    pauses: list[Closed]
    counted: timedelta
    steps: list[tuple[str, datetime, int | None]]
    ticket: str | None

    @property
    def counted_seconds(self) -> float:
        return self.counted.total_seconds()

    @property
    def waived_seconds(self) -> float:
        return self.clock.waived_for.total_seconds()


def stories_of(conversation: Conversation, now: datetime, *, last: int = 20) -> list[ClockStory]:
    """The latest clocks of the conversation, the latest first."""
    rows = (
        ReplyClock.objects.filter(conversation=conversation)
        .select_related("opened_by", "ended_by", "silence_ticket__ticket")
        .order_by("-id")[:last]
    )
    clocks = list(rows)
    if not clocks:
        return []
    spans = closed_spans(conversation.shop_id, min(each.opened_at for each in clocks))
    steps = _steps(conversation)
    return [_story(each, spans, steps[each.pk], now) for each in clocks]


def _steps(conversation: Conversation) -> dict[int, list[ChatEvent]]:
    found: dict[int, list[ChatEvent]] = defaultdict(list)
    for event in conversation.events.filter(kind__in=TOLD):
        found[event.data["clock"]].append(event)
    return found


def _story(clock: ReplyClock, spans: Any, events: list[ChatEvent], now: datetime) -> ClockStory:
    until = clock.ended_at or now
    ran = running_time(clock.opened_at, until, spans) - clock.waived_for
    link = getattr(clock, "silence_ticket", None)
    return ClockStory(
        clock=clock,
        pauses=sorted(
            (
                each
                for each in spans
                if each.begins < until and (each.ends is None or each.ends > clock.opened_at)
            ),
            key=lambda each: each.begins,
        ),
        counted=max(ran, timedelta()),
        steps=[(event.kind, event.at, event.data.get("hours")) for event in events],
        ticket=link.ticket.number if link is not None else None,
    )
