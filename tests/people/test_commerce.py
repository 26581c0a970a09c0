"""The connector's contract, kept by the demo and by HTTP against a real little server; and what the
HTTP one does with servers that are slow, away, hostile or wrong."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.cache import cache

from people.commerce import (
    CommerceConnector,
    CommerceUnavailable,
    OrderStatus,
    Records,
    Trouble,
    Who,
    connector,
    look_up,
)
from people.commerce.breaker import FAILURES, REST_SECONDS, Breaker
from people.commerce.demo import DemoConnector
from people.commerce.http import LARGEST_ANSWER, HttpConnector
from people.commerce.reading import read_records
from people.commerce.records import MOST_ORDERS

RATNA = Who(email="ratna@demo.tuntas.id", order_number="INV/20261117/1")
AGENT = Who(phone="+6281255509012", agent_code="TP4410")
STRANGER = Who(email="nobody@unknown.example")
TOKEN = "kunci-uji"
ORDER = {
    "number": "INV/1",
    "placed_at": "2026-11-17T09:00:00+07:00",
    "status": "shipped",
    "total_idr": 5,
}


class Server(ThreadingHTTPServer):
    """Answers as the demo does unless `answer` says something else."""

    daemon_threads = True
    answer: Callable[[Any], None] | None = None
    asked = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        self.server.asked += 1
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.answer is not None:
            self.server.answer(self)
            return
        if self.path != "/v1/records" or self.headers["Authorization"] != f"Bearer {TOKEN}":
            self.say(401, b"")
            return
        found = DemoConnector().records_of(Who(**question))
        self.say(200, json.dumps(asdict(found), default=lambda at: at.isoformat()).encode())

    def say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server(("127.0.0.1", 0), _Handler)
    threading.Thread(
        target=found.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    ).start()
    yield found
    found.shutdown()
    found.server_close()


@pytest.fixture(params=["demo", "http"])
def asked(request: pytest.FixtureRequest, server: Server) -> CommerceConnector:
    return DemoConnector() if request.param == "demo" else HttpConnector(server.address, TOKEN)


class TestTheContract:
    def test_the_same_question_has_the_same_answer(self, asked: CommerceConnector) -> None:
        assert asked.records_of(RATNA) == asked.records_of(RATNA)

    def test_the_tickets_own_order_is_among_them(self, asked: CommerceConnector) -> None:
        found = asked.records_of(RATNA)
        own = next(order for order in found.orders if order.number == RATNA.order_number)
        assert own.items
        assert own.total_idr > 0
        assert own.parcel is not None
        assert own.status in OrderStatus
        assert any(row.order_number == own.number for row in found.transactions)

    def test_the_latest_comes_first_within_the_limits(self, asked: CommerceConnector) -> None:
        found = asked.records_of(RATNA)
        days = [order.placed_at for order in found.orders]
        assert days == sorted(days, reverse=True)
        assert len(days) <= MOST_ORDERS
        assert all(order.placed_at.tzinfo for order in found.orders)

    def test_an_agent_has_a_deposit(self, asked: CommerceConnector) -> None:
        deposit = asked.records_of(AGENT).deposit
        assert deposit is not None
        assert (deposit.agent_code, deposit.balance_idr > 0) == ("TP4410", True)
        assert asked.records_of(RATNA).deposit is None

    def test_a_stranger_has_nothing(self, asked: CommerceConnector) -> None:
        assert asked.records_of(STRANGER) == Records()
        assert asked.records_of(Who()) == Records()


class TestOverHttp:
    def _trouble(self, asked: HttpConnector) -> tuple[Trouble, float]:
        begun = time.monotonic()
        with pytest.raises(CommerceUnavailable) as caught:
            asked.records_of(RATNA)
        return caught.value.trouble, time.monotonic() - begun

    def test_a_server_that_is_away(self) -> None:
        trouble, _took = self._trouble(HttpConnector("http://127.0.0.1:9", TOKEN, seconds=1))
        assert trouble == Trouble.UNREACHABLE

    def test_a_slow_one_costs_its_time_and_no_more(self, server: Server) -> None:
        server.answer = lambda _call: time.sleep(3)
        trouble, took = self._trouble(HttpConnector(server.address, TOKEN, seconds=0.5))
        assert trouble == Trouble.TIMEOUT
        assert took < 1.5

    def test_one_that_drips_is_hung_up_on(self, server: Server) -> None:
        def drip(call: Any) -> None:
            call.send_response(200)
            call.send_header("Content-Length", "1000")
            call.end_headers()
            for _each in range(30):
                try:
                    call.wfile.write(b" ")
                    call.wfile.flush()
                except OSError:
                    return
                time.sleep(0.1)

        server.answer = drip
        trouble, took = self._trouble(HttpConnector(server.address, TOKEN, seconds=0.5))
        assert trouble == Trouble.TIMEOUT
        assert took < 1.5

    def test_a_passing_fault_is_tried_again_once(self, server: Server) -> None:
        said: list[int] = []

        def answer(call: Any) -> None:
            said.append(503)
            call.say(503 if len(said) == 1 else 200, json.dumps({"orders": [ORDER]}).encode())

        server.answer = answer
        found = HttpConnector(server.address, TOKEN).records_of(RATNA)
        assert [order.number for order in found.orders] == ["INV/1"]
        assert len(said) == 2

    @pytest.mark.parametrize(
        ("status", "trouble", "asked"),
        [
            (401, Trouble.REFUSED, 1),
            (403, Trouble.REFUSED, 1),
            (500, Trouble.BROKEN, 1),
            (503, Trouble.UNREACHABLE, 2),
        ],
    )
    def test_what_a_status_means(
        self, server: Server, status: int, trouble: Trouble, asked: int
    ) -> None:
        server.answer = lambda call: call.say(status, b"{}")
        assert self._trouble(HttpConnector(server.address, TOKEN))[0] == trouble
        assert server.asked == asked

    def test_an_unknown_customer_may_be_404(self, server: Server) -> None:
        server.answer = lambda call: call.say(404, b"nothing")
        assert HttpConnector(server.address, TOKEN).records_of(RATNA) == Records()

    def test_a_redirect_is_not_followed(self, server: Server) -> None:
        server.answer = lambda call: call.say(302, b"", Location="http://169.254.169.254/")
        assert self._trouble(HttpConnector(server.address, TOKEN))[0] == Trouble.BROKEN
        assert server.asked == 1

    def test_an_endless_answer_is_cut(self, server: Server) -> None:
        server.answer = lambda call: call.say(200, b" " * (LARGEST_ANSWER + 10))
        assert self._trouble(HttpConnector(server.address, TOKEN))[0] == Trouble.BROKEN

    def test_no_contact_stands_in_the_address(self, server: Server) -> None:
        paths: list[str] = []

        def answer(call: Any) -> None:
            paths.append(call.path)
            call.say(200, b"{}")

        server.answer = answer
        HttpConnector(server.address, TOKEN).records_of(RATNA)
        assert paths == ["/v1/records"]

    def test_whoever_fails_often_is_left_alone(self, server: Server) -> None:
        server.answer = lambda call: call.say(500, b"")
        asked = HttpConnector(server.address, TOKEN)
        for _each in range(FAILURES):
            assert self._trouble(asked)[0] == Trouble.BROKEN
        trouble, took = self._trouble(asked)
        assert trouble == Trouble.RESTING
        assert took < 0.1
        assert server.asked == FAILURES


def test_the_breaker_lets_one_try_after_its_rest() -> None:
    now = [0.0]
    breaker = Breaker(now=lambda: now[0])
    for _each in range(FAILURES):
        assert breaker.may_ask()
        breaker.failed()
    assert not breaker.may_ask()
    now[0] = REST_SECONDS + 1
    assert breaker.may_ask()
    assert not breaker.may_ask()
    breaker.succeeded()
    assert breaker.may_ask()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b"[" * 100_000,
        b'{"orders": {}}',
        b'{"orders": [1]}',
        json.dumps({"orders": [{**ORDER, "total_idr": -1}]}).encode(),
        json.dumps({"orders": [{**ORDER, "total_idr": 1.5}]}).encode(),
        json.dumps({"orders": [{**ORDER, "total_idr": True}]}).encode(),
        json.dumps({"orders": [{**ORDER, "placed_at": "2026-11-17T09:00:00"}]}).encode(),
        json.dumps({"orders": [{**ORDER, "placed_at": None}]}).encode(),
        json.dumps({"orders": [{**ORDER, "number": ""}]}).encode(),
        json.dumps({"orders": [{**ORDER, "number": "x" * 5000}]}).encode(),
        json.dumps({"orders": [{**ORDER, "shop": "a\x00b"}]}).encode(),
        json.dumps({"orders": [{**ORDER, "shop": {"a": 1}}]}).encode(),
        json.dumps({"orders": [{**ORDER, "status": ["shipped"]}]}).encode(),
        json.dumps({"deposit": {"agent_code": "A"}}).encode(),
    ],
)
def test_an_answer_of_another_shape_is_broken(body: bytes) -> None:
    with pytest.raises(CommerceUnavailable) as caught:
        read_records(body)
    assert caught.value.trouble == Trouble.BROKEN


def test_new_codes_and_fields_and_too_many_rows_do_no_harm() -> None:
    rows = [{**ORDER, "status": "teleported", "new": 1}] * 500
    found = read_records(json.dumps({"orders": rows, "more": 1}).encode())
    assert len(found.orders) == MOST_ORDERS
    assert found.orders[0].status == OrderStatus.OTHER


class TestLookingUp:
    @pytest.fixture(autouse=True)
    def _anew(self) -> Iterator[None]:
        connector.cache_clear()
        cache.clear()
        yield
        connector.cache_clear()
        cache.clear()

    def test_an_answer_is_kept_for_a_moment(self, server: Server, settings: Any) -> None:
        settings.COMMERCE_CONNECTOR = "http"
        settings.COMMERCE_URL, settings.COMMERCE_TOKEN = server.address, TOKEN
        assert look_up(RATNA) == look_up(RATNA)
        assert server.asked == 1
        look_up(AGENT)
        assert server.asked == 2

    def test_a_failure_is_not_kept(self, server: Server, settings: Any) -> None:
        settings.COMMERCE_CONNECTOR = "http"
        settings.COMMERCE_URL, settings.COMMERCE_TOKEN = server.address, TOKEN
        server.answer = lambda call: call.say(500, b"")
        with pytest.raises(CommerceUnavailable):
            look_up(RATNA)
        server.answer = None
        assert look_up(RATNA).orders

    def test_it_can_be_switched_off(self, settings: Any) -> None:
        settings.COMMERCE_CONNECTOR = "none"
        with pytest.raises(CommerceUnavailable) as caught:
            look_up(RATNA)
        assert caught.value.trouble == Trouble.OFF
