from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    what: str
    value: str
    statements: str = ""
    note: str = ""


def spread(samples: Sequence[float]) -> str:
    """Median and 95th percentile of seconds, in milliseconds."""
    ordered = sorted(samples)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return f"median {statistics.median(ordered) * 1000:.1f} ms, p95 {p95 * 1000:.1f} ms"


def told(rows: Iterable[Row]) -> list[Row]:
    """Each as soon as it is measured: a run that is ended half way has said what it knew."""
    known = []
    for row in rows:
        print(f"bench: = {row.what}: {row.value}", flush=True)
        known.append(row)
    return known


def show(title: str, machine: str, rows: Sequence[Row]) -> None:
    """The table in Markdown, so that it can be pasted into docs/benchmarks.md."""
    head = Row("measured", "result", "statements", "note")
    lines = [head, *rows]
    cells = [(row.what, row.value, row.statements, row.note) for row in lines]
    widths = [max(len(line[column]) for line in cells) for column in range(4)]
    print(f"\n{title}\n{machine}\n")
    for number, line in enumerate(cells):
        print("| " + " | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) + " |")
        if not number:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")
