"""What applying a version moves, for the page that asks before it does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator

from desk.policy.words import METRICS, capital, metric_word
from sla.models import PolicyApplication, PolicyMove
from sla.services.moves import COUNTED
from tickets.states import rank_of

PAGE_SIZE = 100


def application_context(job: PolicyApplication, page: str | None = None) -> dict[str, Any]:
    """`page`: which one of the list of moves, the first unless it is a number."""
    rows = [
        {**row, "name": capital(metric_word(row["metric"]))} for row in job.preview.get("rows", ())
    ]
    rows.sort(key=lambda row: (METRICS.index(row["metric"]), rank_of(row["priority"])))
    total = {name: sum(row.get(name, 0) for row in rows) for name in COUNTED}
    moved = [name for name in COUNTED if name not in ("same", "recounted")]
    return {
        "job": job,
        "rows": rows,
        "changed": [row for row in rows if any(row.get(name) for name in moved)],
        "unchanged": [row for row in rows if not any(row.get(name) for name in moved)],
        "total": total,
        "moving": total["earlier"] + total["later"],
        "ready": job.state == PolicyApplication.State.READY,
        "other_than_counted": _other_than_counted(job, total),
        **({} if job.is_working else _page_of_moves(job, page)),
    }


def _other_than_counted(job: PolicyApplication, total: dict[str, int]) -> bool:
    """Tickets went on between the look and the move."""
    counted = (total["earlier"] + total["later"], total["at_once"])
    return job.state == PolicyApplication.State.DONE and (job.moved, job.at_once) != counted


def _page_of_moves(job: PolicyApplication, page: str | None) -> dict[str, Any]:
    pages = Paginator(job.moves.all(), PAGE_SIZE)
    found = pages.get_page(page)
    return {"page": found, "moves": [_shown(move) for move in found]}


def _shown(move: PolicyMove) -> dict[str, Any]:
    """Spans in seconds; `over_after`: how far past its time a clock is that stands still."""
    return {
        "of": move,
        "name": capital(metric_word(move.metric)),
        "left_before": _seconds(move.left_before),
        "left_after": _seconds(move.left_after),
        "over_after": -(_seconds(move.left_after) or 0),
        "away": abs(move.away),
        "at_once": move.place == PolicyMove.Place.AT_ONCE,
    }


def _seconds(left: timedelta | None) -> float | None:
    return None if left is None else left.total_seconds()
