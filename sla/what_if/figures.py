"""Counts of judged clocks, and the JSON that the page shows."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sla.what_if.replay import Judged, Outcome

WIB_SECONDS = 7 * 3600
HOURS = 24
EXAMPLES = 10
SIDES = ("was", "base", "draft")


class Side:
    """How many promises were kept and missed, and by how many seconds."""

    __slots__ = ("kept", "late")

    def __init__(self) -> None:
        self.kept = 0
        self.late: list[float] = []

    def add(self, outcome: Outcome) -> None:
        if outcome.late is not None:
            self.late.append(outcome.late)
        elif outcome.settled:
            self.kept += 1

    def join(self, other: Side) -> None:
        self.kept += other.kept
        self.late += other.late

    def as_json(self) -> dict[str, Any]:
        late, missed = sorted(self.late), len(self.late)
        ended = self.kept + missed
        return {
            "kept": self.kept,
            "missed": missed,
            "share": self.kept / ended if ended else None,
            "median": late[missed // 2] if late else None,
            "p99": late[min(missed - 1, int(missed * 0.99))] if late else None,
        }


Sides = tuple[Side, Side, Side]


class Figures:
    """Grows clock by clock; memory follows the number of missed promises."""

    def __init__(self) -> None:
        self.clocks = 0
        self._sides: dict[tuple[str, str], Sides] = defaultdict(_sides)
        self._load: dict[str, list[list[int]]] = defaultdict(
            lambda: [[0] * HOURS for _column in range(4)]
        )
        self._moves = {"earlier": 0, "later": 0, "same": 0}
        self._newly = {"missed": 0, "paused": 0, "kept": 0}
        self._examples: list[tuple[float, int, str, bool]] = []

    def add(self, clock: Judged) -> None:
        self.clocks += 1
        outcomes = (clock.was, clock.base, clock.draft)
        for side, outcome in zip(self._sides[clock.metric, clock.priority], outcomes, strict=True):
            side.add(outcome)
        columns = self._load[clock.team]
        hour, new_hour = _hour(clock.base.due), _hour(clock.draft.due)
        columns[0][hour] += 1
        columns[1][new_hour] += 1
        columns[2][hour] += clock.base.late is not None
        columns[3][new_hour] += clock.draft.late is not None
        self._count_move(clock)

    def _count_move(self, clock: Judged) -> None:
        away = clock.draft.due - clock.base.due
        move = "same" if abs(away) < 1 else "later" if away > 0 else "earlier"
        self._moves[move] += 1
        late = clock.draft.late
        if clock.base.late is None and late is not None:
            self._newly["missed"] += 1
            self._newly["paused"] += clock.stands
            self._examples.append((late, clock.ticket, clock.metric, clock.stands))
            if len(self._examples) > EXAMPLES * 100:
                self._examples = sorted(self._examples, reverse=True)[:EXAMPLES]
        elif clock.base.late is not None and late is None:
            self._newly["kept"] += 1

    def as_json(self) -> dict[str, Any]:
        """`rows`: by metric and priority; `load`: by team, deadlines and misses by hour (WIB).

        A count of promises has three sides: `was`, as the log says; `base` and `draft`, replayed.
        All that compares (`load`, `moves`, `newly`) compares these two.
        `newly.paused`: how many of the newly missed stand still by now.
        """
        metrics: dict[str, Sides] = defaultdict(_sides)
        total = _sides()
        for (metric, _priority), sides in self._sides.items():
            for place, side in enumerate(sides):
                metrics[metric][place].join(side)
                total[place].join(side)
        return {
            "clocks": self.clocks,
            "total": _as_json(total),
            "metrics": {metric: _as_json(sides) for metric, sides in metrics.items()},
            "rows": [
                {"metric": metric, "priority": priority, **_as_json(sides)}
                for (metric, priority), sides in self._sides.items()
            ],
            "load": {
                team: dict(zip(("due", "new_due", "missed", "new_missed"), columns, strict=True))
                for team, columns in self._load.items()
            },
            "moves": self._moves,
            "newly": self._newly,
            "examples": [
                {"ticket": ticket, "metric": metric, "late": late, "paused": stands}
                for late, ticket, metric, stands in sorted(self._examples, reverse=True)[:EXAMPLES]
            ],
        }


def _sides() -> Sides:
    return Side(), Side(), Side()


def _as_json(sides: Sides) -> dict[str, Any]:
    return {name: side.as_json() for name, side in zip(SIDES, sides, strict=True)}


def _hour(moment: float) -> int:
    return int((moment + WIB_SECONDS) // 3600 % HOURS)
