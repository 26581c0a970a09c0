"""One sweep with nothing due, and a backlog: most due timers warn, three in ten find a promise missed."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import Max, Min

from benchmarks.counting import statements
from benchmarks.table import Row, spread
from sla.models import SweepRun, Timer
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
    for workers in (1, 2, 4):
        print(f"bench: {due:,} timers due, {workers} worker processes", flush=True)
        with connection.cursor() as cursor:
            cursor.execute(MAKE_DUE, [due])
            cursor.execute("VACUUM ANALYZE sla_timer, sla_clock")
        last = SweepRun.objects.order_by("id").last()
        connection.close()
        done = _drain(workers)
        fired = sum(one["fired"] for one in done)
        sent = sum(one["statements"] for one in done)
        busy = sum(one["processor_seconds"] for one in done)
        runs = SweepRun.objects.filter(id__gt=last.pk if last else 0)
        span = runs.aggregate(first=Min("started_at"), last=Max("ended_at"))
        spent = (span["last"] - span["first"]).total_seconds()
        yield Row(
            f"sweep, {due:,} due, {workers} worker{'s' if workers > 1 else ''}",
            f"{fired / spent:.0f} timers/s, all in {spent:.1f} s",
            f"{sent / fired:.2f} each",
            f"{fired:,} fired, 3 of 10 breach; {busy / fired * 1000:.1f} ms of Python each",
        )


def _drain(workers: int) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "benchmarks.sweep_worker"]
    started = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _number in range(workers)
    ]
    told = [worker.communicate()[0] for worker in started]
    if any(worker.returncode for worker in started):
        raise SystemExit("a worker failed")
    return [json.loads(words) for words in told]
