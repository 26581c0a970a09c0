from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from escalation.services import Form, accept_escalation, request_escalation, verify_escalation
from helpdesk.common import clock
from people.actors import Actor, of_user
from people.models import Team, User
from tests.support.receiving import RECEIVED, Receiving
from tests.support.stages import stage
from tickets.models import Ticket
from tickets.services import (
    add_customer_message,
    close_ticket,
    handle_ticket,
    hold_ticket,
    mark_no_reply_needed,
    merge_into,
    pull_forward,
    reply_to_customer,
)

__all__ = ["stage"]

CLOSING = {"root_cause": "SIM swap", "solution": "Akun dipulihkan.", "confirmation": "confirmed"}


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def desk(officer: User, sign_in: Callable[[User], Client]) -> Client:
    """Dimas (account squad) at the desk."""
    return sign_in(officer)


def _directed(ticket: Ticket, state: str, officer: Actor, lead: Actor) -> None:
    """On from handled: answered, and then written on, left, held or pulled forward."""
    if state == "forward":
        pull_forward(actor=lead, ticket_id=ticket.pk, reason="Penting.")
        return
    reply_to_customer(actor=officer, ticket_id=ticket.pk, body="Kami periksa.")
    if state == "held":
        until = clock.now() + timedelta(days=2)
        hold_ticket(actor=lead, ticket_id=ticket.pk, reason="Menunggu bank.", until=until)
        return
    wrote = Actor(customer=ticket.customer)
    add_customer_message(actor=wrote, ticket_id=ticket.pk, body="Ditunggu kabarnya.")
    if state == "left":
        mark_no_reply_needed(actor=officer, ticket_id=ticket.pk)


@pytest.fixture
def ticket_in(
    file_ticket: Any,
    officer: User,
    supervisor: User,
    specialist: User,
    people: dict[str, User],
) -> Any:
    """A ticket about a hacked account, brought into the wanted state by the services alone."""

    def escalation_form() -> Form:
        return Form(
            to_team=Team.objects.get(code="fraud"),
            summary="Akun diambil alih",
            tried="Akun dibekukan",
            evidence="Tangkapan layar",
            wanted_outcome="Pulihkan akun",
        )

    def brought(state: str) -> Ticket:
        ticket: Ticket = file_ticket()
        act = of_user(officer)
        if state == "classified":
            return ticket
        handle_ticket(actor=act, ticket_id=ticket.pk)
        if state in ("requested", "escalated", "monitored"):
            asked = request_escalation(actor=act, ticket_id=ticket.pk, form=escalation_form())
            if state != "requested":
                verify_escalation(actor=of_user(supervisor), escalation_id=asked.pk)
            if state == "monitored":
                lead = of_user(specialist)
                accept_escalation(actor=lead, ticket_id=ticket.pk, plan="Lacak perangkat")
        if state in RECEIVED:
            RECEIVED[state](Receiving(ticket, people))
        if state in ("written", "left", "held", "forward"):
            _directed(ticket, state, act, of_user(supervisor))
        ends = {
            "closed": lambda: close_ticket(actor=act, ticket_id=ticket.pk, **CLOSING),
            "merged": lambda: merge_into(
                actor=act, ticket_id=ticket.pk, number=file_ticket().number
            ),
        }
        ends.get(state, lambda: None)()
        return Ticket.objects.get(pk=ticket.pk)

    return brought
