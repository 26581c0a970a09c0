"""Webhooks through the API: one's own alone, and their secret in one answer."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk.common.models import KeptAnswer
from people.models import User
from people.services import issue_token
from tests.api.conftest import COMPLAINT, Caller, problem
from tests.support.receiver import Receiver, receiver
from tickets.models import WebhookEndpoint
from tickets.webhooks.owing import owe_deliveries
from tickets.webhooks.sending import send_owed

__all__ = ["receiver"]


@pytest.fixture
def made(as_integrator: Caller, receiver: Receiver) -> dict[str, Any]:
    body = {"url": receiver.url, "events": ["ticket.received"], "description": "Toko"}
    answer = as_integrator.post("webhooks", body)
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_a_system_has_its_events_sent_and_sees_how_that_went(
    as_integrator: Caller, made: dict[str, Any], receiver: Receiver
) -> None:
    number = as_integrator.post("tickets", COMPLAINT).json()["number"]
    owe_deliveries(patience=60)
    assert send_owed() == 1
    assert receiver.got[0].document["data"]["ticket"] == number
    path = f"webhooks/{made['id']}"
    (row,) = as_integrator.get(f"{path}/deliveries").json()["results"]
    assert (row["type"], row["state"], row["last_status"]) == ("ticket.received", "delivered", 200)
    assert row["message_id"] == receiver.got[0].headers["webhook-id"]
    again = as_integrator.post(f"{path}/deliveries/{row['id']}/replay")
    assert (again.status_code, again.json()["state"]) == (202, "pending")
    assert as_integrator.post(f"{path}/test").status_code == 202
    assert send_owed() == 2
    states = as_integrator.get(f"{path}/deliveries?state=pending").json()["results"]
    assert states == []


def test_the_secret_is_in_one_answer_alone(as_integrator: Caller, receiver: Receiver) -> None:
    body = {"url": receiver.url, "events": ["*"]}
    first = as_integrator.post("webhooks", body, Idempotency_Key="k").json()
    again = as_integrator.post("webhooks", body, Idempotency_Key="k")
    assert (again.status_code, again["Idempotency-Replayed"]) == (201, "true")
    assert again.json() == {**first, "secret": "***"}
    assert WebhookEndpoint.objects.count() == 1
    path = f"webhooks/{first['id']}"
    assert "secret" not in as_integrator.get(path).json()
    rotated = as_integrator.post(f"{path}/secret", Idempotency_Key="r").json()["secret"]
    assert rotated.startswith("whsec_")
    kept = str(list(KeptAnswer.objects.values()))
    assert not any(word in kept for word in (first["secret"], rotated))


def test_it_is_changed_paused_and_deleted(as_integrator: Caller, made: dict[str, Any]) -> None:
    path = f"webhooks/{made['id']}"
    changed = as_integrator.request("PATCH", path, {"events": ["ticket.closed", "handled"]})
    assert changed.json()["events"] == ["ticket.closed", "ticket.handled"]
    paused = as_integrator.request("PATCH", path, {"active": False}).json()
    assert paused["state"] == "paused"
    problem(as_integrator.post(f"{path}/test"), 409, "webhook_off")
    problem(as_integrator.request("PATCH", path, {"owner": 1}), 400)
    problem(as_integrator.request("PATCH", path, {"events": ["ticket.noted"]}), 400)
    problem(as_integrator.request("PATCH", path, {"url": "https://10.0.0.1/"}), 400)
    assert as_integrator.request("DELETE", path).status_code == 204
    problem(as_integrator.get(path), 404)


def test_anothers_is_like_none(
    as_integrator: Caller, made: dict[str, Any], other_system: Caller, calling: Any, admin: User
) -> None:
    for method, place in (
        ("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/secret"), ("POST", "/test"),
        ("GET", "/deliveries"), ("POST", "/deliveries/1/replay"),
    ):  # fmt: skip
        body = {} if method in ("PATCH", "POST") else None
        foreign = other_system.request(method, f"webhooks/{made['id']}{place}", body)
        unknown = other_system.request(method, f"webhooks/999999{place}", body)
        assert foreign.status_code == unknown.status_code == 404
        assert foreign.content == unknown.content
    assert other_system.get("webhooks").json()["results"] == []
    assert len(calling(admin).get("webhooks").json()["results"]) == 1
    assert len(as_integrator.get("webhooks").json()["results"]) == 1
    huge = f"webhooks/{made['id']}/deliveries/{10**30}/replay"
    problem(as_integrator.post(huge), 404)


@pytest.fixture
def other_system(calling: Any, integrator: User) -> Caller:
    other = User.objects.create_user("other@example.com", full_name="Sistem Dua")
    other.groups.set(integrator.groups.all())
    return calling(other)


def test_a_token_needs_the_scope(integrator: User) -> None:
    caller = Caller(issue_token(user=integrator, name="t", scopes=["tickets:read"])[1])
    problem(caller.get("webhooks"), 403, "insufficient_scope")
    problem(caller.get("events"), 403, "insufficient_scope")
