"""The tickets that may be the same as one, as the ticket's page asks for them after it is shown."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

from benchmarks.counting import statements
from benchmarks.table import Row, spread
from helpdesk.common import clock
from people.actors import of_user
from people.models import User
from tickets.duplicates import alike
from tickets.models import Ticket

LOOKS = 200


def measure(people: dict[str, User]) -> Iterator[Row]:
    """Over LOOKS of the latest tickets, each with another customer, order and text."""
    print("bench: tickets that may be the same", flush=True)
    sari = of_user(people["sari"])
    latest = list(Ticket.objects.select_related("customer").order_by("-received_at")[:LOOKS])
    since = clock.now() - timedelta(days=14)
    alike(sari, latest[0])
    with statements() as counted:
        alike(sari, latest[0])
    samples, found = [], 0
    for ticket in latest:
        began = time.perf_counter()
        found += len(alike(sari, ticket))
        samples.append(time.perf_counter() - began)
    within = Ticket.objects.filter(received_at__gte=since).count()
    note = f"{within:,} tickets within 14 days; {found} found for {len(latest)}"
    yield Row("tickets that may be the same", spread(samples), str(counted.count), note)
