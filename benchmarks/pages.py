"""The officer's and the supervisor's pages, as a signed-in browser asks for them."""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.test import Client

from benchmarks.counting import statements
from benchmarks.table import Row, spread
from people.models import User
from tickets.models import Ticket

BACKEND = "django.contrib.auth.backends.ModelBackend"
TIMES = 40


def measure(people: dict[str, User]) -> Iterator[Row]:
    officer, supervisor = people["bagus"], people["sari"]
    ticket = Ticket.objects.filter(team__code="cs_payment", state="handled").earliest("next_due_at")
    for what, person, path in (
        ("queue page, officer", officer, "/meja/"),
        ("queue page, supervisor", supervisor, "/meja/"),
        ("ticket page", officer, f"/meja/{ticket.number}/"),
        ("dashboard", supervisor, "/dasbor/"),
        ("dashboard's live part", supervisor, "/dasbor/langsung/"),
    ):
        print(f"bench: {what}", flush=True)
        yield page(what, person, path)


def page(what: str, person: User, path: str) -> Row:
    """Statements of one look; median and 95th percentile of TIMES more."""
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(person, backend=BACKEND)
    _get(client, path)
    with statements() as counted:
        _get(client, path)
    samples = []
    for _time in range(TIMES):
        began = time.perf_counter()
        _get(client, path)
        samples.append(time.perf_counter() - began)
    return Row(what, spread(samples), str(counted.count))


def _get(client: Client, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")
