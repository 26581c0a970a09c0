"""What is measured, in order."""

from __future__ import annotations

import os
import platform

from django.core.management import call_command
from django.db import connection

from benchmarks import (
    dashboard,
    duplicates,
    evaluation,
    intake,
    interaction,
    ledger,
    live,
    moderation,
    pages,
    policies,
    search,
    sweeps,
    triage,
    trickle,
)
from benchmarks.house import OPEN_HOUSE, fill
from benchmarks.table import Row, show, told
from desk.demo.people import make_people
from people.models import User


def run(*, tickets: int, due: int, seconds: float) -> None:
    people = _prepare()
    fill(tickets)
    rows: list[Row] = []
    rows += told(triage.measure())
    rows += told(intake.measure(seconds))
    rows += told(pages.measure(people))
    rows += told(interaction.measure(people))
    rows += told(sweeps.measure_idle())
    rows += told(sweeps.measure_backlog(min(due, tickets // 10)))
    # After the backlogs, which need three in ten of all tickets untouched.
    rows += told(trickle.measure(tickets))
    rows += told(live.measure(people))
    rows += told(policies.measure(people))
    rows += told(ledger.measure(people, escalations=tickets))
    rows += told(search.write_index())
    rows += told(search.measure(people))
    rows += told(duplicates.measure(people))
    rows += told(moderation.measure())
    show(f"Tuntas at {tickets:,} tickets", _machine(), rows)


def run_open(*, tickets: int, due: int) -> None:
    """What must not grow with what exists: every ticket open, three timers armed for each."""
    people = _prepare()
    fill(tickets, OPEN_HOUSE)
    rows: list[Row] = []
    rows += told(sweeps.measure_idle())
    rows += told(pages.measure_desk(people))
    rows += told(interaction.measure(people))
    rows += told(dashboard.measure(people))
    rows += told(sweeps.measure_backlog(min(due, tickets // 10)))
    rows += told(search.write_index())
    rows += told(search.measure(people))
    rows += told(duplicates.measure(people))
    show(f"Tuntas at {tickets:,} open tickets", _machine(), rows)


def run_trickle(*, tickets: int) -> None:
    """How late one worker is in steady state, and nothing else."""
    _prepare()
    fill(tickets)
    show(f"Tuntas at {tickets:,} tickets", _machine(), told(trickle.measure(tickets)))


def run_alike(*, tickets: int) -> None:
    """What the search for duplicates costs, and nothing else; every ticket open and young."""
    people = _prepare()
    fill(tickets, OPEN_HOUSE)
    rows = told(search.write_index())
    rows += told(duplicates.measure(people))
    show(f"Tuntas at {tickets:,} open tickets", _machine(), rows)


def run_evaluation(*, shops: int) -> None:
    """The Monday evaluation at a tenth of so many shops and at all of them, and nothing else."""
    _prepare()
    show(f"Tuntas with {shops:,} shops", _machine(), told(evaluation.measure(shops)))


def _prepare() -> dict[str, User]:
    print("bench: schema, reference data, people", flush=True)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_reference_data", verbosity=0)
    return make_people()


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
