"""The ledger's first page over many escalations: each filter by an index of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from benchmarks.pages import page
from benchmarks.table import Row
from escalation.models import Escalation
from people.models import User

PAST = Path(__file__).with_name("ledger.sql")
BOOK = "/eskalasi/buku/"
FILTERS = (
    ("late only", "late=on"),
    ("all", "since="),
    ("a team that had few", "team=legal"),
    ("asked for by hand", "trigger=hand"),
    ("all automatic ones", "trigger=automatic"),
)


def measure(people: dict[str, User], *, escalations: int) -> Iterator[Row]:
    """Call after `house.fill`; adds as many past escalations."""
    fill(escalations)
    count = Escalation.objects.count()
    ticket = Escalation.objects.earliest("requested_at").ticket.number
    for what, query in (*FILTERS, ("one ticket", f"ticket={ticket}")):
        label = f"ledger, {what}, {count:,} escalations"
        print(f"bench: {label}", flush=True)
        yield page(label, people["sari"], f"{BOOK}?{query}")


def fill(escalations: int) -> None:
    began = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(PAST.read_text(encoding="utf-8"), {"count": escalations})
        cursor.execute("VACUUM ANALYZE escalation_escalation")
        cursor.execute("RESET statement_timeout")
    took = time.monotonic() - began
    print(f"bench: {escalations:,} past escalations ({took:.1f} s)", flush=True)
