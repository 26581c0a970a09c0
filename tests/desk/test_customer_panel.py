"""The customer's panel: orders after the page, earlier tickets with outcome, satisfaction so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from people.actors import Actor
from people.commerce import CommerceUnavailable, Trouble, connector
from people.commerce import lookup as commerce_lookup
from people.models import Customer, ResellerAgent, User
from people.services import issue_token
from tests.api.conftest import Caller
from tests.support.stages import Stage
from tickets.models import Ticket
from tickets.services import answer_survey

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    connector.cache_clear()
    cache.clear()
    yield
    connector.cache_clear()
    cache.clear()


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def records_of(self, _who: object) -> object:
            raise CommerceUnavailable(Trouble.TIMEOUT)

    monkeypatch.setattr(commerce_lookup, "connector", Away)


def _read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_orders_come_after_the_page_with_the_tickets_own_first(
    desk: Client, file_ticket: Any
) -> None:
    ticket = file_ticket(order_number="INV/20261117/MPL/77")
    page = _read(desk, f"/meja/{ticket.number}/")
    assert f'hx-get="/meja/{ticket.number}/pesanan/"' in page
    part = _read(desk, f"/meja/{ticket.number}/pesanan/")
    assert part.index("is-own") < part.index("INV/20261117/MPL/77")
    assert 'data-copy="INV/20261117/MPL/77"' in part
    assert "Pesanan INV/20261117/MPL/77:" in part
    assert "Transaksi" in part


def test_a_system_that_is_away_stops_nothing(desk: Client, file_ticket: Any, away: None) -> None:
    ticket = file_ticket()
    assert ticket.number in _read(desk, f"/meja/{ticket.number}/")
    assert "tidak menjawab" in _read(desk, f"/meja/{ticket.number}/pesanan/")


def test_the_page_never_asks_the_connector(
    desk: Client, file_ticket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise AssertionError("asked while the page was made")

    monkeypatch.setattr(commerce_lookup, "connector", fail)
    _read(desk, f"/meja/{file_ticket().number}/")


@pytest.mark.parametrize(
    ("name", "status"),
    [("dimas", 200), ("sari", 200), ("ayu", 404), ("admin", 403), ("ratna", 403)],
)
def test_who_sees_orders(
    sign_in: SignIn, people: dict[str, User], file_ticket: Any, name: str, status: int
) -> None:
    answer = sign_in(people[name]).get(f"/meja/{file_ticket().number}/pesanan/")
    assert answer.status_code == status


def test_an_agents_balance_is_told(desk: Client, file_ticket: Any, agent_user: User) -> None:
    ticket = file_ticket()
    agent = ResellerAgent.objects.get(user=agent_user)
    Ticket.objects.filter(pk=ticket.pk).update(agent=agent)
    part = _read(desk, f"/meja/{ticket.number}/pesanan/")
    assert "Saldo" in part
    assert "Upline" in part


def test_earlier_tickets_tell_their_outcome_and_marks_their_average(
    desk: Client, stage: Stage, customer: Customer
) -> None:
    for score in (5, 2):
        closed = stage.closed()
        answer_survey(actor=Actor(customer=customer), ticket_id=closed.pk, score=score)
    page = _read(desk, f"/meja/{stage.handled().number}/")
    assert "3,5 dari 5, dari 2 nilai" in page
    assert "dikonfirmasi" in page.lower()
    assert "2 dari 5" in page


def test_without_marks_the_page_says_so(desk: Client, file_ticket: Any) -> None:
    assert "belum pernah memberi nilai" in _read(desk, f"/meja/{file_ticket().number}/")


def test_the_api_tells_the_same(stage: Stage, officer: User, customer: Customer) -> None:
    as_officer = Caller(issue_token(user=officer, name="t")[1])
    closed = stage.closed()
    answer_survey(actor=Actor(customer=customer), ticket_id=closed.pk, score=4)
    ticket = stage.handled(order_number="INV/20261117/MPL/78")
    found = as_officer.get(f"tickets/{ticket.number}/customer").json()
    assert found["satisfaction"] == {"marks": 1, "average": 4.0, "latest": [4]}
    assert found["reason_needed"] is True
    assert [row["number"] for row in found["earlier"]] == [closed.number]
    assert (found["earlier"][0]["confirmation"], found["earlier"][0]["score"]) == ("confirmed", 4)
    assert "ratna@demo.tuntas.id" not in str(found)
    orders = as_officer.get(f"tickets/{ticket.number}/orders").json()
    assert (orders["available"], orders["own"]["number"]) == (True, "INV/20261117/MPL/78")


def test_the_api_says_that_the_system_is_away(stage: Stage, officer: User, away: None) -> None:
    as_officer = Caller(issue_token(user=officer, name="t")[1])
    answer = as_officer.get(f"tickets/{stage.handled().number}/orders")
    assert answer.status_code == 200
    assert (answer.json()["available"], answer.json()["trouble"]) == (False, "timeout")
