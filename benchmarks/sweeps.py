"""One sweep with nothing due, and a backlog: most due timers warn, three in ten find a promise missed."""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.db import connection

from benchmarks.counting import statements
from benchmarks.table import Row, spread
from sla.models import Timer
from sla.services import sweep

TIMES = 50
# `n` is counted within one kind of timer, so that breaches are spread over all kinds of clocks.
# A clock is moved to where it is due (or half its time is used) this moment.
MAKE_DUE = """
WITH chosen AS (
    SELECT id, subject_id, kind, row_number() OVER (PARTITION BY kind ORDER BY id) %% 10 < 3 AS breach
    FROM (SELECT DISTINCT ON (subject_id) * FROM sla_timer
          WHERE state = 'armed' ORDER BY subject_id, md5(kind || subject_id)) one_per_ticket
    LIMIT %s
), moved AS (
    UPDATE sla_clock c SET started_at = now() - length * share, running_since = now() - length * share,
        due_at = now() + length * (1 - share)
    FROM (
        SELECT clock.id, clock.due_at - clock.running_since AS length,
            CASE WHEN breach THEN 1 ELSE 0.5 END AS share
        FROM chosen JOIN sla_clock clock ON clock.ticket_id = chosen.subject_id
            AND 'sla.' || clock.metric = chosen.kind AND clock.state = 'running'
    ) used
    WHERE c.id = used.id
)
UPDATE sla_timer t SET due_at = now(), stage = CASE WHEN breach THEN 100 ELSE 50 END
FROM chosen WHERE t.id = chosen.id
"""


def measure_idle() -> Iterator[Row]:
    print("bench: sweep with nothing due", flush=True)
    sweep()
    samples = []
    for _time in range(TIMES):
        began = time.perf_counter()
        report = sweep()
        samples.append(time.perf_counter() - began)
        if report.seen:
            raise SystemExit(f"something was due: {report}")
    with statements() as counted:
        sweep()
    armed = f"{Timer.objects.filter(state=Timer.State.ARMED).count():,} timers armed"
    yield Row("sweep, nothing due", spread(samples), str(counted.count), armed)


def measure_backlog(due: int) -> Iterator[Row]:
    with connection.cursor() as cursor:
        cursor.execute(MAKE_DUE, [due])
        cursor.execute("VACUUM ANALYZE sla_timer, sla_clock")
    fired, began = 0, time.monotonic()
    with statements() as counted:
        while report := sweep():
            if report.failed:
                raise SystemExit(f"timers failed: {report}")
            if not report.seen:
                break
            fired += report.fired
            print(f"bench: {fired:,} of {due:,} due timers fired", flush=True)
    spent = time.monotonic() - began
    yield Row(
        f"sweep, {due:,} due",
        f"{fired / spent:.0f} timers/s",
        f"{counted.count / fired:.1f} each",
        f"{spent:.0f} s in one process; 3 of 10 breach",
    )
