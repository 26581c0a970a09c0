"""Many hands on one ticket at the same instant."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import pytest

from escalation.services import accept_escalation, request_escalation, return_escalation
from helpdesk.common.errors import Conflict, Refusal
from people.actors import VISITOR, Actor
from people.models import Customer
from sla.services import audit_deadlines, sweep
from tests.support.stages import CLOSING, Stage, form, fresh
from tickets.models import Ticket
from tickets.services import (
    Report,
    add_customer_message,
    ask_confirmation,
    close_ticket,
    handle_ticket,
    receive_ticket,
    reclassify_ticket,
    reopen_ticket,
    reply_to_customer,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
AtOnce = Callable[..., list[Any]]


def path_of(ticket: Ticket) -> list[tuple[str, str]]:
    events = ticket.events.exclude(from_state="").order_by("id")
    return [(event.from_state, event.to_state) for event in events]


def check_one_legal_path(ticket: Ticket) -> None:
    path = path_of(ticket)
    assert path[0][0] == "received"
    assert all(a[1] == b[0] for a, b in pairwise(path)), path
    assert path[-1][1] == fresh(ticket).state
    assert list(audit_deadlines()) == []


def test_of_eight_who_saw_the_same_version_one_wins(stage: Stage, at_once: AtOnce) -> None:
    ticket = stage.classified()
    results = at_once(
        [
            partial(
                handle_ticket,
                actor=stage.actor(name),
                ticket_id=ticket.pk,
                expected_version=ticket.version,
            )
            for name in ("dimas", "sari", "hendra", "dimas", "sari", "hendra", "dimas", "sari")
        ]
    )
    won = [result for result in results if isinstance(result, Ticket)]
    assert len(won) == 1
    assert all(isinstance(result, Conflict) for result in results if result not in won)
    assert fresh(ticket).assignee == won[0].assignee
    assert ticket.events.filter(kind="handled").count() == 1


def test_eight_different_verbs_at_once_leave_one_legal_path(
    stage: Stage, customer: Customer, at_once: AtOnce
) -> None:
    for round_number in range(4):
        ticket = stage.handled()
        dimas, sari, ratna = stage.actor("dimas"), stage.actor("sari"), Actor(customer=customer)
        pk: dict[str, Any] = {"ticket_id": ticket.pk}
        verbs: list[Callable[[], Any]] = [
            partial(reply_to_customer, actor=dimas, body="Satu.", **pk),
            partial(reply_to_customer, actor=sari, body="Dua.", **pk),
            partial(add_customer_message, actor=ratna, body="Tiga.", **pk),
            partial(close_ticket, actor=dimas, confirmation="confirmed", **CLOSING, **pk),
            partial(close_ticket, actor=sari, confirmation="no_answer", **CLOSING, **pk),
            partial(request_escalation, actor=sari, form=form("fraud"), **pk),
            partial(ask_confirmation, actor=dimas, **CLOSING, **pk),
            partial(reopen_ticket, actor=sari, reason="Lagi.", **pk),
        ]
        random.Random(round_number).shuffle(verbs)
        results = at_once(verbs)
        done = sum(not isinstance(result, Refusal) for result in results)
        assert done >= 1
        replies = ticket.messages.filter(kind="reply").count()
        assert ticket.events.filter(kind="replied").count() == replies
        check_one_legal_path(ticket)


def test_random_work_on_several_tickets_meets_no_error(
    stage: Stage, customer: Customer, at_once: AtOnce
) -> None:
    tickets = [stage.handled() for _number in range(4)]
    actors = {name: stage.actor(name) for name in ("dimas", "sari", "farah")}
    ratna = Actor(customer=customer)

    def work(seed: int) -> Callable[[], int]:
        dice = random.Random(seed)

        def go() -> int:
            refused = 0
            for _step in range(12):
                pk = {"ticket_id": dice.choice(tickets).pk}
                verb = dice.choice(VERBS)
                try:
                    verb(actors, ratna, pk)
                except Refusal:
                    refused += 1
            return refused

        return go

    results = at_once([work(seed) for seed in range(8)])
    assert all(isinstance(result, int) for result in results), results
    for ticket in tickets:
        check_one_legal_path(ticket)


VERBS: list[Callable[[dict[str, Actor], Actor, dict[str, Any]], Any]] = [
    lambda a, r, pk: reply_to_customer(actor=a["dimas"], body="Kami cek.", **pk),
    lambda a, r, pk: reply_to_customer(
        actor=a["sari"], body="Mohon foto.", wait_for_customer=True, **pk
    ),
    lambda a, r, pk: add_customer_message(actor=r, body="Halo.", **pk),
    lambda a, r, pk: request_escalation(actor=a["sari"], form=form("fraud"), **pk),
    lambda a, r, pk: accept_escalation(actor=a["farah"], plan="Ya.", **pk),
    lambda a, r, pk: return_escalation(actor=a["farah"], reason="Selesai.", **pk),
    lambda a, r, pk: close_ticket(actor=a["dimas"], confirmation="confirmed", **CLOSING, **pk),
    lambda a, r, pk: reopen_ticket(actor=r, reason="Lagi.", **pk),
    lambda a, r, pk: reclassify_ticket(
        actor=a["sari"],
        category="account_takeover",
        priority="HIGH",
        queue="fraud",
        reason="Ya.",
        **pk,
    ),
    lambda a, r, pk: sweep(),
]


def test_eight_submissions_with_one_key_are_one_ticket(at_once: AtOnce) -> None:
    report = Report(channel="web", description="Paket belum sampai.", email="tono@example.com")
    receipts = at_once(
        [lambda: receive_ticket(actor=VISITOR, report=report, submission_key="web:1")] * 8
    )
    assert [r for r in receipts if isinstance(r, Refusal)] == []
    assert sum(receipt.created for receipt in receipts) == 1
    assert Ticket.objects.get().customer == Customer.objects.get(user=None)
    assert Ticket.objects.get().outgoing_mails.count() == 1


def test_eight_reports_of_one_problem_through_several_channels_are_one_ticket(
    at_once: AtOnce, other_customer: Customer
) -> None:
    channels = ["web", "email", "phone", "social"] * 2

    def report(channel: str) -> Report:
        return Report(
            channel=channel,
            description="Paket belum sampai.",
            order_number="INV/1",
            email=other_customer.email or "",
        )

    receipts = at_once([partial(receive_ticket, actor=VISITOR, report=report(c)) for c in channels])
    assert sum(receipt.created for receipt in receipts) == 1
    assert Ticket.objects.count() == 1
