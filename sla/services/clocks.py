"""The clocks of one ticket, read once under its lock, changed in memory, written once with their log.

One rule decides whether a promise was kept, whoever comes first, the answer or the sweep: it was
kept when it ended at or before its deadline. A clock that ends, pauses or is answered later is
recorded as missed by the verb that ended it, exactly as the sweep would have done.

A clock stands still exactly while the ticket is in a state for which its policy pauses it: the ball
is with the customer, or a supervisor holds it. That is settled at the end of every change.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property

from django.db.models import Q

from helpdesk.common import reads, writes
from helpdesk.common.clock import now as database_time
from sla.models import Clock, ClockEvent, Metric, SlaPolicy, SweepRun, Timer
from sla.rules import BREACH
from sla.services.breach import record_breach, tell_breach
from sla.services.clock_log import runs_of
from sla.services.firing_points import TICKET, armed_since, next_timer, timer_kind
from sla.targets import Deadline, deadline_for
from sla.timers import disarm, rank
from tickets.models import Ticket, TicketEvent
from tickets.states import rank_of

OWED_TO_CUSTOMER = (Metric.FIRST_RESPONSE, Metric.NEXT_UPDATE)
# How long a ticket may wait for the team it was sent to; one of them runs at a time.
RECEIVING = (Metric.ACCEPTANCE, Metric.FRAUD_RESPONSE, Metric.MEDIATOR_ASSIGNED)
WITH_THE_TEAM = (*RECEIVING, Metric.MEDIATION_DECISION)
UNFINISHED = (Clock.State.RUNNING, Clock.State.PAUSED)
STILL_COUNTS = Q(state__in=UNFINISHED) | Q(state=Clock.State.BREACHED, met_at__isnull=True)
_WRITTEN = (
    "state",
    "due_at",
    "target",
    "basis",
    "policy",
    "running_since",
    "used",
    "paused_at",
    "stood_still",
    "level",
    "met_at",
    "breached_at",
    "cancelled_at",
)
Kind = ClockEvent.Kind


def facts_of(ticket: Ticket, metric: str) -> dict[str, str]:
    """What a policy's conditions ask: of promises among us the team that has it, else the squad."""
    team = ticket.team if metric in WITH_THE_TEAM else ticket.home_team
    return {
        "priority": ticket.priority,
        "reporter": ticket.reporter,
        "channel": ticket.channel,
        "tier": ticket.tier,
        "category": ticket.category,
        "team": team.code if team else "",
    }


def reasons_to_pause(ticket: Ticket) -> frozenset[str]:
    """In the words of a policy's `pauses`."""
    reasons = {
        "customer": ticket.waiting_for_customer_since is not None,
        "hold": ticket.held_since is not None,
    }
    return frozenset(reason for reason, holds in reasons.items() if holds)


def most_urgent(clocks: list[Clock]) -> Clock | None:
    """The open promise that is due first."""
    owed = [clock for clock in clocks if clock.is_open_promise]
    return min(owed, key=lambda clock: (clock.due_at, clock.metric), default=None)


@contextmanager
def open_clocks(
    ticket: Ticket,
    now: datetime,
    *,
    cause: TicketEvent | None = None,
    sweep: SweepRun | None = None,
    fired: Timer | None = None,
    none_yet: bool = False,
) -> Iterator[OpenClocks]:
    """The clocks that still count, for a change at `now`; written when the block ends.

    `cause` is the ticket's event behind the change; `fired` is the timer that has just
    fired (it needs no disarming) in `sweep`; `none_yet` says that the ticket is new.
    """
    clocks = OpenClocks(ticket, now, cause=cause, sweep=sweep, fired=fired, none_yet=none_yet)
    yield clocks
    clocks.write()


class OpenClocks:
    """See `open_clocks`. Every method runs under the ticket's lock."""

    def __init__(
        self,
        ticket: Ticket,
        now: datetime,
        *,
        cause: TicketEvent | None,
        sweep: SweepRun | None,
        fired: Timer | None,
        none_yet: bool,
    ) -> None:
        self._ticket, self._now, self._cause, self._sweep = ticket, now, cause, sweep
        self._is_new, self._fired = none_yet, fired
        self._clocks: list[Clock] = (
            reads.of_new(_counting, ticket, []) if none_yet else reads.of_each(_counting, ticket)
        )
        running = {c.metric for c in self._clocks if c.state == Clock.State.RUNNING}
        self._armed = {m for m in running if not fired or timer_kind(m) != fired.kind}
        self._touched: list[Clock] = []
        self._new: list[Clock] = []
        self._log: list[ClockEvent] = []
        self._missed: list[tuple[Clock, TicketEvent, bool]] = []

    def running(self, metric: str) -> Clock | None:
        """The running or paused clock of this metric."""
        found = (c for c in self._clocks if c.metric == metric and c.state in UNFINISHED)
        return next(found, None)

    def owes(self, metric: str) -> bool:
        """Whether a clock of this metric still counts, a missed one too."""
        return any(clock.metric == metric and _counts(clock) for clock in self._clocks)

    @cached_property
    def policy(self) -> SlaPolicy:
        """The version in force: what begins in this change is judged by it."""
        return SlaPolicy.exactly_in_force()

    def start(self, metric: str, *, since: datetime) -> None:
        policy = self.policy
        facts = facts_of(self._ticket, metric)
        deadline = deadline_for(policy.rules, metric, facts, [(since, None)])
        clock = Clock(ticket=self._ticket, metric=metric, started_at=since, policy=policy)
        _decide(clock, deadline, since)
        self._clocks.append(clock)
        self._new.append(clock)
        self._note(clock, Kind.STARTED, at=since)

    def meet(self, *metrics: str, escalates: bool = True) -> None:
        """The promise was kept; a missed one is kept late, and stays missed.

        `escalates`: one found missed only now still goes where the policy sends it.
        """
        for clock in self._of(metrics):
            self._miss_if_late(clock, escalates=escalates)
            missed = clock.state == Clock.State.BREACHED
            if not missed:
                clock.used, clock.state = clock.used_at(self._now), Clock.State.MET
            clock.met_at, clock.paused_at = self._now, None
            self._note(clock, Kind.SATISFIED, late=self._late(clock) if missed else None)

    def cancel(self, *metrics: str) -> None:
        """The promise no longer holds (passed on, returned); a missed one is not owed any more.

        One that had run out by now is missed all the same, but moves the ticket nowhere: it has
        just moved.
        """
        for clock in self._of(metrics):
            self._miss_if_late(clock, escalates=False)
            if clock.state == Clock.State.BREACHED:
                clock.met_at = self._now
            else:
                clock.used, clock.state = clock.used_at(self._now), Clock.State.CANCELLED
                clock.cancelled_at = self._now
            clock.paused_at = None
            self._note(clock, Kind.CANCELLED)

    def reopen(self, metric: str) -> None:
        """A kept promise is owed again, with the time that was left; a missed one begins anew."""
        last = self._ticket.clocks.filter(metric=metric).order_by("-id").first()
        if last is None or last.state != Clock.State.MET:
            self.start(metric, since=self._now)
            return
        self._clocks.append(last)
        self._resume(last)

    def hold_again(self, clock: Clock) -> None:
        """A promise that was called off holds after all; its row says so already."""
        self._clocks.append(clock)
        self._note(clock, Kind.RESTORED)

    def recompute(self, policy: SlaPolicy | None = None) -> list[tuple[Clock, datetime]]:
        """New deadlines from the original start; one already past fires with the next sweep.

        By the policy version that each clock was judged by, or by `policy`. Returns the clocks
        whose deadline moved, each with the old one.
        """
        moved = []
        unfinished = self._unfinished()
        runs = runs_of(unfinished)
        for clock in unfinished:
            before, by = clock.due_at, policy or SlaPolicy.known(clock.policy_id)
            facts = facts_of(self._ticket, clock.metric)
            deadline = deadline_for(by.rules, clock.metric, facts, runs[clock.pk])
            same = (deadline.due_at, deadline.target.code) == (before, clock.basis)
            if same and by.pk == clock.policy_id:
                if policy is None and clock.state == Clock.State.RUNNING:
                    # Not armed anew: its timer may be due already, and known since long.
                    rank(
                        TICKET,
                        self._ticket.pk,
                        rank_of(self._ticket.priority),
                        timer_kind(clock.metric),
                    )
                continue
            clock.policy = by
            _decide(clock, deadline, clock.running_since)
            self._note(clock, Kind.RECOMPUTED)
            if clock.due_at != before:
                moved.append((clock, before))
        return moved

    def warn(self, clock: Clock, level: int, event: TicketEvent) -> None:
        """This share of the time is used; the clock runs on, and its next timer is armed."""
        clock.level = level
        self._note(clock, Kind.WARNED, level=level, cause=event)

    def miss(self, clock: Clock, *, escalates: bool = True) -> None:
        late = self._late(clock)
        clock.used, clock.state = clock.used_at(self._now), Clock.State.BREACHED
        clock.breached_at, clock.level = self._now, BREACH
        known = self._known_since(clock)
        event = record_breach(self._ticket, clock, now=self._now, known_since=known)
        self._missed.append((clock, event, escalates))
        self._note(clock, Kind.BREACHED, level=BREACH, late=late, cause=event)

    def run_out(self, clock: Clock) -> None:
        """Found missed while nobody answers: a day later the customer still waits for news."""
        self.miss(clock)
        if clock.metric in OWED_TO_CUSTOMER:
            self.start(Metric.NEXT_UPDATE, since=self._now)

    def arm_again(self, clock: Clock) -> None:
        """The clock runs on; its next timer is due."""
        self._touch(clock)

    def write(self) -> None:
        """Clocks, log, timers, the ticket's next deadline; then whatever a missed promise entails."""
        self._settle_pauses()
        for clock in self._touched:
            if not _is_in(self._new, clock):
                writes.update(clock, *_WRITTEN)
        # Afterwards: of each metric one clock runs at most.
        writes.insert(*self._new)
        writes.insert(*self._log)
        self._write_timers()
        self._write_next_deadline()
        for clock, event, escalates in self._missed:
            tell_breach(self._ticket, clock, event, escalates=escalates, sweep=self._sweep)

    def _settle_pauses(self) -> None:
        reasons = reasons_to_pause(self._ticket)
        for clock in self._unfinished():
            if self._is_late(clock) and _stands_still(clock, reasons):
                self.run_out(clock)
        for clock in self._unfinished():
            stands = _stands_still(clock, reasons)
            if stands and clock.state == Clock.State.RUNNING:
                clock.used, clock.state = clock.used_at(self._now), Clock.State.PAUSED
                clock.paused_at = self._now
                self._note(clock, Kind.PAUSED)
            elif not stands and clock.state == Clock.State.PAUSED:
                self._resume(clock)

    def _resume(self, clock: Clock) -> None:
        """Whichever target is the earliest with the time that is left of each."""
        before = runs_of([clock])[clock.pk]
        runs = [*before, (self._now, None)]
        facts = facts_of(self._ticket, clock.metric)
        _decide(clock, deadline_for(clock.rules, clock.metric, facts, runs), self._now)
        clock.stood_still += self._now - (before[-1][1] or self._now)
        clock.state, clock.paused_at, clock.met_at = Clock.State.RUNNING, None, None
        self._note(clock, Kind.RESUMED)

    def _late(self, clock: Clock) -> float:
        """Seconds past the deadline."""
        return max(0.0, (self._now - clock.due_at).total_seconds())

    def _known_since(self, clock: Clock) -> datetime:
        """When the engine learnt of the deadline that stands."""
        if any(line.clock is clock and line.kind in ClockEvent.SETTING for line in self._log):
            return self._now
        if self._fired and self._fired.kind == timer_kind(clock.metric):
            return self._fired.armed_at
        return armed_since(self._ticket, clock.metric) or clock.due_at

    def _write_timers(self) -> None:
        stale = {clock.metric for clock in self._touched} & self._armed
        if stale:
            disarm(TICKET, self._ticket.pk, *[timer_kind(metric) for metric in sorted(stale)])
        running = [clock for clock in self._touched if clock.state == Clock.State.RUNNING]
        # A new ticket may have been received long before it was filed.
        armed_at = reads.once(database_time) if self._is_new else self._now
        writes.insert(
            *[next_timer(self._ticket, c, now=self._now, armed_at=armed_at) for c in running]
        )

    def _write_next_deadline(self) -> None:
        """The most urgent promise stands on the ticket, where queues sort by it.

        No version is counted: nobody's view of the ticket's content became stale.
        """
        ticket = self._ticket
        first = most_urgent(self._clocks) if ticket.is_open else None
        due = (first.due_at, first.metric, first.started_at) if first else (None, "", None)
        if due == (ticket.next_due_at, ticket.next_due_kind, ticket.next_due_from):
            return
        ticket.next_due_at, ticket.next_due_kind, ticket.next_due_from = due
        writes.update(ticket, "next_due_at", "next_due_kind", "next_due_from")

    def _of(self, metrics: tuple[str, ...]) -> list[Clock]:
        return [clock for clock in self._clocks if clock.metric in metrics and _counts(clock)]

    def _unfinished(self) -> list[Clock]:
        return [clock for clock in self._clocks if clock.state in UNFINISHED]

    def _is_late(self, clock: Clock) -> bool:
        return clock.state == Clock.State.RUNNING and self._now > clock.due_at

    def _miss_if_late(self, clock: Clock, *, escalates: bool) -> None:
        if self._is_late(clock):
            self.miss(clock, escalates=escalates)

    def _note(
        self,
        clock: Clock,
        kind: str,
        *,
        at: datetime | None = None,
        level: int | None = None,
        late: float | None = None,
        cause: TicketEvent | None = None,
    ) -> None:
        """One line of the log, and the clock is to be written."""
        self._touch(clock)
        line = ClockEvent(
            clock=clock,
            ticket=self._ticket,
            metric=clock.metric,
            kind=kind,
            at=at or self._now,
            due_at=clock.due_at,
            level=level,
            late_seconds=late,
            policy_version=clock.policy_version,
            basis=clock.basis,
            priority=self._ticket.priority,
            team_id=self._ticket.team_id,
            cause=cause or self._cause,
            sweep=self._sweep,
        )
        self._log.append(line)

    def _touch(self, clock: Clock) -> None:
        if not _is_in(self._touched, clock):
            self._touched.append(clock)


def _counting(tickets: list[Ticket]) -> dict[int, list[Clock]]:
    found: dict[int, list[Clock]] = {ticket.pk: [] for ticket in tickets}
    for clock in Clock.objects.filter(STILL_COUNTS, ticket__in=tickets).order_by("id"):
        found[clock.ticket_id].append(clock)
    return found


def _is_in(clocks: list[Clock], clock: Clock) -> bool:
    """By identity: new ones have no key to compare yet."""
    return any(clock is known for known in clocks)


def _stands_still(clock: Clock, reasons: frozenset[str]) -> bool:
    return bool(clock.rules.pauses.get(clock.metric, frozenset()) & reasons)


def _decide(clock: Clock, deadline: Deadline, running_since: datetime) -> None:
    clock.due_at, clock.used = deadline.due_at, deadline.used
    clock.basis, clock.target = deadline.target.code, dict(deadline.target.within)
    clock.running_since = running_since


def _counts(clock: Clock) -> bool:
    return clock.is_open_promise or clock.state == Clock.State.PAUSED
