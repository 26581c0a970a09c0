"""Steady state: a few timers become due each moment, one process sweeps every second. How late?

From due to committed: another connection looks twenty times a second which timers it sees fired, and
by the database's clock how long each was owed.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

from django.db import connection

from benchmarks.sweeps import MAKE_DUE
from benchmarks.table import Row

A_SECOND = 20
SECONDS = 30
# Until the process has started.
LEAD_SECONDS = 20
LOOK_SECONDS = 0.05
# What MAKE_DUE has made due at once is spread over the seconds ahead, clock and timer alike.
SPREAD = """
WITH spread AS (
    SELECT id, subject_id, kind,
        now() + make_interval(secs => %s + row_number() OVER (ORDER BY md5(id::text)) / %s::float8) AS at
    FROM sla_timer WHERE state = 'armed' AND due_at <= now()
), timers AS (
    UPDATE sla_timer t SET due_at = at FROM spread WHERE t.id = spread.id
    RETURNING t.id, t.subject_id, t.kind, t.stage, at
), clocks AS (
    UPDATE sla_clock c SET due_at = at FROM timers
    WHERE c.ticket_id = subject_id AND 'sla.' || c.metric = kind AND stage = 100 AND c.state = 'running'
)
SELECT id FROM timers
"""
SEEN = """
SELECT id, EXTRACT(EPOCH FROM statement_timestamp() - GREATEST(due_at, armed_at))::float8
FROM sla_timer WHERE id = ANY(%s) AND state = 'fired'
"""


def measure(tickets: int) -> Iterator[Row]:
    """`tickets` exist; a small house has fewer of them to make due than the seconds would take."""
    seconds = min(SECONDS, max(1, tickets // 50 // A_SECOND))
    print(f"bench: {A_SECOND} timers a second become due for {seconds} s", flush=True)
    with connection.cursor() as cursor:
        cursor.execute(MAKE_DUE, [A_SECOND * seconds])
        cursor.execute("VACUUM ANALYZE sla_timer, sla_clock")
        cursor.execute(SPREAD, [LEAD_SECONDS, A_SECOND])
        ids = [timer_id for (timer_id,) in cursor.fetchall()]
    heart = subprocess.Popen(
        [sys.executable, "manage.py", "sweep", "--every", "1"], stdout=subprocess.DEVNULL
    )
    try:
        late = _lateness(ids)
    finally:
        heart.terminate()
        heart.wait()
    median, p99 = late[len(late) // 2], late[min(len(late) - 1, int(len(late) * 0.99))]
    yield Row(
        f"lateness, {A_SECOND} timers/s for {seconds} s, 1 worker, every 1 s",
        f"median {median:.2f} s, p99 {p99:.2f} s, worst {late[-1]:.2f} s",
        "",
        f"{len(late):,} timers, due to committed",
    )


def _lateness(ids: list[int]) -> list[float]:
    """Seconds of each, in order, once all have fired."""
    late: list[float] = []
    waiting = set(ids)
    stop_at = time.monotonic() + LEAD_SECONDS + 4 * SECONDS
    while waiting:
        if time.monotonic() > stop_at:
            raise SystemExit(f"{len(waiting)} of {len(ids)} did not fire")
        time.sleep(LOOK_SECONDS)
        with connection.cursor() as cursor:
            cursor.execute(SEEN, [list(waiting)])
            seen = cursor.fetchall()
        waiting -= {timer_id for timer_id, _took in seen}
        late += [took for _timer_id, took in seen]
    return sorted(late)
