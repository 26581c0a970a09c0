"""Tickets written in sets: with their history, one open for every two closed; or all of them open."""

from __future__ import annotations

import io
import time
from pathlib import Path

from django.db import connection
from django.db.backends.utils import CursorWrapper

from benchmarks.vocabulary import texts
from sla.services.tallies import rebuild_outcome_tally, rebuild_risk_tally
from tickets.numbers import new_number
from tickets.services import rebuild_open_tally

HOUSE = Path(__file__).with_name("house.sql")
OPEN_HOUSE = Path(__file__).with_name("open_house.sql")


def fill(tickets: int, sql: Path = HOUSE) -> None:
    """Legal rows: customers, tickets, messages, events, classifications, clocks, timers.

    `OPEN_HOUSE` makes open tickets alone, with clocks and timers but without their past.
    """
    began = time.monotonic()
    _copy_numbers(tickets)
    _copy_words()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET synchronous_commit = off")
        _spare_the_checks(cursor)
        for step in sql.read_text(encoding="utf-8").split("-- step: ")[1:]:
            name, _newline, statement = step.partition("\n")
            step_began = time.monotonic()
            cursor.execute(statement)
            print(f"bench: {name} ({time.monotonic() - step_began:.1f} s)", flush=True)
    connection.close()
    # No trigger has run: see _spare_the_checks.
    rebuild_open_tally()
    rebuild_risk_tally()
    if sql == HOUSE:
        rebuild_outcome_tally()
    print(f"bench: {tickets:,} tickets in {time.monotonic() - began:.0f} s", flush=True)


def _spare_the_checks(cursor: CursorWrapper) -> None:
    """Every key written is one just read; checking half a million of them takes minutes."""
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if cursor.fetchone()[0]:
        cursor.execute("SET session_replication_role = replica")


def _copy_numbers(count: int) -> None:
    numbers: set[str] = set()
    while len(numbers) < count:
        numbers.add(new_number())
    lines = "".join(f"{n}\t{number}\n" for n, number in enumerate(numbers, start=1))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_number (n int PRIMARY KEY, number text)")
        cursor.copy_expert("COPY bench_number FROM STDIN", io.StringIO(lines))


def _copy_words() -> None:
    lines = "".join(f"{n}\t{text}\n" for n, text in enumerate(texts(), start=1))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_words (n int PRIMARY KEY, body text)")
        cursor.copy_expert("COPY bench_words FROM STDIN", io.StringIO(lines))
