"""Merging, splitting and linking through the API: addresses, codes, what each side reads afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from people.models import User
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
    assert {row["action"] for row in actions if row["allowed"]} == {
        "note",
        "undo_merge",
        "link",
        "watch",
        "ask_to_watch",
    }


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


def test_split(as_officer: Caller, as_customer: Caller, taken: Ticket) -> None:
    said = as_customer.post(f"tickets/{taken.number}/messages", {"body": "Paket belum sampai."})
    chosen = [said.json()["id"]]
    answer = as_officer.post(f"tickets/{taken.number}/split", {"messages": chosen})
    assert answer.status_code == 201
    made = answer.json()
    assert answer["Location"].endswith(made["number"])
    assert (made["subject"], made["state"]) == ("Paket belum sampai.", "classified")
    for number in (taken.number, made["number"]):
        said = as_customer.get(f"tickets/{number}/messages").json()["results"]
        assert said[-1]["body"] == "Paket belum sampai."
    told = as_customer.get(f"tickets/{made['number']}/events").json()["results"]
    assert told[-1]["kind"] == "split_off"
    again = as_officer.post(f"tickets/{taken.number}/split", {"messages": chosen})
    assert made["number"] in problem(again, 409, "already_split")["detail_en"]


@pytest.mark.parametrize(
    "body",
    [{}, {"messages": []}, {"messages": "1"}, {"messages": ["1"]}, {"messages": [0]},
     {"messages": [1] * 101}, {"messages": [2**63]}, {"messages": [[1]]},
     {"messages": [1], "subject": "x" * 201}, {"messages": [1], "extra": 1}],
)  # fmt: skip
def test_nonsense_is_not_split(as_officer: Caller, taken: Ticket, body: dict[str, Any]) -> None:
    answer = as_officer.post(f"tickets/{taken.number}/split", body)
    assert answer.status_code == 400
    assert problem(answer, 400)["errors"]


def test_links(
    as_officer: Caller, as_supervisor: Caller, taken: Ticket, foreign_ticket: Ticket
) -> None:
    path = f"tickets/{taken.number}/links"
    body = {"number": foreign_ticket.number.lower(), "kind": "caused_by"}
    problem(as_officer.post(path, body), 404, "unknown_ticket")
    answer = as_supervisor.post(path, body)
    assert answer.status_code == 201
    (row,) = answer.json()["results"]
    assert (row["kind"], row["way"], row["number"]) == ("caused_by", "to", foreign_ticket.number)
    (seen,) = as_officer.get(path).json()["results"]
    assert not seen["seen"]
    (back,) = as_supervisor.get(f"tickets/{foreign_ticket.number}/links").json()["results"]
    assert (back["way"], back["number"], back["seen"]) == ("from", taken.number, True)
    problem(as_supervisor.post(path, body), 409, "linked_already")
    removal = {"link": row["id"]}
    problem(as_officer.post(f"{path}/removal", removal), 403)
    assert as_supervisor.post(f"{path}/removal", removal).json() == {"results": []}
    problem(as_supervisor.post(f"{path}/removal", removal), 409, "no_such_link")


def test_watching(
    as_officer: Caller, as_supervisor: Caller, taken: Ticket, double: Ticket, supervisor: User
) -> None:
    path = f"tickets/{taken.number}"
    assert as_officer.post(f"{path}/watch").status_code == 200
    answer = as_officer.post(f"{path}/watchers", {"person": supervisor.pk})
    assert {row["id"] for row in answer.json()["results"]} > {supervisor.pk}
    rows = as_supervisor.get("tickets?watched=true").json()["results"]
    assert [row["number"] for row in rows] == [taken.number]
    assert len(as_supervisor.get("tickets?watched=false").json()["results"]) > 1
    rest = as_supervisor.post(f"{path}/unwatch").json()["results"]
    assert supervisor.pk not in {row["id"] for row in rest}
    assert as_supervisor.get("tickets?watched=true").json()["results"] == []
