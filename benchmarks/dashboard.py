"""The dashboard over an open house: figures computed anew, shared, and unchanged."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from django.test import Client

from benchmarks.counting import statements
from benchmarks.pages import BACKEND
from benchmarks.table import Row, spread
from desk.dashboard.figures import figures, forget_figures
from people.models import User
from tickets.selectors import open_counts
from tickets.services import compact_open_tally

LIVE = "/dasbor/langsung/"
TIMES = 30


def measure(people: dict[str, User]) -> Iterator[Row]:
    """Call after `house.fill(n, OPEN_HOUSE)`."""
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(people["sari"], backend=BACKEND)
    tickets = sum(row.n for row in open_counts() if not row.field)
    note = f"{tickets:,} open tickets"

    def anew(path: str) -> Callable[[], None]:
        def look() -> None:
            forget_figures()
            _get(client, path)

        return look

    yield _row("dashboard, all figures anew", anew("/dasbor/"), note)
    yield _row("dashboard's live part, all figures anew", anew(LIVE), note)
    yield _row("dashboard's live part, figures shared", lambda: _get(client, LIVE), note)
    version = client.get(LIVE)["ETag"]
    yield _row(
        "dashboard's live part, nothing new",
        lambda: _get(client, LIVE, version),
        "304 while no figure changes",
    )
    yield _row("figures alone", lambda: (forget_figures(), figures()), note)
    yield _row("counters summed up", compact_open_tally, "every ten seconds")


def _row(what: str, look: Callable[[], object], note: str) -> Row:
    print(f"bench: {what}", flush=True)
    look()
    with statements() as counted:
        look()
    samples = []
    for _time in range(TIMES):
        began = time.perf_counter()
        look()
        samples.append(time.perf_counter() - began)
    return Row(what, spread(samples), str(counted.count), note)


def _get(client: Client, path: str, version: str = "") -> None:
    answer = client.get(path, headers={"If-None-Match": version} if version else {})
    if answer.status_code not in (200, 304):
        raise SystemExit(f"{path} answered {answer.status_code}")
