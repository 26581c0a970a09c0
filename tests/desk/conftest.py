from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from escalation.services import Form, accept_escalation, request_escalation, verify_escalation
from people.actors import of_user
from people.models import Team, User
from tickets.models import Ticket
from tickets.services import close_ticket, handle_ticket

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


@pytest.fixture
def ticket_in(file_ticket: Any, officer: User, supervisor: User, specialist: User) -> Any:
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
        if state == "closed":
            close_ticket(actor=act, ticket_id=ticket.pk, **CLOSING)
        return Ticket.objects.get(pk=ticket.pk)

    return brought
