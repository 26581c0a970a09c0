"""Closed cases of a reseller agent, as quality sees them."""

from __future__ import annotations

from typing import Any

import pytest

from people.actors import Actor, of_user
from people.models import Customer, User
from tests.agents_ops.conftest import AgentTicket
from tickets.models import Ticket
from tickets.services import add_customer_message, close_ticket, reply_to_customer

PENDING = "Transaksi pulsa 50rb ke 0812-5550-9012 masih pending dari tadi, ID TP4410"


class Cases:
    """Rizal's pending transaction of Wahyu, and what people say on it."""

    def __init__(self, agent_ticket: AgentTicket, officer: Actor) -> None:
        self._file, self.officer = agent_ticket, officer

    def open(self, **changes: Any) -> Ticket:
        words = {"subject": "transaksi pending", "description": PENDING}
        return self._file(**{**words, **changes})

    def reply(self, ticket: Ticket, *, waiting: bool = False) -> None:
        body = "Sedang kami cek ke suplier, Kak."
        reply_to_customer(
            actor=self.officer, ticket_id=ticket.pk, body=body, wait_for_customer=waiting
        )

    def agent_writes(
        self, ticket: Ticket, body: str = "Masih belum masuk, tolong cek lagi"
    ) -> None:
        customer = Customer.objects.get(pk=ticket.customer_id)
        add_customer_message(actor=Actor(customer=customer), ticket_id=ticket.pk, body=body)

    def close(self, ticket: Ticket, *, actor: Actor | None = None) -> Ticket:
        return close_ticket(
            actor=actor or self.officer,
            ticket_id=ticket.pk,
            root_cause="Suplier lambat",
            solution="Transaksi sukses",
            confirmation="confirmed",
        )

    def closed(self, **changes: Any) -> Ticket:
        ticket = self.open(**changes)
        self.reply(ticket)
        return self.close(ticket)


@pytest.fixture
def cases(agent_ticket: AgentTicket, agent_officer: Actor) -> Cases:
    return Cases(agent_ticket, agent_officer)


@pytest.fixture
def lead(people: dict[str, User]) -> Actor:
    """Teguh, who leads the agents' squad."""
    return of_user(User.objects.get(pk=people["teguh"].pk))
