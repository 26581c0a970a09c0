"""Holds, pulling forward, whose turn it is, and many tickets at once, through the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.common import clock
from people.models import User
from tests.api.conftest import Caller, problem, row_counts
from tickets.models import Ticket

REASON = "KENARI-4712"


def _until(**span: float) -> str:
    return (clock.now() + timedelta(**span)).isoformat()


@pytest.fixture
def answered(as_officer: Caller, taken: Ticket) -> str:
    """The path of a ticket that Dimas took and answered."""
    path = f"tickets/{taken.number}"
    assert as_officer.post(f"{path}/messages", {"body": "Kami periksa."}).status_code == 201
    return path


def _actions(caller: Caller, path: str) -> dict[str, Any]:
    rows = caller.get(f"{path}/actions").json()["results"]
    return {row["action"]: row for row in rows}


def test_a_hold_and_its_end(as_supervisor: Caller, as_customer: Caller, answered: str) -> None:
    offered = _actions(as_supervisor, answered)["hold"]
    assert offered["url"].endswith("/hold")
    until = _until(days=2)
    body = as_supervisor.post(f"{answered}/hold", {"reason": REASON, "until": until}).json()
    assert body["held_until"]
    assert "release" in _actions(as_supervisor, answered)
    assert as_customer.get(answered).json()["held_until"] == body["held_until"]
    for part in ("", "/events", "/messages", "/actions"):
        assert REASON not in as_customer.get(answered + part).content.decode()
    problem(
        as_supervisor.post(f"{answered}/hold", {"reason": "r", "until": until}), 409, "already_held"
    )
    assert as_supervisor.post(f"{answered}/release").json()["held_until"] is None
    problem(as_supervisor.post(f"{answered}/release"), 409, "not_held")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"reason": "r"},
        {"reason": "r", "until": "besok"},
        {"reason": "r", "until": 1},
        {"reason": "", "until": "2020-01-01T00:00:00Z"},
        {"reason": "r", "until": "9999-12-31T23:59:59Z"},
        {"reason": "r", "until": "2020-01-01T00:00:00Z"},
        {"reason": "r\x00", "until": "2020-01-01T00:00:00Z"},
        {"reason": "r", "until": "2020-01-01T00:00:00Z", "held_since": "x"},
    ],
)
def test_a_bad_hold_changes_nothing(
    as_supervisor: Caller, answered: str, body: dict[str, Any]
) -> None:
    before = row_counts()
    problem(as_supervisor.post(f"{answered}/hold", body), 400)
    assert row_counts() == before


def test_forward_and_back(as_supervisor: Caller, answered: str) -> None:
    path = f"{answered}/pull-forward"
    problem(as_supervisor.post(path, {}), 400)
    assert as_supervisor.post(path, {"reason": "r"}).json()["expedited"] is True
    problem(as_supervisor.post(path, {"reason": "r"}), 409)
    assert as_supervisor.post(path, {"on": False}).json()["expedited"] is False
    problem(as_supervisor.post(path, {"on": "no"}), 400)


def test_an_old_version_is_refused(as_supervisor: Caller, answered: str) -> None:
    answer = as_supervisor.post(f"{answered}/pull-forward", {"reason": "r"}, If_Match='"1"')
    problem(answer, 412, "precondition_failed")


def test_a_thanks_and_whose_turn_it_is(
    as_officer: Caller, as_customer: Caller, answered: str
) -> None:
    as_customer.post(f"{answered}/messages", {"body": "Kapan selesai?"})
    assert "no_reply" in _actions(as_officer, answered)
    left = as_officer.post(f"{answered}/no-reply-needed")
    assert left.json()["waiting_for_customer_since"]
    assert "need_reply" in _actions(as_officer, answered)
    assert _actions(as_customer, answered)["need_reply"]["url"].endswith("/reply-needed")
    back = as_customer.post(f"{answered}/reply-needed")
    assert back.json()["waiting_for_customer_since"] is None
    problem(as_customer.post(f"{answered}/reply-needed"), 409)
    problem(as_officer.post(f"{answered}/no-reply-needed"), 409)
    as_officer.post(f"{answered}/messages", {"body": "Besok.", "wait_for_customer": True})
    as_customer.post(f"{answered}/messages", {"body": "Oke makasih kak"})
    assert as_customer.get(answered).json()["waiting_for_customer_since"]
    events = as_officer.get(f"{answered}/events").json()["results"]
    assert events[-1]["data"]["thanks"] is True


def test_many_at_once_tells_of_each(
    as_supervisor: Caller, answered: str, foreign_ticket: Ticket
) -> None:
    number = answered.removeprefix("tickets/")
    body = {
        "verb": "hold", "numbers": [number, foreign_ticket.number, "TUN-2222-2222"],
        "reason": REASON, "until": _until(days=1),
    }  # fmt: skip
    answer = as_supervisor.post("tickets/bulk", body)
    assert answer.status_code == 200
    told = answer.json()
    assert (told["done"], told["refused"]) == (1, 2)
    rows = [(row["number"], row["status"], row["code"]) for row in told["results"]]
    assert rows == [
        (number, 200, ""),
        (foreign_ticket.number, 409, "no_first_response"),
        ("TUN-2222-2222", 404, "not_found"),
    ]
    assert all(row["detail_id"] and row["detail_en"] for row in told["results"][1:])


@pytest.mark.parametrize(
    "change",
    [
        {"numbers": []},
        {"numbers": "TUN-2222-2222"},
        {"numbers": [1]},
        {"numbers": ["x\x00"]},
        {"numbers": ["TUN-2222-2222"] * 201},
        {"verb": "close"},
        {"verb": None},
        {"verb": "assign"},
        {"verb": "assign", "assignee": 10**6},
        {"verb": "assign", "assignee": True},
        {"verb": "pull_forward"},
        {"verb": "hold", "reason": "r"},
        {"state": "closed"},
    ],
)
def test_a_bad_order_does_nothing(as_supervisor: Caller, change: dict[str, Any]) -> None:
    before = row_counts()
    body = {"verb": "put_back", "numbers": ["TUN-2222-2222"], **change}
    problem(as_supervisor.post("tickets/bulk", body), 400)
    assert row_counts() == before


def test_only_people_of_the_desk_are_assigned(
    as_supervisor: Caller, answered: str, customer_user: User, supervisor: User
) -> None:
    body = {"verb": "assign", "numbers": [answered.removeprefix("tickets/")]}
    problem(as_supervisor.post("tickets/bulk", {**body, "assignee": customer_user.pk}), 400)
    answer = as_supervisor.post("tickets/bulk", {**body, "assignee": supervisor.pk})
    assert answer.json()["done"] == 1
