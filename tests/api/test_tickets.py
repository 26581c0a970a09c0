"""Filing, listing and looking at tickets."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.utils import CaptureQueriesContext

from people.models import Customer
from tests.api.conftest import COMPLAINT, Caller, problem, row_counts
from tests.cast import FileTicket
from tickets.models import Attachment, Ticket
from tickets.selectors import with_people

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


def test_an_integrator_files_a_complaint_and_gets_the_whole_answer(as_integrator: Caller) -> None:
    body = {**COMPLAINT, "channel": "phone", "tier": "gold", "amount_idr": 250_000, "days_open": 5}
    response = as_integrator.post("tickets", body)
    assert response.status_code == 201
    answer = response.json()
    assert answer["number"].startswith("TUN-")
    assert (answer["created"], answer["state"], answer["channel"]) == (True, "classified", "phone")
    assert answer["category"]
    assert answer["priority"]
    assert answer["team"]["code"]
    assert answer["reasons"]
    assert answer["next_due_at"]
    assert answer["tracking_url"].startswith("http")
    assert answer["masked"] == []
    assert answer["received_at"].endswith("Z")
    assert response["Location"] == answer["links"]["self"]
    assert response["ETag"] == f'"{answer["version"]}"'
    assert as_integrator.get(f"tickets/{answer['number']}").status_code == 200
    assert Customer.objects.get(email="pembeli@example.com").tier == "gold"


def test_secrets_are_masked_and_said_to_be(as_integrator: Caller) -> None:
    body = {**COMPLAINT, "description": "Akun saya dibobol, password: rahasia123 dan OTP 123456"}
    answer = as_integrator.post("tickets", body).json()
    assert answer["masked"]
    assert "rahasia123" not in str(answer)


def test_a_customer_files_for_oneself(as_customer: Caller, customer: Customer) -> None:
    answer = as_customer.post("tickets", {"description": "Bagaimana cara mengubah alamat?"})
    assert answer.status_code == 201
    assert Ticket.objects.get(number=answer.json()["number"]).customer == customer


def test_the_desks_fields_are_not_shown_to_reporters(as_integrator: Caller) -> None:
    answer = as_integrator.post("tickets", COMPLAINT).json()
    for name in ("customer", "assignee", "home_team", "tier", "expedited", "breached_at"):
        assert name not in answer


def test_files_come_as_multipart(as_integrator: Caller) -> None:
    evidence = SimpleUploadedFile("bukti.png", PNG, "image/png")
    answer = as_integrator.send_form(
        "tickets", {**COMPLAINT, "amount_idr": "12500000", "files": [evidence]}
    )
    assert answer.status_code == 201, answer.content
    assert answer.json()["amount_idr"] == 12_500_000
    listed = as_integrator.get(f"tickets/{answer.json()['number']}/attachments").json()
    assert [file["name"] for file in listed] == ["bukti.png"]
    content = as_integrator.get(listed[0]["url"].split("8000", 1)[-1])
    assert content.status_code == 200
    assert b"".join(content.streaming_content) == PNG
    assert content["Content-Disposition"].startswith("attachment")


def test_a_wrong_file_stores_nothing(as_integrator: Caller) -> None:
    before = row_counts()
    page = SimpleUploadedFile("bukti.png", b"<html><script>1</script></html>", "image/png")
    answer = as_integrator.send_form("tickets", {**COMPLAINT, "files": [page]})
    document = problem(answer, 400, "file_type")
    assert document["errors"][0]["field"] == "files"
    assert row_counts() == before
    assert not Attachment.objects.exists()


def test_the_same_problem_again_answers_with_the_open_ticket(as_integrator: Caller) -> None:
    first = as_integrator.post("tickets", COMPLAINT).json()
    before = row_counts()
    again = as_integrator.post("tickets", COMPLAINT)
    assert again.status_code == 200
    assert (again.json()["number"], again.json()["created"]) == (first["number"], False)
    assert row_counts() == before
    other = as_integrator.post("tickets", {**COMPLAINT, "even_if_open": True})
    assert other.status_code == 201
    assert other.json()["number"] != first["number"]


def test_an_open_ticket_of_others_is_not_told(
    as_integrator: Caller, file_ticket: FileTicket, customer: Customer
) -> None:
    theirs = file_ticket(order_number="INV/1")
    body = {**COMPLAINT, "email": customer.email, "order_number": "INV/1"}
    response = as_integrator.post("tickets", body)
    problem(response, 409, "open_ticket_exists")
    assert theirs.number not in response.content.decode()
    assert (customer.phone or "") not in response.content.decode()


def test_a_list_shows_the_latest_first_in_stable_pages(
    as_customer: Caller, file_ticket: FileTicket
) -> None:
    numbers = [file_ticket().number for _ in range(5)]
    first = as_customer.get("tickets?page_size=2").json()
    assert [row["number"] for row in first["results"]] == [numbers[4], numbers[3]]
    file_ticket()  # a row that comes in between shifts nothing
    seen = []
    link = first["next"]
    while link:
        page = as_customer.get(link.split("8000", 1)[-1]).json()
        seen += [row["number"] for row in page["results"]]
        link = page["next"]
    assert seen == [numbers[2], numbers[1], numbers[0]]


def test_rows_of_the_same_instant_are_all_listed(
    as_customer: Caller, file_ticket: FileTicket, ticket: Ticket
) -> None:
    same = {file_ticket(received_at=ticket.received_at).number for _ in range(4)} | {ticket.number}
    seen: list[str] = []
    link = "tickets?page_size=2"
    while link:
        page = as_customer.get(link).json()
        seen += [row["number"] for row in page["results"]]
        link = (page["next"] or "").split("8000", 1)[-1]
    assert sorted(seen) == sorted(same)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=classified", True),
        ("state=closed", False),
        ("state=received,classified", True),
        ("priority=URGENT", True),
        ("priority=LOW,MEDIUM", False),
        ("team=cs_account", True),
        ("team=cs_order", False),
        ("category=account_takeover", True),
        ("order_number=INV/FILTER", True),
        ("order_number=INV/OTHER", False),
        ("customer_email=RATNA@demo.tuntas.id", True),
        ("customer_email=nobody@example.com", False),
    ],
)
def test_filters(as_officer: Caller, file_ticket: FileTicket, query: str, found: bool) -> None:
    number = file_ticket(order_number="INV/FILTER").number
    rows = as_officer.get(f"tickets?{query}").json()["results"]
    assert [row["number"] for row in rows] == ([number] if found else [])


@pytest.mark.parametrize(
    "query",
    [
        "state=lost",
        "state=",
        "priority=urgent;--",
        "team=nowhere",
        "category=nothing",
        "order=received_at;--",
        "customer__user__password__startswith=a",
        "page=-1",
        "page_size=0",
        "page_size=101",
        "page_size=1000000000",
        "page_size=x",
        "page_size=%F0%9F%98%80",
        "cursor=abc",
        "cursor=%00",
        "cursor=WzEsMl0",
        "cursor=WyIyMDI2LTAxLTAxVDAwOjAwOjAwKzAwOjAwIiw5OTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ",
        "team=%00",
        "order_number=%00",
        "customer_email=%ED%A0%BD",
        "state=closed&state=received",
        "format=xml",
    ],
)
def test_a_query_that_is_not_known_is_refused(as_officer: Caller, query: str) -> None:
    answer = as_officer.get(f"tickets?{query}")
    if query == "customer_email=%ED%A0%BD":  # bytes that are no UTF-8 become a replacement sign
        assert answer.status_code == 200
        return
    assert problem(answer, 400)["errors"]


def test_what_is_listed_is_what_the_role_sees(
    as_officer: Caller,
    as_customer: Caller,
    as_supervisor: Caller,
    as_integrator: Caller,
    ticket: Ticket,
    foreign_ticket: Ticket,
) -> None:
    def numbers(caller: Caller) -> set[str]:
        return {row["number"] for row in caller.get("tickets").json()["results"]}

    assert numbers(as_officer) == {ticket.number}
    assert numbers(as_customer) == {ticket.number}
    assert numbers(as_supervisor) == {ticket.number, foreign_ticket.number}
    assert numbers(as_integrator) == set()


def test_a_list_of_fifty_takes_eight_queries(
    as_officer: Caller, file_ticket: FileTicket, django_assert_max_num_queries: Any
) -> None:
    for _ in range(50):
        file_ticket()
    as_officer.get("tickets")  # rule sets are read once per process
    with django_assert_max_num_queries(8):
        rows = as_officer.get("tickets").json()["results"]
    assert len(rows) == 50


def test_creating_has_a_fixed_number_of_queries(
    as_integrator: Caller, django_assert_max_num_queries: Any
) -> None:
    as_integrator.post("tickets", COMPLAINT)
    with django_assert_max_num_queries(27) as captured:
        body = {**COMPLAINT, "order_number": "INV/2", "email": "lain@example.com"}
        assert as_integrator.post("tickets", body).status_code == 201
    assert _writes(captured) <= 13


def _writes(captured: CaptureQueriesContext) -> int:
    """Several may go in one round trip."""
    verbs = re.compile(r"(?:^|; )(?:INSERT INTO|UPDATE|DELETE FROM) ")
    return sum(len(verbs.findall(query["sql"])) for query in captured.captured_queries)


def test_looking_writes_nothing(as_officer: Caller, as_customer: Caller, ticket: Ticket) -> None:
    from django.db import connection

    paths = ["tickets", "me", "teams", "categories", "organisation"]
    paths += [f"tickets/{ticket.number}{part}" for part in ("", "/events", "/messages", "/clocks")]
    for caller in (as_officer, as_customer):
        with CaptureQueriesContext(connection) as captured:
            for path in paths:
                assert caller.get(path).status_code == 200, path
        assert _writes(captured) == 0


def test_the_fields_of_a_row_are_those_agreed(as_officer: Caller, as_customer: Caller) -> None:
    """What a role sees is a decision: a field that joins the answer must be added here too."""
    reporter = {
        "amount_idr", "category", "category_name", "channel", "classified_at", "closed_at",
        "confirmation_asked_at", "description", "escalated_at", "first_response_at", "held_until", "language",
        "links", "merged_into", "next_due_at", "number", "order_number", "priority", "queue", "reasons",
        "received_at", "reopen_count", "reporter", "state", "subject", "team", "tracking_url",
        "version", "waiting_for_customer_since", "wanted_solution",
    }  # fmt: skip
    desk = {
        "assignee",
        "breached_at",
        "customer",
        "expedited",
        "home_team",
        "sealed_at",
        "tags",
        "tier",
    }
    number = as_customer.post("tickets", {"description": "Akun saya dibobol orang"}).json()[
        "number"
    ]
    assert set(as_customer.get(f"tickets/{number}").json()) == reporter
    # The link opens the ticket as the customer; the desk acts in its own name.
    seen = set(as_officer.get(f"tickets/{number}").json())
    assert seen == (reporter | desk) - {"tracking_url"}


def test_a_number_is_read_as_people_type_it(as_officer: Caller, ticket: Ticket) -> None:
    typed = ticket.number.lower().replace("-", "")
    assert as_officer.get(f"tickets/{typed}").json()["number"] == ticket.number


def test_the_version_is_the_etag(as_officer: Caller, ticket: Ticket) -> None:
    fresh = with_people(Ticket.objects.all()).get(pk=ticket.pk)
    tag = as_officer.get(f"tickets/{ticket.number}")["ETag"]
    assert tag.startswith(f'"{fresh.version}-')
