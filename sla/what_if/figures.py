"""Counts of judged clocks, and the JSON that the page shows."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sla.what_if.replay import Judged

WIB_SECONDS = 7 * 3600
HOURS = 24
EXAMPLES = 10


class Side:
    """How many promises were kept and missed, and by how many seconds."""

    __slots__ = ("kept", "late")

    def __init__(self) -> None:
        self.kept = 0
        self.late: list[float] = []

    def add(self, settled: bool, late: float | None) -> None:  # noqa: FBT001
        if late is not None:
            self.late.append(late)
        elif settled:
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


class Figures:
    """Grows clock by clock; memory follows the number of missed promises."""

    def __init__(self) -> None:
        self.clocks = 0
        self._sides: dict[tuple[str, str], tuple[Side, Side]] = defaultdict(
            lambda: (Side(), Side())
        )
        self._load: dict[str, list[list[int]]] = defaultdict(
            lambda: [[0] * HOURS for _column in range(4)]
        )
        self._moves = {"earlier": 0, "later": 0, "same": 0}
        self._newly = {"missed": 0, "paused": 0, "kept": 0}
        self._examples: list[tuple[float, int, str, bool]] = []

    def add(self, clock: Judged) -> None:
        self.clocks += 1
        now, then = self._sides[clock.metric, clock.priority]
        now.add(clock.settled, clock.late)
        then.add(clock.new_settled, clock.new_late)
        columns = self._load[clock.team]
        hour, new_hour = _hour(clock.due), _hour(clock.new_due)
        columns[0][hour] += 1
        columns[1][new_hour] += 1
        columns[2][hour] += clock.late is not None
        columns[3][new_hour] += clock.new_late is not None
        self._count_move(clock)

    def _count_move(self, clock: Judged) -> None:
        away = clock.new_due - clock.due
        move = "same" if abs(away) < 1 else "later" if away > 0 else "earlier"
        self._moves[move] += 1
        if clock.late is None and clock.new_late is not None:
            self._newly["missed"] += 1
            self._newly["paused"] += clock.stands
            self._examples.append((clock.new_late, clock.ticket, clock.metric, clock.stands))
            if len(self._examples) > EXAMPLES * 100:
                self._examples = sorted(self._examples, reverse=True)[:EXAMPLES]
        elif clock.late is not None and clock.new_late is None:
            self._newly["kept"] += 1

    def as_json(self) -> dict[str, Any]:
        """`rows`: by metric and priority; `load`: by team, deadlines and misses by hour (WIB).

        `newly.paused`: how many of the newly missed stand still by now.
        """
        metrics: dict[str, tuple[Side, Side]] = defaultdict(lambda: (Side(), Side()))
        total = (Side(), Side())
        for (metric, _priority), sides in self._sides.items():
            for place, side in enumerate(sides):
                metrics[metric][place].join(side)
                total[place].join(side)
        return {
            "clocks": self.clocks,
            "total": _pair(total),
            "metrics": {metric: _pair(sides) for metric, sides in metrics.items()},
            "rows": [
                {"metric": metric, "priority": priority, **_pair(sides)}
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


def _pair(sides: tuple[Side, Side]) -> dict[str, Any]:
    return {"now": sides[0].as_json(), "draft": sides[1].as_json()}


def _hour(moment: float) -> int:
    return int((moment + WIB_SECONDS) // 3600 % HOURS)
