"""The nightly check: every running clock must follow from its messages and the shop's Holiday Mode."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db.models import QuerySet

from seller_chat.models import ChatEvent, ReplyClock
from seller_chat.rule import INSTANT, running_time
from seller_chat.services.clocks import due_of, unanswered
from seller_chat.services.parts import closed_spans
from seller_chat.timers import CONVERSATION, REPLY_DUE
from sla.models import Timer

logger = logging.getLogger(__name__)
# Few enough that a part takes less than a second.
WINDOW = 200


def audit_clocks() -> Iterator[str]:
    """Every difference, a line each; what changed while it was read is looked at twice."""
    last = 0
    while window := list(_running().filter(pk__gt=last)[:WINDOW]):
        last = window[-1].pk
        first = differences_of_clocks(window)
        if first:
            again = _running().filter(pk__in=[each.pk for each in window])
            yield from sorted(set(first) & set(differences_of_clocks(again)))


def report_clocks() -> int:
    """As an error in the log, a line each; how many."""
    found = 0
    for line in audit_clocks():
        logger.error("reply clock: %s", line)
        found += 1
    return found


def _running() -> QuerySet[ReplyClock]:
    return ReplyClock.objects.filter(ended_at=None).select_related("conversation").order_by("pk")


def differences_of_clocks(clocks: Iterable[ReplyClock]) -> list[str]:
    return [line for clock in clocks for line in _differences(clock)]


def _differences(clock: ReplyClock) -> Iterator[str]:
    name = f"{clock.conversation.key} clock {clock.pk}"
    waiting = unanswered(clock.conversation)
    if not waiting or waiting[0].pk != clock.opened_by_id:
        yield f"{name}: another message waits first"
    elif clock.opened_at != waiting[0].delivered_at:
        yield f"{name}: it began at another moment than its message arrived"
    if clock.waived_for != _waived(clock):
        yield f"{name}: the time without a reply asked for is another"
    due = due_of(clock, closed_spans(clock.shop_id, clock.opened_at))
    if due != clock.due_at:
        yield f"{name}: due {clock.due_at}, by its history {due}"
    if clock.breached_at is None and _armed(clock) not in _expected(due):
        yield f"{name}: its timer is armed for another moment"


def _waived(clock: ReplyClock) -> timedelta:
    """Of the times between 'no reply needed' and 'I do want one', what ran."""
    total, since = timedelta(), None
    rows = ChatEvent.objects.filter(
        conversation=clock.conversation_id, kind__in=["waived", "waiver_undone"]
    )
    for event in rows.filter(data__clock=clock.pk).order_by("id"):
        if event.kind == "waived":
            since = event.at
        elif since is not None:
            total += running_time(since, event.at, closed_spans(clock.shop_id, since))
    return total


def _armed(clock: ReplyClock) -> datetime | None:
    found = Timer.objects.filter(
        kind=REPLY_DUE,
        subject_type=CONVERSATION,
        subject_id=clock.conversation_id,
        state=Timer.State.ARMED,
    )
    return found.values_list("due_at", flat=True).first()


def _expected(due: datetime | None) -> tuple[datetime | None, ...]:
    """None too where it has fired already and an answer in review holds the decision up."""
    return (due + INSTANT, None) if due is not None else (None,)
