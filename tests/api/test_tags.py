"""Tags through the API, on the pages and in views."""

from __future__ import annotations

from typing import Any

import pytest

from people.models import User
from tests.api.conftest import Caller, problem
from tickets.models import Tag, Ticket

pytestmark = pytest.mark.django_db


def test_a_tickets_tags(as_officer: Caller, as_supervisor: Caller, ticket: Ticket) -> None:
    place = f"tickets/{ticket.number}/tags"
    told = as_officer.request("PUT", place, {"tags": ["Refund terlambat", "VIP"]})
    assert told.status_code == 200, told.content
    assert told.json()["tags"] == ["refund-terlambat", "vip"]
    told = as_officer.post(place, {"add": ["baru"], "remove": ["vip"]}).json()
    assert told["tags"] == ["baru", "refund-terlambat"]
    rows = as_officer.get("tickets").json()["results"]
    assert rows[0]["tags"] == ["baru", "refund-terlambat"]
    assert [row["slug"] for row in as_officer.get("tags?q=refund").json()["results"]] == [
        "refund-terlambat"
    ]
    renamed = as_supervisor.request("PATCH", "tags/baru", {"label": "Segar"}).json()
    assert renamed == {"slug": "segar", "label": "Segar"}
    merged = as_supervisor.post("tags/segar/merge", {"into": "refund-terlambat"})
    assert merged.json()["slug"] == "refund-terlambat"
    assert as_officer.get(f"tickets/{ticket.number}").json()["tags"] == ["refund-terlambat"]


def test_a_reporter_sees_none(
    calling: Any, customer_user: User, as_officer: Caller, ticket: Ticket
):
    as_officer.request("PUT", f"tickets/{ticket.number}/tags", {"tags": ["rahasia"]})
    mine = calling(customer_user)
    assert "rahasia" not in mine.get(f"tickets/{ticket.number}").content.decode()
    assert mine.get("tags").json()["results"] == []


@pytest.mark.parametrize("tags", [["!!"], [5], ["x" * 41], "x", [""], ["a"] * 21, None])
def test_bad_tags(as_officer: Caller, ticket: Ticket, tags: Any) -> None:
    problem(as_officer.request("PUT", f"tickets/{ticket.number}/tags", {"tags": tags}), 400)
    assert not Tag.objects.exists()


def test_a_view_filters_by_tags_and_a_row_shows_them(
    as_officer: Caller, officer: User, ticket: Ticket, file_ticket: Any
) -> None:
    other_ticket = file_ticket(order_number="INV/20261117/99")
    for number, tags in ((ticket.number, ["refund"]), (other_ticket.number, ["lain"])):
        as_officer.request("PUT", f"tickets/{number}/tags", {"tags": tags})
    for operator, expected in (("in", ticket), ("not_in", other_ticket)):
        body = {"filters": {"tags": {operator: ["refund"]}}, "columns": ["tags"]}
        view = as_officer.post("views", {"name": operator, "body": body}).json()
        rows = as_officer.get(f"views/{view['id']}/tickets").json()["results"]
        assert [row["number"] for row in rows] == [expected.number]
    problem(
        as_officer.post("views", {"name": "x", "body": {"filters": {"tags": {"in": ["tak-ada"]}}}}),
        400,
    )
    page = as_officer.client.__class__()
    page.force_login(officer)
    listed = page.get(f"/meja/?view=saved:{view['id']}").content.decode()
    assert ">lain<" in listed
