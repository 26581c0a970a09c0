"""The clocks of one ticket, read once under its lock, changed in memory, written once.

One rule decides whether a promise was kept, whoever comes first, the answer or the sweep: it was
kept when it ended at or before its deadline. A clock that ends, pauses or is answered later is
recorded as missed by the verb that ended it, exactly as the sweep would have done.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db.models import Q

from sla.models import Clock, Metric, SlaPolicy, Timer
from sla.services.breach import record_breach
from sla.targets import deadline_for
from sla.timers import disarm
from tickets.models import Ticket
from tickets.states import rank_of

TICKET = "ticket"
OWED_TO_CUSTOMER = (Metric.FIRST_RESPONSE, Metric.NEXT_UPDATE)
BY_PRIORITY = (Metric.FIRST_RESPONSE, Metric.RESOLUTION)
STILL_COUNTS = Q(state__in=[Clock.State.RUNNING, Clock.State.PAUSED]) | Q(
    state=Clock.State.BREACHED, met_at__isnull=True
)
_WRITTEN = (
    "state",
    "due_at",
    "target",
    "basis",
    "policy",
    "paused_at",
    "paused_seconds",
    "met_at",
    "breached_at",
    "cancelled_at",
)


def timer_kind(metric: str) -> str:
    return f"sla.{metric}"


def warning_moment(clock: Clock, percent: int) -> datetime:
    return clock.started_at + (clock.due_at - clock.started_at) * percent / 100


def next_timer(ticket: Ticket, clock: Clock, *, now: datetime) -> Timer:
    """The clock's next firing point: the first warning level still ahead, else the deadline."""
    due_at, stage = clock.due_at, 100
    for percent in clock.policy.body["warning_percent"]:
        moment = warning_moment(clock, percent)
        if moment > now:
            due_at, stage = moment, percent
            break
    return Timer(
        kind=timer_kind(clock.metric),
        subject_type=TICKET,
        subject_id=ticket.pk,
        stage=stage,
        due_at=due_at,
        urgency=rank_of(ticket.priority),
        policy_version=clock.policy.version,
        armed_at=now,
    )


def most_urgent(clocks: list[Clock]) -> Clock | None:
    """The open promise that is due first."""
    owed = [clock for clock in clocks if clock.is_open_promise]
    return min(owed, key=lambda clock: (clock.due_at, clock.metric), default=None)


@contextmanager
def open_clocks(
    ticket: Ticket, now: datetime, *, fired: str = "", none_yet: bool = False
) -> Iterator[OpenClocks]:
    """The clocks that still count, for a change at `now`; written when the block ends.

    `fired` names the metric whose timer has just fired (it needs no disarming); `none_yet` says
    that the ticket is new.
    """
    clocks = OpenClocks(ticket, now, fired=fired, none_yet=none_yet)
    yield clocks
    clocks.write()


class OpenClocks:
    """See `open_clocks`. Every method runs under the ticket's lock."""

    def __init__(self, ticket: Ticket, now: datetime, *, fired: str, none_yet: bool) -> None:
        self._ticket, self._now = ticket, now
        self._clocks: list[Clock] = []
        if not none_yet:
            self._clocks = list(ticket.clocks.filter(STILL_COUNTS).select_related("policy"))
        self._armed = {c.metric for c in self._clocks if c.state == Clock.State.RUNNING} - {fired}
        self._touched: list[Clock] = []
        self._missed: list[Clock] = []

    def running(self, metric: str) -> Clock | None:
        """The running or paused clock of this metric."""
        running = (Clock.State.RUNNING, Clock.State.PAUSED)
        return next((c for c in self._clocks if c.metric == metric and c.state in running), None)

    def owes(self, metric: str) -> bool:
        """Whether a clock of this metric still counts, a missed one too."""
        return any(clock.metric == metric and _counts(clock) for clock in self._clocks)

    def start(self, metric: str, *, since: datetime) -> None:
        policy = SlaPolicy.in_force()
        deadline = deadline_for(self._ticket, metric, since, policy)
        clock = Clock(
            ticket=self._ticket,
            metric=metric,
            started_at=since,
            due_at=deadline.due_at,
            target=deadline.target,
            basis=deadline.basis,
            policy=policy,
        )
        self._clocks.append(clock)
        self._touch(clock)

    def meet(self, *metrics: str) -> None:
        """The promise was kept; a missed one is kept late, and stays missed."""
        for clock in self._of(metrics):
            self._miss_if_late(clock)
            if clock.state != Clock.State.BREACHED:
                clock.state = Clock.State.MET
            clock.met_at = self._now
            self._touch(clock)

    def cancel(self, *metrics: str) -> None:
        """The promise no longer holds (passed on, returned); a missed one is not owed any more."""
        for clock in self._of(metrics):
            if clock.state == Clock.State.BREACHED:
                clock.met_at = self._now
            else:
                clock.state, clock.cancelled_at = Clock.State.CANCELLED, self._now
            self._touch(clock)

    def pause(self, metric: str) -> None:
        clock = self.running(metric)
        if clock is None or clock.state == Clock.State.PAUSED or self._miss_if_late(clock):
            return
        clock.state, clock.paused_at = Clock.State.PAUSED, self._now
        self._touch(clock)

    def resume(self, metric: str) -> None:
        """The deadline moves by the whole seconds that the pause lasted."""
        clock = self.running(metric)
        if clock is None or clock.paused_at is None:
            return
        away = max(0, int((self._now - clock.paused_at).total_seconds()))
        clock.paused_seconds += away
        clock.due_at += timedelta(seconds=away)
        clock.state, clock.paused_at = Clock.State.RUNNING, None
        self._touch(clock)

    def recompute(self) -> None:
        """New deadlines from the original start; one already past fires with the next sweep."""
        policy = SlaPolicy.in_force()
        for metric in BY_PRIORITY:
            clock = self.running(metric)
            if clock is None:
                continue
            deadline = deadline_for(self._ticket, metric, clock.started_at, policy)
            clock.due_at = deadline.due_at + timedelta(seconds=clock.paused_seconds)
            clock.target, clock.basis, clock.policy = deadline.target, deadline.basis, policy
            self._touch(clock)

    def miss(self, clock: Clock) -> None:
        clock.state, clock.breached_at = Clock.State.BREACHED, self._now
        self._missed.append(clock)
        self._touch(clock)

    def arm_again(self, clock: Clock) -> None:
        """The clock runs on; its next timer is due."""
        self._touch(clock)

    def write(self) -> None:
        """Clocks, timers, the ticket's next deadline; then whatever a missed promise entails."""
        for clock in self._touched:
            if clock.pk:
                clock.save(update_fields=_WRITTEN)
        Clock.objects.bulk_create([clock for clock in self._touched if not clock.pk])
        self._write_timers()
        self._write_next_deadline()
        for clock in self._missed:
            record_breach(self._ticket, clock, now=self._now)

    def _write_timers(self) -> None:
        stale = {clock.metric for clock in self._touched} & self._armed
        if stale:
            disarm(TICKET, self._ticket.pk, *[timer_kind(metric) for metric in sorted(stale)])
        running = [clock for clock in self._touched if clock.state == Clock.State.RUNNING]
        Timer.objects.bulk_create(
            [next_timer(self._ticket, clock, now=self._now) for clock in running]
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
        Ticket.objects.filter(pk=ticket.pk).update(
            next_due_at=ticket.next_due_at,
            next_due_kind=ticket.next_due_kind,
            next_due_from=ticket.next_due_from,
        )

    def _of(self, metrics: tuple[str, ...]) -> list[Clock]:
        return [clock for clock in self._clocks if clock.metric in metrics and _counts(clock)]

    def _miss_if_late(self, clock: Clock) -> bool:
        late = clock.state == Clock.State.RUNNING and self._now > clock.due_at
        if late:
            self.miss(clock)
        return late

    def _touch(self, clock: Clock) -> None:
        if not any(clock is known for known in self._touched):
            self._touched.append(clock)


def _counts(clock: Clock) -> bool:
    return clock.is_open_promise or clock.state == Clock.State.PAUSED
