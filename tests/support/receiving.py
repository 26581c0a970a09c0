"""Brings a handled ticket to a receiving team and some way through its work, by the services alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from escalation.models import Escalation, FollowUp, FreezeRequest
from escalation.services import (
    accept_escalation,
    ask_freeze,
    decide_freeze,
    plan_follow_up,
    record_hearing,
    request_escalation,
)
from helpdesk.common import clock
from people.actors import Actor, of_user
from people.models import User
from tests.support.stages import form
from tickets.models import Ticket


class Receiving:
    """`people` by first name; the ticket lies with a squad, handled."""

    def __init__(self, ticket: Ticket, people: dict[str, User]) -> None:
        self.ticket, self._people = ticket, people

    def actor(self, name: str) -> Actor:
        return of_user(User.objects.get(pk=self._people[name].pk))

    def send(self, to: str, **written: Any) -> Escalation:
        return request_escalation(
            actor=self.actor("sari"),
            ticket_id=self.ticket.pk,
            form=form(to, **written),
            reason="Perlu.",
        )

    def accept(self, to: str, by: str, **promised: Any) -> Escalation:
        self.send(to)
        return accept_escalation(
            actor=self.actor(by), ticket_id=self.ticket.pk, plan="Kami periksa.", **promised
        )

    def plan(self, by: str = "farah") -> FollowUp:
        due_at = clock.now() + timedelta(hours=5)
        return plan_follow_up(
            actor=self.actor(by), ticket_id=self.ticket.pk, what="Cek mutasi", due_at=due_at
        )

    def hear(self, *parties: str) -> None:
        for party in parties:
            record_hearing(
                actor=self.actor("maya"), ticket_id=self.ticket.pk, party=party, notes="Begitu."
            )

    def ask_freeze(self, by: str = "dimas") -> FreezeRequest:
        return ask_freeze(
            actor=self.actor(by),
            ticket_id=self.ticket.pk,
            subject="account",
            reference="ratna.dewi",
            reason="Akun diambil alih.",
        )

    def freeze(self) -> FreezeRequest:
        asked = self.ask_freeze()
        return decide_freeze(
            actor=self.actor("sari"), ticket_id=self.ticket.pk, freeze_id=asked.pk, approved=True
        )


def _heard(case: Receiving) -> None:
    case.accept("mediation", "maya")
    case.hear("buyer", "seller")


def _planned(case: Receiving) -> None:
    case.accept("fraud", "farah")
    case.plan()


RECEIVED: dict[str, Callable[[Receiving], object]] = {
    "planned": _planned,
    "mediated": lambda case: case.accept("mediation", "maya"),
    "heard": _heard,
    "with_legal": lambda case: case.accept("legal", "leo"),
    "freeze_asked": lambda case: case.ask_freeze(),
    "frozen": lambda case: case.freeze(),
}
