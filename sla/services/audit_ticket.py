"""One open ticket against its history: clocks, their logs, timers, its place in the queues."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import DatabaseError
from django.db.models import Prefetch

from helpdesk.common.faults import words_of
from sla.kinds import CONFIRMATION, CUSTOMER_SILENT, HOLD_ENDS, REOPEN_WINDOW, REPLY_LEAVES
from sla.models import Clock, ClockEvent, Metric, Timer
from sla.rules import BREACH, Rules
from sla.services import clock_log
from sla.services.clocks import STILL_COUNTS, facts_of, most_urgent
from sla.services.firing_points import TICKET, timer_kind
from sla.services.history import Account, Promise, Reign
from sla.services.versions import Versions
from sla.targets import deadline_for
from tickets.models import Ticket, TicketEvent
from tickets.states import OPEN_STATES, rank_of


def differences_of(ticket_ids: Iterable[int]) -> Iterator[tuple[int, tuple[str, list[str]]]]:
    """Of those open tickets that differ: id, number and in which words; six queries for all."""
    ids, versions = list(ticket_ids), Versions()
    timers = _armed_timers(ids)
    counting = Clock.objects.filter(STILL_COUNTS).prefetch_related("log")
    tickets = Ticket.objects.filter(pk__in=ids, state__in=OPEN_STATES).defer("description")
    found = tickets.select_related("team", "home_team").order_by("pk")
    for ticket in found.prefetch_related("events", Prefetch("clocks", counting)):
        if words := _words(_Comparison(ticket, timers[ticket.pk], versions)):
            yield ticket.pk, (ticket.number, words)


def _words(comparison: _Comparison) -> list[str]:
    """A row that makes no sense is a difference too, and hides no other ticket's."""
    try:
        return list(comparison.differences())
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is that makes no sense
        return [f"it cannot be compared: {words_of(error)}"]


@dataclass
class _Comparison:
    ticket: Ticket
    timers: dict[str, Timer]
    versions: Versions

    def differences(self) -> Iterator[str]:
        ticket, timers = self.ticket, self.timers
        clocks = list(ticket.clocks.all())
        self._began_under = {
            line.cause_id: line.policy_version
            for clock in clocks
            for line in clock.log.all()
            if line.kind == ClockEvent.Kind.STARTED and line.cause_id
        }
        account = Account(ticket, self._rules_at).read(ticket.events.all())
        counting = {c.metric: c for c in clocks if c.state != Clock.State.BREACHED}
        for metric in Metric.values:
            clock = counting.get(metric)
            yield from self._of_clock(account, metric, clock)
            yield from self._of_timer(clock, metric)
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
        if (REPLY_LEAVES in timers) != (ticket.reply_leaves_at is not None):
            yield "the timer of the waiting reply does not agree with the reply"

    def _rules_at(self, event: TicketEvent) -> Rules:
        """By which a promise began with this event, says its log; else those published by then."""
        version = self._began_under.get(event.pk)
        return self.versions.rules(version) if version else self.versions.rules_at(event.at)

    def _of_clock(self, account: Account, metric: str, clock: Clock | None) -> Iterator[str]:
        promise = account.promises.get(metric)
        expected = promise is not None and not promise.missed
        if expected != (clock is not None):
            yield f"{metric}: {'no clock runs' if expected else 'a clock runs'} against its history"
            return
        if promise is None or clock is None:
            return
        if clock.started_at != promise.started_at:
            yield f"{metric}: began at {promise.started_at}, stored is {clock.started_at}"
        yield from self._of_deadline(account, promise, clock)

    def _of_deadline(self, account: Account, promise: Promise, clock: Clock) -> Iterator[str]:
        """By the versions that judged it one after the other; the last one sets the deadline."""
        metric = clock.metric
        runs = account.runs(promise, self._reigns(clock))
        if clock.paused_at != runs[-1][1]:
            yield f"{metric}: paused since {runs[-1][1]}, stored is {clock.paused_at}"
        due_at = deadline_for(clock.rules, metric, facts_of(self.ticket, metric), runs).due_at
        if clock.due_at != due_at:
            yield f"{metric}: due at {due_at}, stored is {clock.due_at}"

    def _reigns(self, clock: Clock) -> list[Reign]:
        """The version that a clock began under, and each that was applied to it later."""
        reigns: list[Reign] = []
        version = 0
        for line in clock.log.all():
            if line.policy_version == version:
                continue
            version = line.policy_version
            if reigns:
                since, _open, reasons = reigns[-1]
                reigns[-1] = (since, line.at, reasons)
            pauses = self.versions.rules(version).pauses.get(clock.metric, frozenset())
            reigns.append((line.at, None, pauses))
        return reigns

    def _of_timer(self, clock: Clock | None, metric: str) -> Iterator[str]:
        timer = self.timers.get(timer_kind(metric))
        runs = clock is not None and clock.state == Clock.State.RUNNING
        if runs != (timer is not None):
            yield f"{metric}: {'no timer is armed' if runs else 'a timer is armed without a clock'}"
        elif clock is not None and timer is not None:
            at = clock.due_at if timer.stage == BREACH else clock.moment_of(timer.stage)
            if timer.due_at != at:
                stage, set_to = timer.stage, timer.due_at
                yield f"{metric}: the timer of stage {stage} is set to {set_to}, not {at}"
            if timer.urgency != rank_of(self.ticket.priority):
                yield f"{metric}: its timer has urgency {timer.urgency}"


def _armed_timers(ticket_ids: list[int]) -> dict[int, dict[str, Timer]]:
    found: dict[int, dict[str, Timer]] = defaultdict(dict)
    for timer in Timer.objects.filter(
        subject_type=TICKET, subject_id__in=ticket_ids, state=Timer.State.ARMED
    ):
        found[timer.subject_id][timer.kind] = timer
    return found
