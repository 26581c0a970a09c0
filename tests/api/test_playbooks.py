"""Playbooks through the API: read, play, refuse with a problem document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from people.actors import Actor, of_user
from people.models import User
from tests.api.conftest import Caller, problem
from tests.cast import FileTicket
from tests.support.playbook_gates import attach
from tickets.models import Ticket
from tickets.services import handle_ticket

WORDS = "Deposit transfer BCA Rp 1.500.211 belum masuk, ID TP4410"


@pytest.fixture
def agent_officer(people: dict[str, User]) -> Actor:
    return of_user(people["rizal"])


@pytest.fixture
def ticket(file_ticket: FileTicket, agent_user: User, agent_officer: Actor) -> Ticket:
    words = {"subject": "deposit belum masuk", "description": WORDS}
    made = file_ticket(actor=of_user(agent_user), reporter="agent", **words)
    return handle_ticket(actor=agent_officer, ticket_id=made.pk)


@pytest.fixture
def rizal(calling: Callable[[User], Caller], agent_officer: Actor) -> Caller:
    assert agent_officer.user
    return calling(agent_officer.user)


def post(caller: Caller, ticket: Ticket, what: str, body: dict[str, Any]) -> Any:
    return caller.request("POST", f"tickets/{ticket.number}/playbook{what}", body)


def test_the_playbooks_are_read(rizal: Caller) -> None:
    listed = rizal.get("playbooks").json()["results"]
    assert len(listed) == 23
    whole = rizal.get("playbooks/deposit_bank").json()
    assert (whole["version"], whole["steps"][0]["code"]) == (1, "proof")


def test_a_run_is_started_played_and_left(rizal: Caller, ticket: Ticket) -> None:
    before = rizal.get(f"tickets/{ticket.number}/playbook").json()
    assert before["run"] is None
    assert before["suggestions"][0]["playbook"] == "deposit_bank"
    run = post(rizal, ticket, "", {"playbook": "deposit_bank"}).json()["run"]
    assert (run["version"], run["step"]["code"], run["step"]["gate"]["open"]) == (1, "proof", True)
    values = {"proof": attach(ticket).key, "agent_id": "TP4410", "phone": "081255509012"}
    body = {"step": "proof", "values": values, "revision": run["revision"]}
    run = post(rizal, ticket, "/step", body).json()["run"]
    assert run["step"]["code"] == "confirm"
    assert run["records"][0]["values"]["phone"] == "0812-****-012"
    problem(post(rizal, ticket, "/step", body), 409, "playbook_moved_on")
    skipped = {"step": "confirm", "to": "match", "reason": "Lewat telepon"}
    assert post(rizal, ticket, "/skip", skipped).json()["run"]["step"]["code"] == "match"
    assert post(rizal, ticket, "/leave", {"reason": "Salah"}).json()["run"]["state"] == "left"


def test_what_is_lacking_is_named_by_field(rizal: Caller, ticket: Ticket) -> None:
    post(rizal, ticket, "", {"playbook": "deposit_bank"})
    answer = post(rizal, ticket, "/step", {"step": "proof", "values": {"agent_id": 10**30}})
    problem(answer, 400, "evidence_lacking")
    assert {part["field"] for part in answer.json()["errors"]} == {"proof", "agent_id"}


@pytest.mark.parametrize(
    "values", [[], "x", 5, {"proof": {"a": [1]}}, {"x" * 500: "y"}, {"agent_id": "\x00"}]
)
def test_hostile_values_are_refused(rizal: Caller, ticket: Ticket, values: Any) -> None:
    post(rizal, ticket, "", {"playbook": "deposit_bank"})
    problem(post(rizal, ticket, "/step", {"step": "proof", "values": values}), 400)


def test_an_unknown_playbook_is_refused(rizal: Caller, ticket: Ticket) -> None:
    problem(post(rizal, ticket, "", {"playbook": "moon"}), 400, "unknown_playbook")
