"""One sweep with nothing due, and a backlog: most due timers warn, three in ten find a promise missed."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import Max, Min, QuerySet

from benchmarks.counting import statements
from benchmarks.table import Row, spread
from sla.models import ClockEvent, SweepRun, Timer
from sla.services import sweep

TIMES = 50
BREACHES = 0.3
# Tickets that no earlier backlog touched, of each one running clock at random. It is moved to where it is
# due (or half its time is used) this moment, which is plain arithmetic for targets in hours alone; breaches
# are counted within one kind of timer, so that they are of all kinds.
MAKE_DUE = """
CREATE TABLE IF NOT EXISTS bench_due (ticket_id bigint PRIMARY KEY);
CREATE TEMPORARY TABLE chosen AS
SELECT timer_id, clock_id, ticket_id, row_number() OVER (PARTITION BY kind ORDER BY timer_id) %% 10 < 3 AS breach
FROM (
    SELECT DISTINCT ON (c.ticket_id) t.id AS timer_id, c.id AS clock_id, c.ticket_id, t.kind
    FROM sla_clock c JOIN sla_timer t ON t.subject_type = 'ticket' AND t.subject_id = c.ticket_id
        AND t.kind = 'sla.' || c.metric AND t.state = 'armed'
    WHERE c.state = 'running' AND c.target ? 'hours'
        AND NOT EXISTS (SELECT FROM bench_due b WHERE b.ticket_id = c.ticket_id)
    ORDER BY c.ticket_id, md5(c.metric || c.ticket_id)
) one_of_each_ticket
ORDER BY md5(ticket_id::text) LIMIT %s;
INSERT INTO bench_due SELECT ticket_id FROM chosen;
UPDATE sla_clock c SET started_at = now() - length * share, running_since = now() - length * share,
    due_at = now() + length * (1 - share), level = CASE WHEN breach THEN 80 ELSE 0 END
FROM (
    SELECT id, breach, due_at - running_since AS length, CASE WHEN breach THEN 1 ELSE 0.5 END AS share
    FROM sla_clock JOIN chosen ON clock_id = id
) used
WHERE c.id = used.id;
UPDATE sla_timer t SET due_at = now(), stage = CASE WHEN breach THEN 100 ELSE 50 END
FROM chosen WHERE t.id = timer_id;
DROP TABLE chosen;
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
        runs = SweepRun.objects.filter(id__gt=last.pk if last else 0)
        breaches = _breaches(runs, due)
        sent = sum(one["statements"] for one in done)
        busy = sum(one["processor_seconds"] for one in done)
        span = runs.aggregate(first=Min("started_at"), last=Max("ended_at"))
        spent = (span["last"] - span["first"]).total_seconds()
        yield Row(
            f"sweep, {due:,} due, {workers} worker{'s' if workers > 1 else ''}",
            f"{due / spent:.0f} timers/s, all in {spent:.1f} s",
            f"{sent / due:.2f} each",
            f"{breaches:,} of them breach; {busy / due * 1000:.1f} ms of Python each",
        )


def _breaches(runs: QuerySet[SweepRun], due: int) -> int:
    """How many promises these sweeps found missed; the log must tell of each timer just once."""
    lines = ClockEvent.objects.filter(sweep__in=runs)
    breached = lines.filter(kind=ClockEvent.Kind.BREACHED).count()
    warned = lines.filter(kind=ClockEvent.Kind.WARNED).count()
    if breached + warned != due or not _by_chance(breached, due):
        raise SystemExit(f"of {due:,} timers {warned:,} warned and {breached:,} breached")
    return breached


def _by_chance(breached: int, due: int) -> bool:
    """Whether a sample of so many timers may hold so many breaches: five deviations of a binomial, so
    that a right run fails less than once in a million, however small it is."""
    deviation = math.sqrt(due * BREACHES * (1 - BREACHES))
    return abs(breached - due * BREACHES) <= 5 * deviation


def _drain(workers: int) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "benchmarks.sweep_worker"]
    started = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _number in range(workers)
    ]
    told = [worker.communicate()[0] for worker in started]
    if any(worker.returncode for worker in started):
        raise SystemExit("a worker failed")
    return [json.loads(words) for words in told]
