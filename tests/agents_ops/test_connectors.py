"""The connectors' contract, kept by the demo's and by HTTP's against a real little server; and what
the latter make of servers that are slow, away, or lie."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agents_ops.connectors import (
    SYSTEMS,
    Accounts,
    Complaint,
    Question,
    Source,
    Suppliers,
    Unavailable,
    forget_connectors,
    source,
)
from agents_ops.connectors.demo import DemoAccounts, DemoSource, DemoSuppliers
from agents_ops.connectors.http import HttpAccounts, HttpSource, HttpSuppliers
from agents_ops.connectors.line import LARGEST_ANSWER, Place
from agents_ops.connectors.records import FACTS
from people.commerce import Trouble
from people.commerce.breaker import FAILURES
from tests.support.agent_systems import TOKEN, Server, agent_systems

AT = datetime(2026, 11, 18, 5, tzinfo=UTC)
ASKED = {
    "transaction": Question("TP4410", destination="081234567890", product="Pulsa 50", at=AT),
    "deposit": Question("TP4410", bank="BCA", amount_idr=1_500_211, at=AT),
    "payment_gateway": Question("TP4410", method="Alfamart", amount_idr=500_000, at=AT),
    "credit": Question("TP4410"),
    "balance": Question("TP4412", amount_idr=200_000),
    "agent": Question("TP4410"),
}
COMPLAINT = Complaint("k1", "c1", "complaint", "pending", "Mitra Pulsa", "Tolong dicek", at=AT)


@pytest.fixture
def server() -> Iterator[Server]:
    with agent_systems() as found:
        yield found


@pytest.fixture
def place(server: Server) -> Place:
    return Place(server.address, TOKEN, 1.0)


@pytest.fixture(params=["demo", "http"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("system", SYSTEMS)
def test_each_system_tells_one_of_its_results_and_the_same_again(
    system: str, kind: str, place: Place
) -> None:
    asked: Source = DemoSource(system) if kind == "demo" else HttpSource(system, place)
    found = asked.find(ASKED[system])
    assert found.result in SYSTEMS[system]
    assert found.result != "not_found"
    assert set(found.facts) <= set(FACTS)
    assert asked.find(ASKED[system]) == found
    assert asked.find(Question("TP0000")).result == "not_found"


def test_an_account_is_blocked_once_under_one_key(kind: str, place: Place) -> None:
    asked: Accounts = DemoAccounts() if kind == "demo" else HttpAccounts(place)
    first = asked.block("TP4410", key="k")
    assert first.reference == asked.block("TP4410", key="k").reference
    assert first.reference != asked.block("TP4410", key="other").reference
    assert first.at.tzinfo


def test_the_account_tells_its_logins_and_transactions(kind: str, place: Place) -> None:
    asked: Accounts = DemoAccounts() if kind == "demo" else HttpAccounts(place)
    logins = asked.logins("TP4410")
    assert [row.at for row in logins] == sorted((row.at for row in logins), reverse=True)
    assert all(row.ip and row.device for row in logins)
    rows = asked.transactions("TP4410", AT - timedelta(days=7), AT)
    assert [row.at for row in rows] == sorted(row.at for row in rows)
    assert all(AT - timedelta(days=7) <= row.at <= AT and row.amount_idr > 0 for row in rows)


def test_a_complaint_has_one_number_however_often_it_is_sent(kind: str, place: Place) -> None:
    asked: Suppliers = DemoSuppliers() if kind == "demo" else HttpSuppliers(place)
    first = asked.send(COMPLAINT)
    assert first.reference
    assert asked.send(COMPLAINT).reference == first.reference


def test_the_key_goes_along_and_nothing_personal_stands_in_an_address(
    server: Server, place: Place
) -> None:
    HttpSuppliers(place).send(COMPLAINT)
    HttpSource("transaction", place).find(ASKED["transaction"])
    assert server.paths() == ["/v1/complaints", "/v1/transaction"]
    _path, headers, body = server.asked[0]
    assert (headers["Idempotency-Key"], body["key"]) == ("k1", "k1")


class TestTrouble:
    def _trouble(self, asked: HttpSource) -> Trouble:
        with pytest.raises(Unavailable) as caught:
            asked.find(ASKED["transaction"])
        return caught.value.trouble

    def test_a_server_that_is_away(self) -> None:
        place = Place("http://127.0.0.1:9", TOKEN, 0.5)
        assert self._trouble(HttpSource("transaction", place)) == Trouble.UNREACHABLE

    def test_a_slow_one_costs_its_time(self, server: Server) -> None:
        done = threading.Event()
        server.answer = lambda _call: done.wait(5)  # type: ignore[assignment, return-value]
        slow = HttpSource("transaction", Place(server.address, TOKEN, 0.2))
        assert self._trouble(slow) == Trouble.TIMEOUT
        done.set()

    @pytest.mark.parametrize(
        ("status", "trouble"),
        [
            (401, Trouble.REFUSED),
            (404, Trouble.BROKEN),
            (302, Trouble.BROKEN),
            (503, Trouble.UNREACHABLE),
        ],
    )
    def test_what_a_status_means(
        self, server: Server, place: Place, status: int, trouble: Trouble
    ) -> None:
        server.answer = lambda call: call.say(status, {}, Location="http://169.254.169.254/")
        assert self._trouble(HttpSource("transaction", place)) == trouble
        assert len(server.asked) == 1

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"\xff",
            b"[" * 100_000,
            b" " * (LARGEST_ANSWER + 5),
            [],
            {"result": "unspent"},
            {"result": ["pending"]},
            {"result": "pending", "facts": [1]},
            {"result": "pending", "facts": {"at": "2026-11-18T12:00:00"}},
            {"result": "pending", "facts": {"amount_idr": -1}},
            {"result": "pending", "facts": {"amount_idr": True}},
            {"result": "pending", "facts": {"supplier": {"a": 1}}},
            {"result": "pending", "facts": {"supplier": "a\x00b"}},
            {"result": "pending", "facts": {"supplier": "x" * 5000}},
        ],
    )
    def test_what_cannot_be_believed_is_broken(
        self, server: Server, place: Place, body: Any
    ) -> None:
        server.answer = lambda call: call.say(200, body)
        assert self._trouble(HttpSource("transaction", place)) == Trouble.BROKEN

    def test_facts_that_nobody_knows_do_no_harm(self, server: Server, place: Place) -> None:
        server.answer = lambda call: call.say(
            200, {"result": "pending", "facts": {"moon": {}}, "more": 1}
        )
        assert HttpSource("transaction", place).find(ASKED["transaction"]).facts == {}

    def test_whoever_lies_or_fails_often_is_left_alone(self, server: Server, place: Place) -> None:
        server.answer = lambda call: call.say(200, {"result": "teleported"})
        asked = HttpSource("transaction", place)
        for _each in range(FAILURES):
            assert self._trouble(asked) == Trouble.BROKEN
        assert self._trouble(asked) == Trouble.RESTING
        assert len(server.asked) == FAILURES


def test_without_a_connection_nothing_is_asked(settings: Any) -> None:
    forget_connectors()
    with pytest.raises(Unavailable) as caught:
        source("transaction")
    assert caught.value.trouble == Trouble.OFF
