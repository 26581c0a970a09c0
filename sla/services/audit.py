"""The nightly check: every stored deadline must follow from history and policy.

Recomputes the clocks of all open tickets from their events and compares them with what is stored,
together with each clock's own log, the armed timers and the deadline that queues sort by. Changes
nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch

from sla.kinds import CONFIRMATION, CUSTOMER_SILENT, HOLD_ENDS, REOPEN_WINDOW
from sla.models import Clock, Metric, Timer
from sla.rules import BREACH
from sla.services import clock_log
from sla.services.clocks import (
    STILL_COUNTS,
    TICKET,
    UNFINISHED,
    facts_of,
    most_urgent,
    timer_kind,
)
from sla.services.history import Account, Promise
from sla.targets import deadline_for
from tickets.models import Ticket
from tickets.states import OPEN_STATES, State, rank_of

CHUNK = 500


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
    counting = Clock.objects.filter(STILL_COUNTS).prefetch_related("log")
    clocks = Prefetch("clocks", counting)
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        timers = _armed_timers(chunk)
        tickets = Ticket.objects.filter(pk__in=chunk).select_related("team", "home_team")
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
    account = Account(ticket).read(ticket.events.all())
    clocks = list(ticket.clocks.all())
    counting = {c.metric: c for c in clocks if c.state != Clock.State.BREACHED}
    for metric in Metric.values:
        clock = counting.get(metric)
        yield from _clock_differences(account, metric, clock)
        yield from _timer_differences(ticket, clock, metric, timers.get(timer_kind(metric)))
    for clock in clocks:
        for what in clock_log.differences(clock, clock.log.all()):
            yield f"{clock.metric}: {what}"
    first = most_urgent(clocks)
    if ticket.next_due_at != (first.due_at if first else None):
        yield f"queues sort it by {ticket.next_due_at}, the first open promise is {first}"
    if REOPEN_WINDOW in timers:
        yield "a reopen window is armed on an open ticket"
    silent = ticket.waiting_for_customer_since and not ticket.confirmation_asked_at
    if (CUSTOMER_SILENT in timers) != bool(silent):
        yield "the timer of the customer's silence does not agree with the waiting"
    if (CONFIRMATION in timers) != (ticket.confirmation_asked_at is not None):
        yield "the timer of the confirmation does not agree with the question"
    if (HOLD_ENDS in timers) != (ticket.held_until is not None):
        yield "the timer of the hold does not agree with the hold"


def _clock_differences(account: Account, metric: str, clock: Clock | None) -> Iterator[str]:
    promise = account.promises.get(metric)
    expected = promise is not None and not promise.missed
    if expected != (clock is not None):
        yield f"{metric}: {'no clock runs' if expected else 'a clock runs'} against its history"
        return
    if promise is None or clock is None:
        return
    if clock.started_at != promise.started_at:
        yield f"{metric}: began at {promise.started_at}, stored is {clock.started_at}"
    yield from _deadline_differences(account, promise, clock)


def _deadline_differences(account: Account, promise: Promise, clock: Clock) -> Iterator[str]:
    """By the policy version under which the promise was given."""
    metric, rules = clock.metric, clock.rules
    runs = account.runs(promise, rules.pauses.get(metric, ()))
    if clock.paused_at != runs[-1][1]:
        yield f"{metric}: paused since {runs[-1][1]}, stored is {clock.paused_at}"
    due_at = deadline_for(rules, metric, facts_of(account.ticket, metric), runs).due_at
    if clock.due_at != due_at:
        yield f"{metric}: due at {due_at}, stored is {clock.due_at}"


def _timer_differences(
    ticket: Ticket, clock: Clock | None, metric: str, timer: Timer | None
) -> Iterator[str]:
    runs = clock is not None and clock.state == Clock.State.RUNNING
    if runs != (timer is not None):
        yield f"{metric}: {'no timer is armed' if runs else 'a timer is armed without a clock'}"
    elif clock is not None and timer is not None:
        at = clock.due_at if timer.stage == BREACH else clock.moment_of(timer.stage)
        if timer.due_at != at:
            yield f"{metric}: the timer of stage {timer.stage} is set to {timer.due_at}, not {at}"
        if timer.urgency != rank_of(ticket.priority):
            yield f"{metric}: its timer has urgency {timer.urgency}"


def _left_on_closed() -> Iterator[Difference]:
    closed = Ticket.objects.filter(state=State.CLOSED)
    timers = Timer.objects.filter(
        subject_type=TICKET, subject_id=OuterRef("pk"), state=Timer.State.ARMED
    ).exclude(kind=REOPEN_WINDOW)
    clocks = Clock.objects.filter(ticket=OuterRef("pk"), state__in=UNFINISHED)
    for number in closed.filter(Exists(timers)).values_list("number", flat=True):
        yield Difference(number, "closed, but a timer is still armed")
    for number in closed.filter(Exists(clocks)).values_list("number", flat=True):
        yield Difference(number, "closed, but a clock still runs")
