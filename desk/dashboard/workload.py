"""Who has how much on the desk, and who is at work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from desk.dashboard.counts import Tally
from people.models import User, standings

ROWS = 8


@dataclass(frozen=True)
class Load:
    """One officer's open tickets; `user_id` is None for what nobody has taken. `status`: how they
    stand now."""

    user_id: int | None
    name: str
    tally: Tally
    on_shift: bool
    status: str = ""


@dataclass(frozen=True)
class Workload:
    """`more`: officers with open tickets who are not listed. `available`: of those on shift."""

    rows: list[Load]
    nobodys: Tally
    more: int
    available: int = 0

    @property
    def most(self) -> int:
        return max((row.tally.open for row in self.rows), default=1)


def workload(
    officers: Mapping[int | None, Tally], at_work: set[int], now: datetime, most: int = ROWS
) -> Workload:
    """Those with most open and most late tickets, and who is at work without any; two reads."""
    ids = {pk for pk, tally in officers.items() if pk is not None and tally.open > 0} | at_work
    ranked = sorted(ids, key=lambda pk: _rank(officers.get(pk, Tally()), pk))
    shown = ranked[:most]
    names = dict(User.objects.filter(pk__in=shown).values_list("pk", "full_name"))
    found = standings(at_work | set(shown), now)
    rows = [
        Load(pk, names.get(pk, ""), officers.get(pk, Tally()), pk in at_work, found[pk].status)
        for pk in shown
    ]
    available = sum(found[pk].available for pk in at_work)
    return Workload(rows, officers.get(None, Tally()), len(ranked) - len(shown), available)


def _rank(tally: Tally, pk: int) -> tuple[int, int, int]:
    return (-tally.open, -tally.late, pk)
