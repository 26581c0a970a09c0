"""Promises that an event called off, and that hold again because the event was undone."""

from __future__ import annotations

from sla.models import Clock, ClockEvent, Metric
from sla.services.clock_log import Story
from sla.services.clocks import OWED_TO_CUSTOMER, UNFINISHED, OpenClocks
from sla.targets import used_before_last
from tickets.models import TicketEvent

Kind = ClockEvent.Kind


def restore(clocks: OpenClocks, ended_by: TicketEvent) -> list[Clock]:
    """Take back that `ended_by` called promises off: as though it had never been.

    No deadline moves by it; one that lies behind by now fires with the next sweep.
    """
    ended = ClockEvent.objects.filter(cause=ended_by, kind=Kind.CANCELLED).values("clock")
    rows = list(Clock.objects.filter(pk__in=ended).prefetch_related("log").order_by("id"))
    for clock in rows:
        _take_back(clock)
        clocks.hold_again(clock)
    return rows


def owe_news(clocks: list[Clock]) -> bool:
    """One that the customer waits for was missed, and none runs that says when they hear from us."""
    missed = any(
        clock.metric in OWED_TO_CUSTOMER and clock.state == Clock.State.BREACHED for clock in clocks
    )
    running = (c.metric == Metric.NEXT_UPDATE and c.state in UNFINISHED for c in clocks)
    return missed and not any(running)


def _take_back(clock: Clock) -> None:
    undone = ClockEvent(
        kind=Kind.RESTORED,
        due_at=clock.due_at,
        basis=clock.basis,
        policy_version=clock.policy_version,
    )
    story = Story().read([*clock.log.all(), undone])
    for name in ("state", "paused_at", "met_at", "cancelled_at"):
        setattr(clock, name, getattr(story, name))
    clock.used = used_before_last(clock.decided_by, story.runs)
