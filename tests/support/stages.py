"""Brings a ticket to any state of its life, through the services alone.

Ratna complains of a hacked account: URGENT, squad cs_account (Dimas, Sari), specialists fraud
(Farah). Import the fixture `stage` in a folder's conftest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from escalation.models import Escalation
from escalation.services import Form, accept_escalation, request_escalation
from people.actors import Actor, of_user
from people.models import Team, User
from tickets.models import Ticket
from tickets.services import close_ticket, handle_ticket

CLOSING = {"root_cause": "Kata sandi dipakai di situs lain.", "solution": "Akun dipulihkan."}


class Stage:
    """`people` by first name; every method returns the ticket as the database has it."""

    def __init__(self, people: dict[str, User], file_ticket: Callable[..., Ticket]) -> None:
        self._people, self._file = people, file_ticket

    def actor(self, name: str) -> Actor:
        """Read anew, as a new request would."""
        return of_user(User.objects.get(pk=self._people[name].pk))

    def classified(self, **changes: Any) -> Ticket:
        return fresh(self._file(**changes))

    def handled(self, **changes: Any) -> Ticket:
        ticket = self.classified(**changes)
        handle_ticket(actor=self.actor("dimas"), ticket_id=ticket.pk)
        return fresh(ticket)

    def escalated(self, to: str = "fraud", **changes: Any) -> Ticket:
        ticket = self.handled(**changes)
        self.send(ticket, to)
        return fresh(ticket)

    def monitored(self, **changes: Any) -> Ticket:
        ticket = self.escalated(**changes)
        self.accept(ticket)
        return fresh(ticket)

    def closed(self, **changes: Any) -> Ticket:
        ticket = self.handled(**changes)
        self.close(ticket)
        return fresh(ticket)

    def at(self, state: str, **changes: Any) -> Ticket:
        reach: Callable[..., Ticket] = getattr(self, state)
        return reach(**changes)

    def accept(self, ticket: Ticket) -> None:
        accept_escalation(
            actor=self.actor("farah"), ticket_id=ticket.pk, plan="Blokir akun dahulu."
        )

    def send(self, ticket: Ticket, to: str = "fraud") -> Escalation:
        """A supervisor sends it, which verifies it as well."""
        return request_escalation(
            actor=self.actor("sari"), ticket_id=ticket.pk, form=form(to), reason="Perlu segera."
        )

    def close(self, ticket: Ticket, confirmation: str = "confirmed") -> None:
        close_ticket(
            actor=self.actor("sari"), ticket_id=ticket.pk, confirmation=confirmation, **CLOSING
        )


def form(to: str = "fraud", **changes: Any) -> Form:
    parts = {
        "summary": "Akun diambil alih.",
        "tried": "Identitas sudah diperiksa.",
        "evidence": "Tangkapan layar.",
        "wanted_outcome": "Akun dikembalikan.",
        **changes,
    }
    return Form(to_team=Team.objects.get(code=to), **parts)


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("team", "home_team", "assignee", "customer").get(
        pk=ticket.pk
    )


@pytest.fixture
def stage(people: dict[str, User], file_ticket: Callable[..., Ticket]) -> Stage:
    return Stage(people, file_ticket)
