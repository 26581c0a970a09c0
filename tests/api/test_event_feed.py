"""The feed of events: each one, in the reader's sight, from where the reader left off."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections, transaction

from people.actors import Actor
from people.models import Customer, User
from people.services import issue_token
from tests.api.conftest import COMPLAINT, Caller, problem
from tickets.api import feed
from tickets.models import Ticket, TicketEvent


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests of other databases may be in a transaction just now: they are waited for."""
    monkeypatch.setattr(feed, "PATIENCE", 600.0)


def read_once(caller: Caller, query: str = "") -> dict[str, Any]:
    answer = caller.get(f"events{query}")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def read(caller: Caller, query: str = "") -> dict[str, Any]:
    """The first answer with events, past windows that hold none: earlier tests used their ids up."""
    found = read_once(caller, query)
    while found["more"] and not found["results"]:
        found = read_once(caller, f"?after={found['cursor']}")
    return found


def test_a_reader_goes_on_from_the_cursor(as_integrator: Caller) -> None:
    start = read(as_integrator, "?after=now")
    assert (start["results"], start["more"]) == ([], False)
    number = as_integrator.post("tickets", COMPLAINT).json()["number"]
    first = read(as_integrator, f"?after={start['cursor']}&page_size=1")
    assert first["more"] is True
    rest = read(as_integrator, f"?after={first['cursor']}")
    every = read(as_integrator)
    assert [row["data"]["id"] for row in first["results"] + rest["results"]] == [
        row["data"]["id"] for row in every["results"]
    ]
    assert {row["data"]["ticket"] for row in every["results"]} == {number}
    assert every["results"][0]["type"] == "ticket.received"
    assert "details" not in every["results"][0]["data"]
    end = read(as_integrator, f"?after={rest['cursor']}")
    assert (end["results"], end["cursor"]) == ([], rest["cursor"])


def test_each_sees_what_the_owners_tickets_tell(
    as_customer: Caller,
    as_officer: Caller,
    as_integrator: Caller,
    ticket: Ticket,
    foreign_ticket: Ticket,
) -> None:
    def told(caller: Caller) -> tuple[set[str], set[str]]:
        rows = read(caller)["results"]
        return {row["data"]["ticket"] for row in rows}, {row["type"] for row in rows}

    assert told(as_integrator) == (set(), set())
    numbers, kinds = told(as_customer)
    assert numbers == {ticket.number}
    assert "ticket.alerted" not in kinds
    numbers, kinds = told(as_officer)
    assert numbers == {ticket.number}
    assert "ticket.alerted" in kinds
    assert "details" in read(as_officer)["results"][0]["data"]


@pytest.mark.parametrize("after", ["x", "-1", "1.5", str(10**19), "%00", "%F0%9F%98%80"])
def test_what_is_no_cursor_is_refused(as_integrator: Caller, after: str) -> None:
    problem(as_integrator.get(f"events?after={after}"), 400)


@pytest.mark.parametrize("query", ["wait=-1", "wait=26", "page_size=0", "page_size=501", "x=1"])
def test_what_is_no_query_is_refused(as_integrator: Caller, query: str) -> None:
    problem(as_integrator.get(f"events?{query}"), 400)


def test_the_window_moves_on_over_what_one_may_not_see(
    as_integrator: Caller, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "WINDOW", 2)
    before = TicketEvent.objects.earliest("pk").pk - 1
    seen = read_once(as_integrator, f"?after={before}")
    assert (seen["results"], seen["more"]) == ([], True)
    while seen["more"]:
        cursor = int(seen["cursor"])
        seen = read_once(as_integrator, f"?after={cursor}")
        assert int(seen["cursor"]) > cursor
    assert int(seen["cursor"]) >= TicketEvent.objects.latest("pk").pk


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_an_event_that_commits_late_is_not_passed_over(
    integrator: User,
    customer: Customer,
    file_ticket: Callable[..., Ticket],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its id is lower than one that is there already: nothing is told until it is decided."""
    _token, key = issue_token(user=integrator, name="t")
    file_ticket(actor=Actor(customer=customer))  # rules are read
    begun, may_end = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                Caller(key).post("tickets", COMPLAINT)
                begun.set()
                may_end.wait(20)
        finally:
            connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    assert begun.wait(20)
    start = read(Caller(key), "?after=now&wait=0")
    other = {**COMPLAINT, "email": "lain@example.com", "order_number": "INV/lain"}
    fast = Caller(key).post("tickets", other).json()["number"]
    monkeypatch.setattr(feed, "PATIENCE", 0.2)
    assert read(Caller(key), "?after=0")["results"] == []
    monkeypatch.setattr(feed, "PATIENCE", 60.0)
    may_end.set()
    thread.join()
    numbers = {row["data"]["ticket"] for row in read(Caller(key), "?after=0")["results"]}
    assert fast in numbers
    assert len(numbers) == 2
    assert int(start["cursor"]) > 0


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_a_waiting_reader_hears_at_once(
    integrator: User, file_ticket: Callable[..., Ticket], customer: Customer
) -> None:
    _token, key = issue_token(user=integrator, name="t")
    file_ticket(actor=Actor(customer=customer))
    cursor = read(Caller(key), "?after=now")["cursor"]
    found: list[dict[str, Any]] = []

    def wait() -> None:
        try:
            found.append(read(Caller(key), f"?after={cursor}&wait=25"))
        finally:
            connections.close_all()

    thread = threading.Thread(target=wait)
    begun = time.monotonic()
    thread.start()
    time.sleep(0.5)
    filed = Caller(key).post("tickets", COMPLAINT)
    assert filed.status_code == 201, filed.content
    thread.join()
    assert found[0]["results"]
    assert time.monotonic() - begun < 20
