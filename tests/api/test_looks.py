"""Masked contact data through the API, and the record of looks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from people.models import Customer, User
from tests.api.conftest import COMPLAINT, Caller, problem
from tickets.models import DataLook, Ticket

EMAIL, PHONE = "ratna@demo.tuntas.id", "+6281255501234"
WHY = {"field": "email", "reason": "call_back"}


def test_a_ticket_shows_contacts_masked(as_officer: Caller, ticket: Ticket) -> None:
    answer = as_officer.get(f"tickets/{ticket.number}")
    assert answer.json()["customer"] == {
        "name": "Ratna Dewi",
        "email": "ra***@demo.tuntas.id",
        "phone": "0812-****-234",
        "masked": True,
        "tier": "platinum",
    }
    changed = as_officer.post(f"tickets/{ticket.number}/handle")
    assert changed.json()["customer"]["email"] == "ra***@demo.tuntas.id"


def test_a_receipt_of_the_desk_is_masked_too(as_officer: Caller) -> None:
    answer = as_officer.post("tickets", {**COMPLAINT, "name": ""})
    assert answer.status_code == 201
    assert "pembeli@example.com" not in answer.content.decode()
    assert answer.json()["customer"]["name"] == "pe***@example.com"


def test_the_right_to_see_openly_holds_for_tokens(
    as_officer: Caller, officer: User, ticket: Ticket
) -> None:
    officer.user_permissions.add(Permission.objects.get(codename="see_contacts"))
    customer = as_officer.get(f"tickets/{ticket.number}").json()["customer"]
    assert (customer["email"], customer["phone"], customer["masked"]) == (EMAIL, PHONE, False)


def test_a_look_answers_once_and_is_recorded(as_officer: Caller, ticket: Ticket) -> None:
    answer = as_officer.post(f"tickets/{ticket.number}/looks", WHY)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    look = DataLook.objects.get()
    assert answer.json() | {"at": ""} == {
        "look": look.pk, "field": "email", "value": EMAIL, "at": "",
    }  # fmt: skip
    assert (look.via, look.reason, look.user.full_name) == ("api", "call_back", "Dimas Pratama")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"field": "email"}, "reason_needed"),
        ({"field": "email", "reason": "x"}, "unknown_reason"),
        ({"field": "agent", "reason": "call_back"}, "nothing_to_show"),
        ({"field": "name", "reason": "call_back"}, "invalid_input"),
        ({"field": "email", "reason": "x" * 41}, "invalid_input"),
        ({"field": "email", "reason": "a\x00b"}, "null_character"),
        ({"field": ["email"], "reason": "call_back"}, "invalid_input"),
        ({**WHY, "user": 1}, "unknown_field"),
    ],
)
def test_what_a_look_needs(
    as_officer: Caller, ticket: Ticket, body: dict[str, Any], code: str
) -> None:
    problem(as_officer.post(f"tickets/{ticket.number}/looks", body), 400, code)
    assert not DataLook.objects.exists()


def test_the_record_is_filtered_and_paged(
    as_supervisor: Caller, officer: User, ticket: Ticket
) -> None:
    now = timezone.now()
    row = {"user": officer, "ticket": ticket, "customer": ticket.customer, "via": "page"}
    DataLook.objects.bulk_create(
        DataLook(**row, field="email", at=now - timedelta(minutes=n)) for n in range(30)
    )
    answer = as_supervisor.get("looks?page_size=20").json()
    assert answer["counts"] == [
        {
            "person": {"id": officer.pk, "name": "Dimas Pratama"},
            "looks": 30,
            "customers": 1,
            "most_in_a_day": answer["counts"][0]["most_in_a_day"],
            "unusual": answer["counts"][0]["most_in_a_day"] > 25,
        }
    ]
    second = as_supervisor.get(answer["next"].partition("/api/v1/")[2]).json()
    assert len(second["results"]) == 10
    assert second["next"] is None
    ids = [each["id"] for each in answer["results"] + second["results"]]
    assert len(set(ids)) == 30
    assert EMAIL not in str(answer)
    for query, count in (
        (f"customer={ticket.number}", 30),
        (f"customer={EMAIL}", 30),
        ("customer=TUN-2222-2222", 0),
        (f"person={officer.pk}", 30),
        (f"person={officer.pk + 1000}", 0),
        (f"since={(now - timedelta(minutes=4, seconds=30)).strftime('%Y-%m-%dT%H:%M:%SZ')}", 5),
    ):
        assert len(as_supervisor.get(f"looks?{query}").json()["results"]) == count, query


@pytest.mark.parametrize(
    "query", ["cursor=x", "person=0", "person=x", "since=x", "customer=" + "x" * 300, "who=1"]
)
def test_a_wrong_query_is_told(as_supervisor: Caller, query: str) -> None:
    problem(as_supervisor.get(f"looks?{query}"), 400)


def test_a_customer_reads_their_own_tickets_unchanged(
    as_customer: Caller, ticket: Ticket, customer: Customer
) -> None:
    assert "customer" not in as_customer.get(f"tickets/{ticket.number}").json()
    said = as_customer.get(f"tickets/{ticket.number}/messages").json()["results"]
    assert said[0]["author"]["name"] == customer.name
