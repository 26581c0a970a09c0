"""Callers of the API: one client for each of the cast, with a real token."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from helpdesk.common import clock
from people.actors import of_user
from people.models import User
from people.services import issue_token
from tests.cast import FileTicket
from tests.support.stages import stage
from tickets.models import Ticket

__all__ = ["stage"]

COMPLAINT = {
    "description": "Paket saya belum sampai, resi tidak bergerak sejak 5 hari.",
    "subject": "Paket belum sampai",
    "order_number": "INV/20261117/API/1",
    "email": "pembeli@example.com",
    "name": "Pembeli Satu",
}
OURS = ("people", "tickets", "sla", "escalation", "seller_chat", "agents_ops")


class Caller:
    """A client with a token; `post` sends JSON."""

    def __init__(self, key: str = "", **headers: str) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = headers | ({"Authorization": f"Bearer {key}"} if key else {})

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(_full(path), headers=self.headers | _named(headers))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send(path, json.dumps({} if body is None else body), **headers)

    def send(
        self, path: str, raw: str | bytes, content_type: str = "application/json", **headers: str
    ) -> Any:
        given = self.headers | _named(headers)
        return self.client.generic("POST", _full(path), raw, content_type, headers=given)

    def send_form(self, path: str, fields: dict[str, Any], **headers: str) -> Any:
        return self.client.post(_full(path), fields, headers=self.headers | _named(headers))

    def request(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.generic(
            method,
            _full(path),
            json.dumps({} if body is None else body),
            "application/json",
            headers=self.headers | _named(headers),
        )


def _full(path: str) -> str:
    return path if path.startswith("/") else f"/api/v1/{path}"


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.fixture
def calling(db: None) -> Callable[[User], Caller]:
    def call(user: User) -> Caller:
        token, key = issue_token(user=user, name="test")
        # A token in use: that it was is noted once a minute only.
        token.last_used_at = clock.now()
        token.save(update_fields=["last_used_at"])
        return Caller(key)

    return call


@pytest.fixture
def nobody() -> Caller:
    return Caller()


@pytest.fixture
def as_officer(calling: Any, officer: User) -> Caller:
    return calling(officer)


@pytest.fixture
def as_other_officer(calling: Any, other_officer: User) -> Caller:
    return calling(other_officer)


@pytest.fixture
def as_supervisor(calling: Any, supervisor: User) -> Caller:
    return calling(supervisor)


@pytest.fixture
def as_specialist(calling: Any, specialist: User) -> Caller:
    return calling(specialist)


@pytest.fixture
def as_customer(calling: Any, customer_user: User) -> Caller:
    return calling(customer_user)


@pytest.fixture
def as_integrator(calling: Any, integrator: User) -> Caller:
    return calling(integrator)


@pytest.fixture
def ticket(file_ticket: FileTicket) -> Ticket:
    """Ratna's hacked account, classified, with Dimas's squad."""
    return file_ticket()


@pytest.fixture
def foreign_ticket(file_ticket: FileTicket, other_customer: Any) -> Ticket:
    """Somebody else's, about a parcel: neither Ratna's nor of Dimas's teams."""
    from people.actors import Actor

    return file_ticket(
        actor=Actor(customer=other_customer),
        subject="paket hilang",
        description="Paket saya hilang di kurir, resi tidak bergerak, harga Rp 3.000.000.",
    )


@pytest.fixture
def taken(ticket: Ticket, officer: User) -> Ticket:
    """The same, handled by Dimas."""
    from tickets.services import handle_ticket

    return handle_ticket(actor=of_user(officer), ticket_id=ticket.pk)


def row_counts() -> dict[str, int]:
    """How many rows every table of ours has; tokens are made by the tests themselves."""
    return {
        model.__name__: model.objects.count()
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        if model.__name__ != "ApiToken"
    }


def problem(response: Any, status: int, code: str = "") -> dict[str, Any]:
    """The problem document, checked for its shape."""
    assert response.status_code == status, (response.status_code, response.content[:500])
    assert response["Content-Type"] == "application/problem+json", response.content[:300]
    document = response.json()
    assert document["status"] == status
    assert document["type"] == f"/problems/{document['code']}"
    for member in ("title", "detail", "detail_id", "detail_en"):
        assert document[member]
    for error in document["errors"]:
        assert set(error) == {"field", "code", "message", "message_id", "message_en"}
    if code:
        assert document["code"] == code, document
    return document
