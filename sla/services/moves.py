"""Which deadlines of open tickets a version would move, counted without changing anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from sla.models import Clock, PolicyApplication, PolicyMove, SlaPolicy
from sla.services.clock_log import runs_of
from sla.services.clocks import facts_of, reasons_to_pause
from sla.targets import Deadline, Runs, deadline_for, used_before_last
from tickets.models import Ticket
from tickets.states import OPEN_STATES

OF_A_MOVE = ("at_once", "paused_past", "stops", "goes_on", "recounted")
COUNTED = ("earlier", "later", "same", *OF_A_MOVE)


@dataclass(frozen=True)
class Move:
    """One unfinished clock that another version judged: its deadline by that and by this one.

    `stands`: whether this version lets it stand still as things are. What has run has run: its past
    is not pauses or running time by other rules, it goes on from `at` by the new ones. `left`: the
    counted time that remains of the target that decides; none or less once it is used up.
    """

    ticket: Ticket
    clock: Clock
    before: datetime
    after: datetime
    stands: bool
    left: timedelta
    at: datetime

    @property
    def away(self) -> float:
        """Seconds; below none where the deadline comes earlier.

        A clock that stands still has no deadline: it moves by what its time left gains.
        """
        left_before = self.left_before
        moved = self.after - self.before if left_before is None else self.left - left_before
        return moved.total_seconds()

    @property
    def left_before(self) -> timedelta | None:
        """The counted time that was left when it was stopped; None while it runs."""
        return self.clock.left_at(self.at) if self.clock.state == Clock.State.PAUSED else None

    @property
    def changes(self) -> bool:
        return bool(self.away) or self.stops or self.goes_on

    @property
    def recounted(self) -> bool:
        """It stands still with the same time left, which will be counted by other hours."""
        stood = self.clock.state == Clock.State.PAUSED
        return stood and self.paused and not self.away and self.before != self.after

    @property
    def stops(self) -> bool:
        return self.stands and self.clock.state == Clock.State.RUNNING and not self.at_once

    @property
    def goes_on(self) -> bool:
        return not self.stands and self.clock.state == Clock.State.PAUSED

    @property
    def at_once(self) -> bool:
        """It runs and would be found missed now, by this version alone."""
        if self.clock.state == Clock.State.PAUSED:
            return not self.stands and self.after <= self.at
        # Whoever stops it at the very deadline finds it in time.
        missed = self.after < self.at if self.stands else self.after <= self.at
        return missed and self.at < self.before

    @property
    def paused(self) -> bool:
        """It stands still once this version is applied: no moment is its deadline until it runs."""
        return self.stands and not self.at_once

    @property
    def paused_past(self) -> bool:
        """It stands still with its time used up, by this version alone: missed once it runs."""
        had_time = self.clock.left_at(self.at) > timedelta()
        return self.paused and had_time and self.left <= timedelta()

    @property
    def place(self) -> PolicyMove.Place:
        if self.at_once:
            return PolicyMove.Place.AT_ONCE
        return PolicyMove.Place.PAUSED_PAST if self.paused_past else PolicyMove.Place.OTHER


def open_tickets_after(pk: int) -> QuerySet[Ticket]:
    rows = Ticket.objects.filter(state__in=OPEN_STATES, pk__gt=pk)
    return rows.select_related("team", "home_team").defer("description").order_by("pk")


def moves_of(tickets: Iterable[Ticket], policy: SlaPolicy, now: datetime) -> Iterator[Move]:
    """Every running or paused clock that `policy` does not judge yet, as if applied `now`.

    Two queries for a batch. `OpenClocks.recompute` does the same to the clocks themselves.
    """
    by_id = {ticket.pk: ticket for ticket in tickets}
    unfinished = [Clock.State.RUNNING, Clock.State.PAUSED]
    clocks = list(
        Clock.objects.filter(ticket__in=by_id, state__in=unfinished)
        .exclude(policy=policy)
        .order_by("id")
    )
    runs = runs_of(clocks)
    for clock in clocks:
        ticket = by_id[clock.ticket_id]
        pauses = policy.rules.pauses.get(clock.metric, frozenset())
        stands = bool(pauses & reasons_to_pause(ticket))
        ran: Runs = runs[clock.pk]
        if clock.state == Clock.State.PAUSED and not stands:
            ran = [*ran, (now, None)]
        deadline = deadline_for(policy.rules, clock.metric, facts_of(ticket, clock.metric), ran)
        yield Move(
            ticket,
            clock,
            before=clock.due_at,
            after=deadline.due_at,
            stands=stands,
            left=_left(deadline, ran, now),
            at=now,
        )


def _left(deadline: Deadline, ran: Runs, now: datetime) -> timedelta:
    """Of its target's time at `now`."""
    until_now = [(start, end or max(start, now)) for start, end in ran]
    return deadline.target.length - used_before_last(deadline.target, until_now)


class Moves:
    """Counts by promise and priority; memory does not grow with tickets."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], dict[str, int]] = defaultdict(
            lambda: dict.fromkeys(COUNTED, 0)
        )

    def add(self, moves: Iterable[Move]) -> None:
        for move in moves:
            counts = self._counts[move.clock.metric, move.ticket.priority]
            counts["later" if move.away > 0 else "earlier" if move.away < 0 else "same"] += 1
            for name in OF_A_MOVE:
                counts[name] += getattr(move, name)

    def as_json(self) -> dict[str, Any]:
        """`rows` by promise and priority."""
        return {
            "rows": [
                {"metric": metric, "priority": priority, **counts}
                for (metric, priority), counts in sorted(self._counts.items())
            ],
        }


def keep(moves: Iterable[Move], application: PolicyApplication) -> None:
    """Those that change something, as rows for whoever looks before applying."""
    PolicyMove.objects.bulk_create(
        PolicyMove(
            application=application,
            place=move.place,
            ticket=move.ticket.number,
            priority=move.ticket.priority,
            metric=move.clock.metric,
            before=move.before,
            after=move.after,
            left_before=move.left_before,
            left_after=move.left if move.paused else None,
            away=move.away,
        )
        for move in moves
        if move.changes or move.at_once
    )
