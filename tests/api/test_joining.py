"""Merging through the API: addresses, codes, and what each side reads afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Caller, problem
from tests.cast import FileTicket
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def double(file_ticket: FileTicket) -> Ticket:
    return file_ticket()


def merge(caller: Caller, into: Ticket, *numbers: str, **more: Any) -> Any:
    body = {"numbers": list(numbers), **more}
    return caller.post(f"tickets/{into.number}/merge", body)


def test_both_numbers_keep_working(
    as_officer: Caller, as_customer: Caller, taken: Ticket, double: Ticket
) -> None:
    answer = merge(as_officer, taken, double.number, reason="Sama.")
    assert answer.status_code == 200
    assert answer.json()["number"] == taken.number
    for caller in (as_officer, as_customer):
        merged = caller.get(f"tickets/{double.number}").json()
        assert (merged["state"], merged["merged_into"]) == ("closed", taken.number)
        assert caller.get(f"tickets/{taken.number}").json()["merged_into"] is None
        said = caller.get(f"tickets/{taken.number}/messages").json()["results"]
        assert [message["ticket"] for message in said] == [taken.number, double.number]
    told = as_customer.get(f"tickets/{double.number}/events").json()["results"]
    assert told[-1]["kind"] == "merged"
    assert "note" not in told[-1]


def test_writing_to_the_merged_one_says_where_to_go(
    as_officer: Caller, as_customer: Caller, taken: Ticket, double: Ticket
) -> None:
    merge(as_officer, taken, double.number)
    refusal = as_customer.post(f"tickets/{double.number}/messages", {"body": "Halo?"})
    document = problem(refusal, 409, "merged")
    assert taken.number in document["detail_en"]
    assert taken.number in document["detail_id"]
    actions = as_officer.get(f"tickets/{double.number}/actions").json()["results"]
    assert {row["action"] for row in actions if row["allowed"]} == {"note", "undo_merge"}


def test_undo(as_officer: Caller, as_customer: Caller, taken: Ticket, double: Ticket) -> None:
    path = f"tickets/{double.number}/merge-undo"
    problem(as_officer.post(path), 409, "not_merged")
    merge(as_officer, taken, double.number)
    problem(as_customer.post(path), 403)
    answer = as_officer.post(path)
    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["merged_into"]) == ("classified", None)
    said = as_customer.get(f"tickets/{taken.number}/messages").json()["results"]
    assert [message["ticket"] for message in said] == [taken.number]


def test_a_foreign_second_number_answers_like_one_that_never_was(
    as_officer: Caller, taken: Ticket, foreign_ticket: Ticket
) -> None:
    answers = [
        merge(as_officer, taken, number)
        for number in (foreign_ticket.number, "TUN-2222-2222", "TUN-2222-222X", "%00", "nothing")
    ]
    for answer in answers:
        problem(answer, 404, "unknown_ticket")
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize(
    "body",
    [{}, {"numbers": []}, {"numbers": "TUN"}, {"numbers": [1]}, {"numbers": [[]]},
     {"numbers": ["TUN-2222-2222"] * 21}, {"numbers": [" "]}, {"numbers": ["a"], "extra": 1}],
)  # fmt: skip
def test_nonsense_is_named(as_officer: Caller, taken: Ticket, body: dict[str, Any]) -> None:
    answer = as_officer.post(f"tickets/{taken.number}/merge", body)
    assert answer.status_code == 400
    assert problem(answer, 400)["errors"]


def test_another_customers_ticket_is_not_merged(
    as_supervisor: Caller, taken: Ticket, foreign_ticket: Ticket
) -> None:
    problem(merge(as_supervisor, taken, foreign_ticket.number), 400, "different_customers")
    foreign_ticket.refresh_from_db(fields=["next_due_at"])
    assert foreign_ticket.next_due_at is not None
