"""The nightly check: every stored deadline must follow from history and policy.

Recomputes the clocks of all open tickets from their events and compares them with what is stored,
together with the armed timers and the deadline that queues sort by. Changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Prefetch

from sla.models import Clock, Metric, Timer
from sla.services.clocks import STILL_COUNTS, TICKET, most_urgent, timer_kind, warning_moment
from sla.services.history import Account, Promise
from sla.targets import deadline_for
from tickets.models import Ticket
from tickets.states import OPEN_STATES, State

CHUNK = 500
CLOCK_KINDS = {timer_kind(metric): metric for metric in Metric.values}
ON_CLOSED = "sla.reopen_window"
WHILE_ASKED = "sla.confirmation"
WHILE_WAITING = "sla.customer_silent"


@dataclass(frozen=True)
class Difference:
    """One thing stored on a ticket that does not follow from its history."""

    number: str
    what: str

    def __str__(self) -> str:
        return f"{self.number}: {self.what}"


def audit_deadlines() -> Iterator[Difference]:
    """Every difference, over all open tickets and over what closed ones may have left running."""
    ids = list(
        Ticket.objects.filter(state__in=OPEN_STATES).order_by("pk").values_list("pk", flat=True)
    )
    clocks = Prefetch("clocks", Clock.objects.filter(STILL_COUNTS).select_related("policy"))
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        timers = _armed_timers(chunk)
        tickets = Ticket.objects.filter(pk__in=chunk).select_related("team")
        for ticket in tickets.prefetch_related("events", clocks):
            for what in _differences(ticket, timers[ticket.pk]):
                yield Difference(ticket.number, what)
    yield from _left_on_closed()


def _armed_timers(ticket_ids: list[int]) -> dict[int, dict[str, Timer]]:
    found: dict[int, dict[str, Timer]] = defaultdict(dict)
    for timer in Timer.objects.filter(
        subject_type=TICKET, subject_id__in=ticket_ids, state=Timer.State.ARMED
    ):
        found[timer.subject_id][timer.kind] = timer
    return found


def _differences(ticket: Ticket, timers: dict[str, Timer]) -> Iterator[str]:
    promises = Account(ticket).read(ticket.events.all()).promises
    clocks = list(ticket.clocks.all())
    counting = {c.metric: c for c in clocks if c.state != Clock.State.BREACHED}
    for metric in Metric.values:
        promise, clock = promises.get(metric), counting.get(metric)
        yield from _clock_differences(ticket, metric, promise, clock)
        yield from _timer_differences(clock, metric, timers.get(timer_kind(metric)))
    first = most_urgent(clocks)
    if ticket.next_due_at != (first.due_at if first else None):
        yield f"queues sort it by {ticket.next_due_at}, the first open promise is {first}"
    if ON_CLOSED in timers:
        yield "a reopen window is armed on an open ticket"
    silent = ticket.waiting_for_customer_since and not ticket.confirmation_asked_at
    if (WHILE_WAITING in timers) != bool(silent):
        yield "the timer of the customer's silence does not agree with the waiting"
    if (WHILE_ASKED in timers) != (ticket.confirmation_asked_at is not None):
        yield "the timer of the confirmation does not agree with the question"


def _clock_differences(
    ticket: Ticket, metric: str, promise: Promise | None, clock: Clock | None
) -> Iterator[str]:
    expected = promise is not None and not promise.missed
    if expected != (clock is not None):
        yield f"{metric}: {'no clock runs' if expected else 'a clock runs'} against its history"
        return
    if promise is None or clock is None:
        return
    if clock.started_at != promise.started_at:
        yield f"{metric}: began at {promise.started_at}, stored is {clock.started_at}"
    if clock.paused_at != promise.paused_at:
        yield f"{metric}: paused since {promise.paused_at}, stored is {clock.paused_at}"
    due_at = _due(ticket, metric, promise, clock)
    if clock.due_at != due_at:
        yield f"{metric}: due at {due_at}, stored is {clock.due_at}"


def _due(ticket: Ticket, metric: str, promise: Promise, clock: Clock) -> datetime:
    """By the policy version under which the promise was given."""
    deadline = deadline_for(ticket, metric, promise.started_at, clock.policy)
    return deadline.due_at + timedelta(seconds=promise.paused_seconds)


def _timer_differences(clock: Clock | None, metric: str, timer: Timer | None) -> Iterator[str]:
    runs = clock is not None and clock.state == Clock.State.RUNNING
    if runs != (timer is not None):
        yield f"{metric}: {'no timer is armed' if runs else 'a timer is armed without a clock'}"
    elif clock is not None and timer is not None:
        at = clock.due_at if timer.stage == 100 else warning_moment(clock, timer.stage)
        if timer.due_at != at:
            yield f"{metric}: the timer of stage {timer.stage} is set to {timer.due_at}, not {at}"


def _left_on_closed() -> Iterator[Difference]:
    closed = Ticket.objects.filter(state=State.CLOSED)
    timers = Timer.objects.filter(
        subject_type=TICKET, subject_id=OuterRef("pk"), state=Timer.State.ARMED
    ).exclude(kind=ON_CLOSED)
    clocks = Clock.objects.filter(
        ticket=OuterRef("pk"), state__in=[Clock.State.RUNNING, Clock.State.PAUSED]
    )
    for number in closed.filter(Exists(timers)).values_list("number", flat=True):
        yield Difference(number, "closed, but a timer is still armed")
    for number in closed.filter(Exists(clocks)).values_list("number", flat=True):
        yield Difference(number, "closed, but a clock still runs")
