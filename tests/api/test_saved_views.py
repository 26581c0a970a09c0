"""Saved views through the API."""

from __future__ import annotations

from typing import Any

import pytest

from desk.models import SavedView
from tests.api.conftest import Caller, problem
from tests.cast import FileTicket

URGENT = {"filters": {"priority": {"in": ["URGENT"]}}}


def made(caller: Caller, **values: Any) -> dict[str, Any]:
    answer = caller.post("views", {"name": "Mendesak", "body": URGENT} | values)
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def test_a_view_lives_from_its_making_to_its_end(
    as_officer: Caller, file_ticket: FileTicket
) -> None:
    ticket = file_ticket()
    view = made(as_officer)
    assert (view["audience"], view["team"], view["may_change"]) == ("private", None, True)
    path = f"views/{view['id']}"
    assert as_officer.get("views").json() == {"results": [view]}
    shown = as_officer.get(f"{path}/tickets").json()
    assert [row["number"] for row in shown["results"]] == [ticket.number]
    changed = as_officer.request("PATCH", path, {"name": "Baru", "position": 0}).json()
    assert (changed["name"], changed["body"]) == ("Baru", view["body"])
    assert as_officer.request("PATCH", path, {"body": {"sort": "newest"}}).json()["body"] == {
        "version": 1,
        "filters": {},
        "sort": "newest",
        "columns": view["body"]["columns"],
    }
    assert as_officer.request("DELETE", path).status_code == 204
    problem(as_officer.request("DELETE", path), 404, "not_found")
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"filters": {"password": {"is": "x"}}}, "unknown_field"),
        ({"filters": {"state": {"regex": ".*"}}}, "unknown_operator"),
        ({"filters": {"state": {"in": ["gone"]}}}, "invalid_value"),
        ({"sort": "password"}, "unknown_sort"),
        ({"columns": ["password"]}, "unknown_column"),
        ({"sql": "1"}, "unknown_part"),
        ({"sort": "x", "columns": ["x"]}, "invalid_filters"),
        ("x", "not_an_object"),
        ([1], "not_an_object"),
    ],
)
def test_garbage_is_refused_with_a_code(as_officer: Caller, body: Any, code: str) -> None:
    problem(as_officer.post("views", {"name": "x", "body": body}), 400, code)
    assert not SavedView.objects.exists()


def test_shared_views_are_a_leads_to_change(
    as_officer: Caller, as_supervisor: Caller, file_ticket: FileTicket
) -> None:
    problem(as_officer.post("views", {"name": "x", "body": {}, "audience": "all"}), 403)
    team = made(as_supervisor, audience="team", team="cs_account")
    path = f"views/{team['id']}"
    assert as_officer.get(path).json()["may_change"] is False
    problem(as_officer.request("PATCH", path, {"name": "x"}), 403)
    problem(as_officer.request("DELETE", path), 403)
    fraud = made(as_supervisor, name="Fraud", audience="team", team="fraud")
    for method in ("GET", "PATCH", "DELETE"):
        problem(as_officer.request(method, f"views/{fraud['id']}", {}), 404, "not_found")
    problem(as_officer.get(f"views/{fraud['id']}/tickets"), 404, "not_found")


def test_names_and_numbers_are_checked(as_officer: Caller) -> None:
    view = made(as_officer)
    problem(as_officer.post("views", {"name": "MENDESAK", "body": {}}), 409, "name_taken")
    path = f"views/{view['id']}"
    problem(as_officer.request("PATCH", path, {"position": -1}), 400)
    problem(as_officer.request("PATCH", path, {"owner": 1}), 400, "unknown_field")
    problem(as_officer.get("views/99999999999999999999"), 404, "not_found")
