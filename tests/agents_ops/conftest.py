from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import pytest

from agents_ops.connectors import forget_connectors
from people.actors import Actor, of_user
from people.models import User
from tests.cast import FileTicket
from tests.support.agent_systems import TOKEN, Server, agent_systems
from tickets.models import Ticket
from tickets.services import handle_ticket

DEPOSIT = "Min deposit transfer BCA Rp 1.500.211 belum masuk, ID TP4410, hp 0812-5550-9012"


class AgentTicket(Protocol):
    def __call__(self, **changes: Any) -> Ticket: ...


@pytest.fixture
def agent_officer(people: dict[str, User]) -> Actor:
    return of_user(User.objects.get(pk=people["rizal"].pk))


@pytest.fixture
def agent_ticket(file_ticket: FileTicket, agent_user: User, agent_officer: Actor) -> AgentTicket:
    """A complaint of Wahyu, taken by Rizal; a deposit by default."""

    def file(**changes: Any) -> Ticket:
        words = {"subject": "deposit belum masuk", "description": DEPOSIT, "reporter": "agent"}
        ticket = file_ticket(actor=of_user(agent_user), **{**words, **changes})
        return handle_ticket(actor=agent_officer, ticket_id=ticket.pk)

    return file


@pytest.fixture
def systems(settings: Any) -> Iterator[Server]:
    """Every connector speaks HTTP with a server of the test's own."""
    with agent_systems() as server:
        chosen = {"kind": "http", "url": server.address, "token": TOKEN, "timeout_ms": 500}
        settings.AGENT_SYSTEMS = settings.SUPPLIERS = chosen
        forget_connectors()
        yield server
    forget_connectors()
