"""The nightly check: every stored deadline must follow from history and policy.

Recomputes the clocks of all open tickets from their events and compares them with what is stored,
together with each clock's own log, the armed timers and the deadline that queues sort by; of closed
tickets it looks for what was left running. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from sla.kinds import REOPEN_WINDOW
from sla.models import Clock, Timer
from sla.services.audit_ticket import differences_of
from sla.services.clocks import UNFINISHED
from sla.services.firing_points import TICKET
from tickets.models import Ticket
from tickets.states import OPEN_STATES

# Few enough that a part takes less than a second.
WINDOW = 200


@dataclass(frozen=True)
class Difference:
    """One thing stored on a ticket that does not follow from its history."""

    number: str
    what: str

    def __str__(self) -> str:
        return f"{self.number}: {self.what}"


@dataclass(frozen=True)
class Part:
    """A run of tickets by id: the last one's id, how many are open, and what was found."""

    last: int
    tickets: int
    found: list[Difference]


def audit_deadlines() -> Iterator[Difference]:
    """Every difference, over all tickets, at once."""
    for part in audited_after(0):
        yield from part.found


def audited_after(pk: int) -> Iterator[Part]:
    """All tickets with a greater id, part by part, each read when it is asked for."""
    rows = Ticket.objects.order_by("pk").values_list("pk", "state")
    while window := list(rows.filter(pk__gt=pk)[:WINDOW]):
        pk = window[-1][0]
        open_ones = [key for key, state in window if state in OPEN_STATES]
        closed = [key for key, state in window if state not in OPEN_STATES]
        found = _seen_twice(open_ones)
        yield Part(last=pk, tickets=len(open_ones), found=[*found, *_left_on_closed(closed)])


def _seen_twice(ticket_ids: list[int]) -> list[Difference]:
    """A ticket that changed while it was read differs once only."""
    found = dict(differences_of(ticket_ids))
    again = dict(differences_of(found)) if found else {}
    return [
        Difference(number, what)
        for pk, (number, words) in found.items()
        for what in words
        if pk in again and what in again[pk][1]
    ]


def _left_on_closed(ticket_ids: Iterable[int]) -> Iterator[Difference]:
    closed = Ticket.objects.filter(pk__in=ticket_ids).exclude(state__in=OPEN_STATES)
    timers = Timer.objects.filter(
        subject_type=TICKET, subject_id=OuterRef("pk"), state=Timer.State.ARMED
    ).exclude(kind=REOPEN_WINDOW)
    clocks = Clock.objects.filter(ticket=OuterRef("pk"), state__in=UNFINISHED)
    for number in closed.filter(Exists(timers)).values_list("number", flat=True):
        yield Difference(number, "closed, but a timer is still armed")
    for number in closed.filter(Exists(clocks)).values_list("number", flat=True):
        yield Difference(number, "closed, but a clock still runs")
