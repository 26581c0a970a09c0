"""Fraud answers within 6 hours, at most 12 (domain section 4); an agent scam goes to fraud when missed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.common import clock
from sla.services import audit_deadlines, sweep
from tests.support.stages import Stage, fresh
from tickets.models import Notice, Ticket
from tickets.services import reclassify_ticket

pytestmark = pytest.mark.django_db


def of_kind(stage: Stage, category: str, priority: str) -> Ticket:
    ticket = stage.handled()
    reclassify_ticket(
        actor=stage.actor("sari"), ticket_id=ticket.pk, category=category, priority=priority,
        queue="general", reason="Dibaca ulang.",
    )  # fmt: skip
    return fresh(ticket)


def test_what_fraud_leaves_for_6_hours_operations_must_take_within_12_in_all(stage: Stage) -> None:
    ticket = of_kind(stage, "seller_fraud", "LOW")
    sent = stage.send(ticket, "fraud").decided_at
    assert sent is not None
    with clock.at(sent + timedelta(hours=6, seconds=1)):
        sweep()
    assert fresh(ticket).team.code == "operations"
    bound = ticket.clocks.get(metric="acceptance", state="running")
    assert bound.basis == "accept-fraud-at-most"
    assert timedelta() <= bound.due_at - (sent + timedelta(hours=12)) <= timedelta(seconds=2)
    with clock.at(bound.due_at):
        sweep()
    missed = ticket.events.filter(kind="breached").values_list("data__metric", flat=True)
    assert {"fraud_response", "acceptance"} <= set(missed)
    event = ticket.events.get(kind="breached", data__metric="acceptance")
    assert Notice.objects.filter(event=event, recipient__email="hendra@demo.tuntas.id").exists()
    assert list(audit_deadlines()) == []


def test_other_cases_at_operations_have_their_own_time(stage: Stage) -> None:
    ticket = of_kind(stage, "dispute", "LOW")
    stage.send(ticket, "operations")
    assert ticket.clocks.get(metric="acceptance", state="running").basis == "accept-any"


def test_a_missed_promise_on_an_agent_scam_leads_to_the_team_that_the_matrix_names(
    stage: Stage,
) -> None:
    ticket = of_kind(stage, "agent_scam", "MEDIUM")
    assert (fresh(ticket).team.kind, ticket.queue) == ("squad", "general")
    with clock.at(ticket.clocks.get(metric="first_response").due_at + timedelta(seconds=1)):
        sweep()
    assert fresh(ticket).team.code == "fraud"
