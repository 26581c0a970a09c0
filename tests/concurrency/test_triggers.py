"""Automatic triggers when several hands and systems set them off at the same instant."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Event
from typing import Any

import pytest
from django.db import transaction

from escalation.models import TriggerFiring
from escalation.services import SignalReceipt, SignalReport, receive_signal
from helpdesk.common import clock
from sla.services import audit_deadlines
from tests.support.stages import Stage, fresh
from tickets.models import Ticket
from tickets.services import (
    Correction,
    correct_ticket,
    lock_ticket,
    reclassify_ticket,
    reply_to_customer,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
AtOnce = Callable[..., list[Any]]


def account_ticket(stage: Stage) -> Ticket:
    ticket = stage.classified(subject="nomor", description="Tolong ganti nomor ponsel akun saya.")
    reclassify_ticket(
        actor=stage.actor("sari"), ticket_id=ticket.pk, category="account_data_update",
        priority="LOW", queue="general", reason="Hanya ganti nomor.",
    )  # fmt: skip
    return fresh(ticket)


def report(stage: Stage, number: int, kind: str = "failed_login", **more: Any) -> SignalReceipt:
    words = {"kind": kind, "reference": f"R{number}", "occurred_at": clock.now(), **more}
    return receive_signal(
        actor=stage.actor("sistem"), report=SignalReport(email="ratna@demo.tuntas.id", **words)
    )


def test_failed_logins_at_once_escalate_one_ticket_once(stage: Stage, at_once: AtOnce) -> None:
    tickets = [account_ticket(stage) for _each in range(2)]
    results = at_once(partial(report, stage, number) for number in range(5))
    assert all(isinstance(result, SignalReceipt) for result in results)
    assert TriggerFiring.objects.filter(trigger="failed_logins").count() == 1
    assert sorted(fresh(ticket).team.code for ticket in tickets) == ["cs_account", "fraud"]


def test_hands_and_signals_at_once_lose_no_alert_and_double_none(
    stage: Stage, at_once: AtOnce
) -> None:
    ticket = account_ticket(stage)
    words = {"ticket_id": ticket.pk, "reason": "Ternyata dibajak."}
    became = {"category": "account_takeover", "priority": "URGENT", "queue": "general"}
    results = at_once(
        [
            partial(reclassify_ticket, actor=stage.actor("dimas"), **words, **became),
            partial(reclassify_ticket, actor=stage.actor("sari"), **words, **became),
            partial(correct_ticket, actor=stage.actor("teguh"),
                    facts=Correction(amount_idr=12_000_000), **words),
            partial(report, stage, 1, "suspicious_transaction", amount_idr=9_000_000),
        ]
    )  # fmt: skip
    after = fresh(ticket)
    changed = [result for result in results[:2] if isinstance(result, Ticket)]
    assert len(changed) == 1  # for the other one nothing would change
    assert after.events.filter(kind="alerted", data__trigger="account_hijack").count() == 1
    assert (after.category, after.amount_idr) == ("account_takeover", 12_000_000)


def test_what_a_signal_waited_for_came_before_it(stage: Stage, at_once: AtOnce) -> None:
    ticket, locked, reported = account_ticket(stage), Event(), Event()

    def answer() -> None:
        with transaction.atomic():
            lock_ticket(ticket.pk)
            locked.set()
            assert reported.wait(10)
            reply_to_customer(
                actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Mohon foto.",
                wait_for_customer=True,
            )  # fmt: skip

    def hijacked() -> SignalReceipt:
        assert locked.wait(10)
        reported.set()
        return report(stage, 1, "account_hijacked")

    assert not [result for result in at_once([answer, hijacked]) if isinstance(result, Exception)]
    events = list(ticket.events.order_by("id"))
    assert {"replied", "signalled", "escalated"} <= {event.kind for event in events}
    moments = [event.at for event in events]
    assert moments == sorted(moments)
    assert list(audit_deadlines()) == []
