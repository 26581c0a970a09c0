from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Caller, problem
from tickets.models import Macro, MacroUse, Ticket

NEW = {"name": "Sapa", "body": "Halo {customer_name}, soal {ticket_number}.", "scope": "cs_account"}


@pytest.fixture(autouse=True)
def without_the_shipped_ones(db: None) -> None:
    Macro.objects.all().delete()


@pytest.fixture
def kept(as_supervisor: Caller) -> dict[str, Any]:
    answer = as_supervisor.post("macros", NEW)
    assert answer.status_code == 201, answer.content
    return dict(answer.json(), etag=answer["ETag"])


def test_it_is_kept_listed_changed_and_put_away(
    as_supervisor: Caller, as_officer: Caller, as_specialist: Caller, kept: dict[str, Any]
) -> None:
    path = f"macros/{kept['id']}"
    assert [row["name"] for row in as_officer.get("macros").json()] == ["Sapa"]
    assert as_specialist.get("macros").json() == []
    problem(as_specialist.get(path), 404)
    changed = as_supervisor.request("PUT", path, NEW | {"name": "Salam"}, If_Match=kept["etag"])
    assert (changed.status_code, changed.json()["name"]) == (200, "Salam")
    problem(as_supervisor.request("PUT", path, NEW, If_Match=kept["etag"]), 412)
    assert as_supervisor.request("DELETE", path).status_code == 204
    problem(as_supervisor.get(path), 404)


def test_an_officer_changes_none_of_the_teams(as_officer: Caller, kept: dict[str, Any]) -> None:
    problem(as_officer.request("PUT", f"macros/{kept['id']}", NEW), 403, "not_allowed")
    problem(as_officer.request("DELETE", f"macros/{kept['id']}"), 403, "not_allowed")
    assert as_officer.post("macros", NEW | {"scope": "own"}).status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        {},
        NEW | {"owner": 1},
        NEW | {"effects": {"state": "closed"}},
        NEW | {"effects": []},
        NEW | {"effects": {"take": "yes"}},
        NEW | {"body": "{nobody}"},
        NEW | {"body": "\x00"},
        NEW | {"body": "x" * 10_001},
    ],
)
def test_nonsense_is_refused(as_supervisor: Caller, body: Any) -> None:
    problem(as_supervisor.post("macros", body), 400)
    assert not Macro.objects.exists()


def test_it_is_sent_once_for_each_key(
    as_officer: Caller, taken: Ticket, kept: dict[str, Any]
) -> None:
    path = f"tickets/{taken.number}"
    words = as_officer.get(f"{path}/macros/{kept['id']}").json()
    assert words == {"text": f"Halo {taken.customer.name}, soal {taken.number}.", "missing": []}
    sent = [
        as_officer.post(f"{path}/macro", {"macro": kept["id"]}, Idempotency_Key="a")
        for _time in range(2)
    ]
    assert [answer.status_code for answer in sent] == [201, 201]
    assert sent[0].json() == sent[1].json()
    assert sent[0].json()["body"] == words["text"]
    assert MacroUse.objects.count() == 1


def test_another_teams_ticket_and_a_customer_get_nothing(
    as_officer: Caller, as_customer: Caller, foreign_ticket: Ticket, ticket: Ticket, kept: Any
) -> None:
    body = {"macro": kept["id"]}
    problem(as_officer.post(f"tickets/{foreign_ticket.number}/macro", body), 404)
    problem(as_officer.get(f"tickets/{foreign_ticket.number}/macros/{kept['id']}"), 404)
    problem(as_customer.post(f"tickets/{ticket.number}/macro", body), 403)
    problem(as_customer.get(f"tickets/{ticket.number}/macros/{kept['id']}"), 403)
    assert as_customer.get("macros").json() == []
