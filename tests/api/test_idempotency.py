from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from people.models import User
from people.services import issue_token
from tests.api.conftest import COMPLAINT, Caller, problem, row_counts
from tickets.models import Message, Ticket


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """The link carries the instant of its signature, so it is new each time."""
    return {**one, "tracking_url": ""} == {**other, "tracking_url": ""}


def test_a_repeat_gets_the_same_answer_and_files_nothing(as_integrator: Caller) -> None:
    body = {**COMPLAINT, "description": "Akun dibobol, password: rahasia123"}
    first = as_integrator.post("tickets", body, Idempotency_Key="order-1")
    assert (first.status_code, "Idempotency-Replayed" in first) == (201, False)
    before = row_counts()
    for _ in range(2):
        again = as_integrator.post("tickets", body, Idempotency_Key="order-1")
        assert (again.status_code, again["Idempotency-Replayed"]) == (201, "true")
        assert _same(again.json(), first.json())
    assert row_counts() == before


def test_the_key_with_another_body_is_refused(as_integrator: Caller) -> None:
    as_integrator.post("tickets", COMPLAINT, Idempotency_Key="order-1")
    before = row_counts()
    for changed in ({"description": "Lain"}, {"amount_idr": 1}, {"email": "lain@example.com"}):
        answer = as_integrator.post("tickets", {**COMPLAINT, **changed}, Idempotency_Key="order-1")
        problem(answer, 422, "submission_key_reused")
    assert row_counts() == before


def test_a_key_belongs_to_its_user(as_integrator: Caller, as_officer: Caller) -> None:
    first = as_integrator.post("tickets", COMPLAINT, Idempotency_Key="k").json()
    body = {**COMPLAINT, "email": "lain@example.com", "order_number": "INV/2"}
    other = as_officer.post("tickets", body, Idempotency_Key="k")
    assert other.status_code == 201
    assert "Idempotency-Replayed" not in other
    assert other.json()["number"] != first["number"]


@pytest.mark.parametrize("key", ["", "x" * 256, "x" * 300, "kunci\u00e9", "a\tb"])
def test_a_key_that_is_none_is_refused(as_integrator: Caller, key: str) -> None:
    before = row_counts()
    answer = as_integrator.post("tickets", COMPLAINT, Idempotency_Key=key)
    problem(answer, 400, "bad_idempotency_key")
    assert row_counts() == before


def test_a_refused_request_does_not_use_the_key_up(as_integrator: Caller) -> None:
    problem(as_integrator.post("tickets", {**COMPLAINT, "tier": "x"}, Idempotency_Key="k"), 400)
    assert as_integrator.post("tickets", COMPLAINT, Idempotency_Key="k").status_code == 201


def test_a_message_is_written_once(as_officer: Caller, as_customer: Caller, taken: Ticket) -> None:
    path = f"tickets/{taken.number}/messages"
    for caller, body in (
        (as_officer, {"body": "Kami cek."}),
        (as_officer, {"body": "Catatan", "kind": "note"}),
        (as_customer, {"body": "Terima kasih"}),
    ):
        key = body.get("kind", "m")
        first = caller.post(path, body, Idempotency_Key=key)
        again = caller.post(path, body, Idempotency_Key=key)
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json() == again.json()
        changed = caller.post(path, {**body, "body": "Lain"}, Idempotency_Key=key)
        problem(changed, 422, "submission_key_reused")
    assert Message.objects.filter(ticket=taken).count() == 4


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_eight_at_once_file_one_ticket(integrator: User) -> None:
    _token, key = issue_token(user=integrator, name="test")
    caller = Caller(key)

    def file(_attempt: int) -> tuple[int, dict[str, Any]]:
        try:
            answer = Caller(key).post("tickets", COMPLAINT, Idempotency_Key="once")
            return answer.status_code, answer.json()
        finally:
            connections.close_all()

    assert caller.get("categories").status_code == 200  # rules are read before the race
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(file, range(8)))
    assert {status for status, _answer in answers} == {201}
    assert all(_same(answer, answers[0][1]) for _status, answer in answers)
    assert Ticket.objects.count() == 1
    assert Message.objects.count() == 1
