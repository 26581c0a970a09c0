"""What is measured, in order."""

from __future__ import annotations

import os
import platform

from django.core.management import call_command
from django.db import connection

from benchmarks import intake, pages, sweeps
from benchmarks.house import fill
from benchmarks.table import Row, show
from desk.demo.people import make_people


def run(*, tickets: int, due: int, seconds: float) -> None:
    print("bench: schema, reference data, people", flush=True)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_reference_data", verbosity=0)
    people = make_people()
    fill(tickets)
    rows: list[Row] = []
    rows += intake.measure(seconds)
    rows += pages.measure(people)
    rows += sweeps.measure_idle()
    rows += sweeps.measure_backlog(due)
    show(f"Tuntas at {tickets:,} tickets", _machine(), rows)


def _machine() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgres = cursor.fetchone()[0].split()[0]
        cursor.execute("SHOW fsync")
        fsync = cursor.fetchone()[0]
    python = platform.python_version()
    load = os.getloadavg()[0]
    return (
        f"Python {python}, PostgreSQL {postgres} (fsync {fsync}), {os.cpu_count()} cores, "
        f"load {load:.1f}"
    )
