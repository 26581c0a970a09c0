"""What applying a version moves, for the page that asks before it does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from desk.policy.words import METRICS, capital, metric_word
from sla.models import PolicyApplication
from sla.services.moves import COUNTED
from tickets.states import rank_of


def application_context(job: PolicyApplication) -> dict[str, Any]:
    rows = [
        {**row, "name": capital(metric_word(row["metric"]))} for row in job.preview.get("rows", ())
    ]
    rows.sort(key=lambda row: (METRICS.index(row["metric"]), rank_of(row["priority"])))
    total = {name: sum(row.get(name, 0) for row in rows) for name in COUNTED}
    moved = [name for name in COUNTED if name != "same"]
    return {
        "job": job,
        "rows": rows,
        "changed": [row for row in rows if any(row.get(name) for name in moved)],
        "unchanged": [row for row in rows if not any(row.get(name) for name in moved)],
        "total": total,
        "moving": total["earlier"] + total["later"],
        "biggest": [_moved(row) for row in job.preview.get("biggest", ())],
        "ready": job.state == PolicyApplication.State.READY,
    }


def _moved(row: dict[str, Any]) -> dict[str, Any]:
    before, after = datetime.fromisoformat(row["before"]), datetime.fromisoformat(row["after"])
    return {
        **row,
        "name": capital(metric_word(row["metric"])),
        "before": before,
        "after": after,
        "away": abs(after - before),
        "later": after > before,
        "over_after": -row.get("left_after", 0),
    }
