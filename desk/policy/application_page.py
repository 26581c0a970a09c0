"""What applying a version moves, for the page that asks before it does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from desk.policy.words import METRICS, capital, metric_word
from sla.models import PolicyApplication
from tickets.states import rank_of


def application_context(job: PolicyApplication) -> dict[str, Any]:
    rows = [
        {**row, "name": capital(metric_word(row["metric"]))} for row in job.preview.get("rows", ())
    ]
    rows.sort(key=lambda row: (METRICS.index(row["metric"]), rank_of(row["priority"])))
    total = {
        name: sum(row.get(name, 0) for row in rows)
        for name in ("earlier", "later", "same", "at_once", "stops", "goes_on")
    }
    return {
        "job": job,
        "rows": rows,
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
    }
