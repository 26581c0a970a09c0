"""How many tickets are open, at risk and late: from counters, and the late ones from an index."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sla.selectors import risk_counts
from tickets.selectors import late_counts, open_counts
from tickets.states import OPEN_STATES, Priority


@dataclass
class Tally:
    """`risk`: a promise is past its last warning, not yet due. `late`: the nearest one is missed.
    A ticket can be both."""

    open: int = 0
    risk: int = 0
    late: int = 0

    @property
    def parts(self) -> list[tuple[str, int]]:
        """The parts of its bar, which never exceed the whole."""
        late = min(self.late, self.open)
        risk = min(self.risk, self.open - late)
        return [("late", late), ("risk", risk), ("calm", self.open - late - risk)]


@dataclass
class OpenTickets:
    """Tallies of all, by state, by priority, by team's id and by officer's id (None: nobody's)."""

    total: Tally = field(default_factory=Tally)
    states: dict[str, Tally] = field(default_factory=dict)
    priorities: dict[str, Tally] = field(default_factory=dict)
    teams: dict[int, Tally] = field(default_factory=dict)
    officers: dict[int | None, Tally] = field(default_factory=dict)


def open_tickets(now: datetime) -> OpenTickets:
    """Three short reads."""
    found = OpenTickets(
        states={str(state): Tally() for state in OPEN_STATES},
        priorities={str(priority): Tally() for priority in Priority},
    )
    tallies: dict[str, dict[Any, Tally]] = {
        "state": found.states,
        "priority": found.priorities,
        "team_id": found.teams,
        "assignee_id": found.officers,
        "": {None: found.total},
    }
    measures = (("open", open_counts()), ("risk", risk_counts()), ("late", late_counts(now)))
    for name, rows in measures:
        for row in rows:
            tally = tallies[row.field].setdefault(row.key, Tally())
            setattr(tally, name, int(row.n))
    # Before triage a ticket has no priority, and may have no team.
    found.priorities.pop("", None)
    found.teams.pop(None, None)  # type: ignore[call-overload]
    return found
