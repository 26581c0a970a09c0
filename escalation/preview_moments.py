"""Which running tickets a changed trigger of time reaches at once, earlier, later or no longer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from itertools import islice
from operator import or_

from django.db.models import Q
from django.db.models.functions import Coalesce

from escalation.matrix import concerned_by, facts_about
from escalation.models import Escalation, TriggerFiring
from escalation.services.firing import key_of
from escalation.services.waiting import moments_of
from escalation.triggers import WORDS, Trigger
from tickets.models import Ticket
from tickets.states import OPEN_STATES

MAX_TICKETS = 20_000
SHOWN = 200
_BATCH = 1_000
_COLUMNS = ("number", *WORDS, "amount_idr", "problem_since", "received_at")
# In this order they are listed: what happens at once stands first.
AT_ONCE, EARLIER, BEGINS, LATER, ENDS = PLACES = ("at_once", "earlier", "begins", "later", "ends")
Next = tuple[datetime, str] | None


@dataclass(frozen=True)
class MovedMoment:
    """One ticket; its next moment, and whose, until now and from now on. None: it waits for none."""

    number: str
    place: str
    before: datetime | None
    after: datetime | None
    trigger: str


@dataclass
class MovedMoments:
    """How many tickets, by place, and the first of each; `complete`: all that wait were looked at."""

    looked_at: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PLACES, 0))
    at_once: dict[str, int] = field(default_factory=dict)
    _rows: dict[str, list[MovedMoment]] = field(default_factory=lambda: {p: [] for p in PLACES})

    @property
    def complete(self) -> bool:
        return self.looked_at < MAX_TICKETS

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def rows(self) -> list[MovedMoment]:
        return [row for place in PLACES for row in self._rows[place]][:SHOWN]

    def add(self, row: MovedMoment) -> None:
        self.counts[row.place] += 1
        if row.place == AT_ONCE:
            self.at_once[row.trigger] = self.at_once.get(row.trigger, 0) + 1
        if len(self._rows[row.place]) < SHOWN:
            self._rows[row.place].append(row)


def moved_moments(
    before: Iterable[Trigger], after: Iterable[Trigger], now: datetime
) -> MovedMoments:
    """Compare the next moment of every running ticket that a differing trigger of time concerns.

    The longest waiting first: three queries for a thousand tickets. What has acted, or would find the
    ticket with its team already, is no moment to wait for.
    """
    old, new = _timed(before), _timed(after)
    changed = [row for row in {**old, **new}.values() if old.get(row.code) != new.get(row.code)]
    changed += [old[row.code] for row in changed if row.code in old and row.code in new]
    found = MovedMoments()
    waiting = _waiting(changed) if changed else iter(())
    while tickets := list(islice(waiting, _BATCH)):
        done = _Done(tickets)
        for ticket in tickets:
            found.looked_at += 1
            was = done.next_of(ticket, old.values())
            will = done.next_of(ticket, new.values())
            if place := _place(was, will, now):
                whose = (will or was or (now, ""))[1]
                dates = (was and was[0], will and will[0])
                found.add(MovedMoment(ticket.number, place, *dates, whose))
    return found


def _timed(rows: Iterable[Trigger]) -> dict[str, Trigger]:
    return {row.code: row for row in rows if row.kind == "time"}


def _waiting(changed: list[Trigger]) -> Iterator[Ticket]:
    concerned = reduce(or_, map(concerned_by, changed), Q(pk__in=[]))
    rows = Ticket.objects.filter(concerned, state__in=OPEN_STATES).only(*_COLUMNS)
    oldest = rows.order_by(Coalesce("problem_since", "received_at"), "id")
    return oldest[:MAX_TICKETS].iterator(chunk_size=_BATCH)


class _Done:
    """What has acted on these tickets, and which teams have had them; two queries."""

    def __init__(self, tickets: Iterable[Ticket]) -> None:
        keys = [ticket.pk for ticket in tickets]
        fired = TriggerFiring.objects.filter(ticket__in=keys)
        been = Escalation.objects.filter(ticket__in=keys, event__isnull=False)
        self._fired = set(fired.values_list("ticket", "trigger", "key"))
        self._been = set(been.values_list("ticket", "to_team__code"))

    def next_of(self, ticket: Ticket, triggers: Iterable[Trigger]) -> Next:
        facts = facts_about(ticket)
        moments = (
            (moment, row.code)
            for row, moment in moments_of(triggers, facts)
            if (ticket.pk, row.team) not in self._been
            and (ticket.pk, row.code, key_of(row.used(facts))) not in self._fired
        )
        return min(moments, default=None)


def _place(was: Next, will: Next, now: datetime) -> str:
    """Nothing where it stays as it is: the moment, and whether it is past."""
    if will is None:
        return ENDS if was else ""
    if will[0] <= now and (was is None or was[0] > now):
        return AT_ONCE
    if was is None:
        return BEGINS
    if was[0] == will[0] or max(was[0], will[0]) <= now:
        return ""
    return EARLIER if will[0] < was[0] else LATER
