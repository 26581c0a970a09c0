"""Verification of agents through the API."""

from __future__ import annotations

from typing import Any

import pytest

from agents_ops.models import VerificationAnswer
from tests.api.conftest import Caller, problem
from tests.api.test_playbooks import agent_officer, rizal, ticket
from tickets.models import Ticket

__all__ = ["agent_officer", "rizal", "ticket"]
SAID = {"name": "wahyu HIDAYAT", "agent_id": "tp4410"}


def send(caller: Caller, at: Ticket, what: str = "", **body: Any) -> Any:
    return caller.post(f"tickets/{at.number}/verifications{what}", body)


def test_answers_are_checked_and_not_told_back(rizal: Caller, ticket: Ticket) -> None:
    before = rizal.get(f"tickets/{ticket.number}/verifications?rule=basic").json()
    assert (before["missing"], before["parts"]) == (
        3,
        [{"of": ["name", "agent_id", "phone"], "needs": 3}],
    )
    answer = send(rizal, ticket, rule="basic", answers=SAID)
    told = answer.json()
    assert (told["missing"], told["verified_until"]) == (1, None)
    results = {each["code"]: each["result"] for each in told["points"]}
    assert results == {"name": "matched", "agent_id": "matched", "phone": ""}
    for secret in ("ahyu", "HIDAYAT", "4410", "5550"):
        assert secret not in answer.content.decode().replace("Rizal Hakim", "")
    done = send(rizal, ticket, rule="basic", answers={"phone": "0812 5550 9012"}).json()
    assert (done["missing"], done["verifications"][0]["state"]) == (0, "passed")
    assert done["verified_until"] == done["verifications"][0]["expires_at"]


def test_the_same_request_again_is_answered_once(rizal: Caller, ticket: Ticket) -> None:
    path, body = f"tickets/{ticket.number}/verifications", {"answers": {"name": "Salah"}}
    first = rizal.post(path, body, Idempotency_Key="k1")
    again = rizal.post(path, body, Idempotency_Key="k1")
    assert (first.status_code, again.content) == (200, first.content)
    assert VerificationAnswer.objects.count() == 1


def test_too_many_wrong_answers_lock(rizal: Caller, ticket: Ticket) -> None:
    wrong = {"name": "S", "agent_id": "S", "phone": "1"}
    send(rizal, ticket, answers=wrong)
    told = send(rizal, ticket, answers=wrong).json()
    assert told["locked_until"]
    problem(send(rizal, ticket, answers=SAID), 409, "agent_locked")
    problem(send(rizal, ticket, "/failure", reason="r"), 409, "agent_locked")


def test_a_failure_is_recorded(rizal: Caller, ticket: Ticket) -> None:
    problem(send(rizal, ticket, "/failure", reason=" "), 400)
    told = send(rizal, ticket, "/failure", reason="Tidak ingat").json()
    assert told["verifications"][0]["state"] == "failed"


@pytest.mark.parametrize(
    "body",
    [
        {"answers": []},
        {"answers": {"name": {"a": 1}}},
        {"answers": {"name": "\x00"}},
        {"answers": {"x" * 500: "y"}},
        {"looked": {"name": "matched"}},
        {"looked": {"last_deposit": {"result": "sure"}}},
        {"answers": SAID, "rule": "moon"},
        {"answers": SAID, "agent": "TP0001"},
        {"answers": SAID, "verified": True},
        {},
    ],
)
def test_hostile_bodies_are_refused(rizal: Caller, ticket: Ticket, body: Any) -> None:
    problem(send(rizal, ticket, **body), 400)
    assert not VerificationAnswer.objects.exists()
