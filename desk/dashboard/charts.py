"""The geometry of the charts: numbers in, coordinates out. Templates draw; no library, no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Sparkline:
    """Lines of a trend: `runs` are SVG point lists (a gap parts them), `dots` single points,
    `end` the last point, `goal` the height of the goal's line; None where there is nothing."""

    width: int
    height: int
    runs: list[str]
    dots: list[tuple[float, float]]
    end: tuple[float, float] | None
    goal: float | None


def sparkline(
    shares: Sequence[float | None],
    *,
    floor: float,
    goal: float | None = None,
    width: int = 240,
    height: int = 44,
) -> Sparkline:
    """Shares of 0 to 1, the oldest first; `floor`, below 1, is the share at the lower edge."""
    step = width / max(1, len(shares) - 1)

    def y_of(share: float) -> float:
        return _round(3 + (height - 6) * (1 - (share - floor) / (1 - floor)))

    runs: list[list[tuple[float, float]]] = [[]]
    for place, share in enumerate(shares):
        if share is None:
            runs.append([])
        else:
            runs[-1].append((_round(place * step), y_of(share)))
    return Sparkline(
        width=width,
        height=height,
        runs=[_points(run) for run in runs if len(run) > 1],
        dots=[run[0] for run in runs if len(run) == 1],
        end=next((run[-1] for run in reversed(runs) if run), None),
        goal=None if goal is None or goal < floor else y_of(goal),
    )


@dataclass(frozen=True)
class Segment:
    """A part of a bar: where it begins and how wide it is, in units of the bar's whole width."""

    css: str
    x: float
    width: float


def stacked(parts: Sequence[tuple[str, int]], most: int, width: float = 100) -> list[Segment]:
    """Parts side by side, so that `most` fills the width. A part that is there is always seen."""
    segments: list[Segment] = []
    x = 0.0
    for css, number in parts:
        if number > 0:
            wide = min(width - x, max(width / 100, width * number / max(1, most)))
            segments.append(Segment(css, _round(x), _round(wide)))
            x += wide
    return segments


@dataclass(frozen=True)
class Column:
    """One column of a forecast: from `y` downwards; `over` is the part on top that is too much."""

    x: float
    y: float
    width: float
    height: float
    over: float


def columns(
    values: Sequence[tuple[int, int]], most: int, *, width: float = 160, height: float = 26
) -> list[Column]:
    """(all, of which too much) per column; `most` is the highest column of the whole chart."""
    room = width / max(1, len(values))
    made = []
    for place, (number, over) in enumerate(values):
        tall = 0.0 if number <= 0 else max(1.5, height * number / max(1, most))
        made.append(
            Column(
                x=_round(place * room + 1),
                y=_round(height - tall),
                width=_round(room - 2),
                height=_round(tall),
                over=_round(tall * min(over, number) / number) if number > 0 else 0,
            )
        )
    return made


def _points(run: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in run)


def _round(number: float) -> float:
    return round(number, 1)
