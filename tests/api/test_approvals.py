"""Four eyes through the API."""

from __future__ import annotations

from typing import Any

import pytest

from agents_ops.models import ApprovalRequest
from tests.agents_ops.test_approvals import play
from tests.api.conftest import Caller, problem
from tests.api.test_playbooks import agent_officer, rizal, ticket
from tickets.models import Ticket

__all__ = ["agent_officer", "rizal", "ticket"]


@pytest.fixture
def waiting(ticket: Ticket, agent_officer: Any) -> Ticket:
    play(agent_officer, ticket)
    return ticket


def ask(caller: Caller, at: Ticket, **body: Any) -> Any:
    return caller.post(f"tickets/{at.number}/approvals", {"reason": "Data cocok", **body})


def test_it_is_asked_listed_decided(rizal: Caller, as_supervisor: Caller, waiting: Ticket) -> None:
    asked = ask(rizal, waiting)
    assert (asked.status_code, asked.json()["amount_idr"]) == (201, 500_000)
    pk = asked.json()["id"]
    problem(ask(rizal, waiting), 409, "approval_pending")
    mine = as_supervisor.get("approvals?state=waiting_for_me").json()["results"]
    assert [each["id"] for each in mine] == [pk]
    assert rizal.get("approvals?state=waiting_for_me").json()["results"] == []
    problem(rizal.post(f"approvals/{pk}/decision", {"approved": True}), 403)
    problem(as_supervisor.post(f"approvals/{pk}/decision", {"approved": False}), 400)
    done = as_supervisor.post(f"approvals/{pk}/decision", {"approved": True}).json()
    assert (done["state"], done["ticket"]) == ("approved", waiting.number)
    problem(
        as_supervisor.post(f"approvals/{pk}/decision", {"approved": True}), 409, "approval_decided"
    )
    gate = rizal.get(f"tickets/{waiting.number}/playbook").json()["run"]["step"]["gate"]
    assert (gate["open"], gate["outcome"]) == (True, "approved")


def test_ones_own_is_refused(as_supervisor: Caller, waiting: Ticket) -> None:
    pk = ask(as_supervisor, waiting).json()["id"]
    problem(as_supervisor.post(f"approvals/{pk}/decision", {"approved": True}), 403, "own_request")
    assert as_supervisor.post(f"approvals/{pk}/withdrawal").json()["state"] == "withdrawn"


def test_the_same_request_again_asks_once(rizal: Caller, waiting: Ticket) -> None:
    path, body = f"tickets/{waiting.number}/approvals", {"reason": "Data cocok"}
    first = rizal.post(path, body, Idempotency_Key="k1")
    again = rizal.post(path, body, Idempotency_Key="k1")
    assert (first.status_code, again.content) == (201, first.content)
    assert ApprovalRequest.objects.count() == 1


def test_foreign_ones_are_none(rizal: Caller, as_officer: Caller, waiting: Ticket) -> None:
    pk = ask(rizal, waiting).json()["id"]
    never = as_officer.get("approvals/0")
    for other in (pk, 10**30):
        problem(as_officer.get(f"approvals/{other}"), 404)
        problem(as_officer.post(f"approvals/{other}/decision", {"approved": True}), 404)
    assert as_officer.get(f"approvals/{pk}").content == never.content
    assert as_officer.get("approvals").json()["results"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"reason": ""},
        {"reason": "\x00"},
        {"reason": 5},
        {"amount_idr": "500000"},
        {"amount_idr": 10**30},
        {"amount_idr": 499_999},
        {"kind": "moon"},
        {"approved": True},
        {"asked_by": 1},
    ],
)
def test_hostile_bodies_are_refused(rizal: Caller, waiting: Ticket, body: Any) -> None:
    problem(ask(rizal, waiting, **body), 400)
    assert not ApprovalRequest.objects.exists()
