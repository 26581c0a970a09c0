"""Every deadline that an application would move, as a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from desk.csv_file import csv_moment, csv_rows
from desk.policy.words import metric_word
from sla.models import PolicyMove


def moves_csv(moves: Iterable[PolicyMove]) -> Iterator[str]:
    """In the order given. A side on which the clock stands still has seconds left, no moment."""
    titles = [
        _("Ticket"),
        _("Priority"),
        _("Promise"),
        _("Missed at once"),
        _("Deadline until now"),
        _("Seconds left until now (paused)"),
        _("Deadline from now on"),
        _("Seconds left from now on (paused)"),
        _("Seconds later"),
    ]
    return csv_rows(titles, (_cells(move) for move in moves))


def _cells(move: PolicyMove) -> list[Any]:
    return [
        move.ticket,
        move.priority,
        str(metric_word(move.metric)),
        _("yes") if move.place == PolicyMove.Place.AT_ONCE else "",
        csv_moment(move.before) if move.left_before is None else "",
        _seconds(move.left_before),
        csv_moment(move.after) if move.left_after is None else "",
        _seconds(move.left_after),
        round(move.away, 3),
    ]


def _seconds(left: timedelta | None) -> float | str:
    return "" if left is None else round(left.total_seconds(), 3)
