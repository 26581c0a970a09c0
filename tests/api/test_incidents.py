"""Incidents through the API: opened, filled, previewed, ordered, read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Caller, problem
from tickets.models import Ticket
from tickets.services import work_on_incidents

pytestmark = pytest.mark.django_db
INCIDENT = {"title": "Masuk akun gagal", "words": "Halo {customer_name}, kami perbaiki."}


@pytest.fixture
def path(as_supervisor: Caller) -> str:
    answer = as_supervisor.post("incidents", INCIDENT)
    assert answer.status_code == 201
    return f"incidents/{answer.json()['id']}"


def test_from_the_first_ticket_to_the_last_word(
    as_supervisor: Caller, as_officer: Caller, as_customer: Caller, path: str, taken: Ticket
) -> None:
    answer = as_officer.post(f"{path}/tickets", {"numbers": [taken.number, "TUN-2222-2222"]})
    first, second = answer.json()["results"]
    assert (first["done"], second["done"], second["code"]) == (True, False, "not_found")
    assert as_officer.get(path).json()["tickets"] == 1
    listed = as_officer.get("incidents?page_size=1").json()
    assert (listed["next"], listed["results"][0]["tickets"]) == (None, 1)
    (row,) = as_supervisor.get(f"{path}/preview?verb=reply").json()["results"]
    assert row["done"]
    order = {"verb": "reply", "words": INCIDENT["words"]}
    started = as_supervisor.post(f"{path}/runs", order)
    assert started.status_code == 202
    assert started.json()["counts"] == {"waiting": 1}
    problem(as_supervisor.post(f"{path}/runs", order), 409, "run_goes_on")
    work_on_incidents()
    run = as_supervisor.get(f"incident-runs/{started.json()['id']}").json()
    assert (run["counts"], run["results"][0]["done"]) == ({"done": 1}, True)
    problem(as_supervisor.post(f"incident-runs/{run['id']}/stop"), 409, "run_ended")
    problem(as_supervisor.post(f"{path}/runs", order), 400, "all_told")
    said = as_customer.get(f"tickets/{taken.number}/messages").json()["results"]
    assert said[-1]["body"] == f"Halo {taken.customer.name}, kami perbaiki."
    told = as_customer.get(f"tickets/{taken.number}/events").json()["results"]
    assert "incident_joined" not in {event["kind"] for event in told}
    changed = as_supervisor.request("PATCH", path, {"state": "resolved"})
    assert changed.json()["resolved_at"]
    assert changed.json()["words"] == INCIDENT["words"]
    problem(as_officer.post(f"{path}/tickets", {"numbers": [taken.number]}), 409, "incident_over")


def test_one_ticket_joins_is_told_and_leaves(as_officer: Caller, path: str, taken: Ticket) -> None:
    ticket, pk = f"tickets/{taken.number}/incident", int(path.rpartition("/")[2])
    problem(as_officer.post(ticket, {"incident": pk + 1000}), 404, "not_found")
    assert as_officer.post(ticket, {"incident": pk}).status_code == 200
    problem(as_officer.post(ticket, {"incident": pk}), 409, "in_an_incident")
    (row,) = as_officer.get(f"{path}/tickets").json()["results"]
    assert not row["done"]
    assert as_officer.post(f"{ticket}/words", {"body": "Kami perbaiki."}).status_code == 200
    (row,) = as_officer.get(f"{path}/tickets").json()["results"]
    assert row["done"]
    left = as_officer.post(f"{path}/tickets/removal", {"number": taken.number.lower()})
    assert left.json()["tickets"] == 0
    problem(as_officer.post(f"{ticket}/removal"), 409, "in_no_incident")


@pytest.mark.parametrize(
    ("place", "body"),
    [
        ("/runs", {}), ("/runs", {"verb": "sing"}), ("/runs", {"verb": "reply", "words": "{pin}"}),
        ("/runs", {"verb": "close", "root_cause": "x"}), ("/runs", {"verb": "reply", "words": 5}),
        ("/tickets", {}), ("/tickets", {"numbers": []}), ("/tickets", {"numbers": ["x"] * 201}),
        ("/tickets", {"numbers": [1]}),
    ],
)  # fmt: skip
def test_nonsense_is_named(
    as_supervisor: Caller, path: str, taken: Ticket, place: str, body: dict[str, Any]
) -> None:
    problem(as_supervisor.post(f"{path}{place}", body), 400)


def test_two_changes_at_once(as_supervisor: Caller, path: str) -> None:
    version = as_supervisor.get(path).json()["version"]
    change = {"title": "Lain", "version": version}
    assert as_supervisor.request("PATCH", path, change).status_code == 200
    problem(as_supervisor.request("PATCH", path, change), 409, "conflict")
