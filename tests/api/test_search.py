"""GET tickets/search: rows, excerpts with places, pages, refusals, and what a reporter never reads."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from people.actors import of_user
from people.models import User
from tests.api.conftest import Caller, problem
from tests.cast import FileTicket
from tickets.models import Ticket
from tickets.services import add_internal_note, index_marked


@pytest.fixture
def found(ticket: Ticket, supervisor: User) -> Ticket:
    body = "Kenari4711: akun ini dibobol orang dalam."
    add_internal_note(actor=of_user(supervisor), ticket_id=ticket.pk, body=body)
    index_marked()
    return ticket


def test_a_row_says_where_the_words_stand(as_officer: Caller, found: Ticket) -> None:
    answer = as_officer.get("tickets/search?q=dibajak").json()
    assert (answer["count"], answer["count_is_exact"], answer["corrected"]) == (1, True, "")
    assert answer["next"] is None
    [row] = answer["results"]
    assert row["number"] == found.number
    places = {e["where"]: [e["text"][a:b] for a, b in e["marks"]] for e in row["excerpts"]}
    assert places["subject"] == ["akun dibobol"]
    assert set(places) <= {"subject", "customer", "note"}


def test_a_slip_is_put_right_and_told(as_officer: Caller, found: Ticket) -> None:
    answer = as_officer.get("tickets/search?q=vuocher").json()
    assert answer["corrected"] == "voucher"
    assert answer["count"] == 1


def test_pages_follow_next(as_supervisor: Caller, file_ticket: FileTicket) -> None:
    numbers = {file_ticket().number for _n in range(5)}
    index_marked()
    seen: list[str] = []
    path = "tickets/search?q=akun&page_size=2"
    for _round in range(4):
        answer = as_supervisor.get(path).json()
        seen += [row["number"] for row in answer["results"]]
        if not answer["next"]:
            break
        path = "tickets/search?" + answer["next"].split("?", 1)[1]
    assert len(seen) == 5
    assert set(seen) == numbers


def test_a_reporter_reads_no_note_and_searches_none(
    as_customer: Caller, as_integrator: Caller, as_officer: Caller, found: Ticket
) -> None:
    path = "tickets/search?q=kenari4711"
    assert as_officer.get(path).json()["count"] == 1
    for caller in (as_customer, as_integrator):
        assert caller.get(path).json()["results"] == []
        said = caller.get("tickets/search?q=akun").content.decode().lower()
        assert "kenari" not in said
        assert "orang dalam" not in said
    assert as_customer.get("tickets/search?q=akun").json()["count"] == 1
    [row] = as_customer.get("tickets/search?q=akun").json()["results"]
    assert "assignee" not in row
    assert "customer" not in row


def test_an_integrator_finds_what_it_filed(
    as_integrator: Caller, calling: object, found: Ticket
) -> None:
    body = {
        "description": "Akun toko saya terkunci",
        "email": "x@example.com",
        "name": "Rahasia Nama",
    }
    number = as_integrator.post("tickets", body).json()["number"]
    index_marked()
    answer = as_integrator.get("tickets/search?q=akun").json()
    assert [row["number"] for row in answer["results"]] == [number]
    # Whose name is on record for an address is told to nobody who only knows the address.
    assert as_integrator.get("tickets/search?q=rahasia").json()["results"] == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "invalid"), ("q=", "invalid"), ("q=" + "x" * 201, "invalid"), ("q=a%00", "invalid"),
        ("q=status:entah", "bad_filter"), ("q=dari:ratna", "bad_filter"), ("q=akun&cursor=zzz", "bad_cursor"),
        ("q=akun&cursor=9.9.9.99999", "bad_cursor"), ("q=akun&page_size=1000", "invalid"),
        ("q=akun&order=number", "invalid"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_refused(as_customer: Caller, query: str, code: str) -> None:
    document = problem(as_customer.get(f"tickets/search?{query}"), 400)
    assert code in (document["code"], "invalid")


@pytest.mark.parametrize("words", ["' | !x", "\\", "%", "':*", "<->", "😀", "a&b", "\u202e"])
def test_signs_are_no_operators(as_officer: Caller, found: Ticket, words: str) -> None:
    assert as_officer.get(f"tickets/search?q={quote(words)}").status_code == 200
