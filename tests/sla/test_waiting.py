"""No open ticket is ever without a timer: a customer who stays silent is not waited for for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.common import clock
from people.actors import Actor
from people.models import Customer
from sla.models import Timer
from sla.services import audit_deadlines, sweep
from tests.support.stages import Stage, fresh
from tickets.models import Notice, Ticket
from tickets.services import add_customer_message, reply_to_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(stage: Stage) -> Ticket:
    ticket = stage.handled()
    reply_to_customer(
        actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Mohon foto.", wait_for_customer=True
    )
    return fresh(ticket)


def armed(ticket: Ticket) -> Timer | None:
    kind = "sla.customer_silent"
    return Timer.objects.filter(subject_id=ticket.pk, kind=kind, state="armed").first()


def test_after_three_days_the_ball_comes_back_and_the_officer_hears_of_it(waiting: Ticket) -> None:
    timer = armed(waiting)
    assert timer
    assert timer.due_at == waiting.waiting_for_customer_since + timedelta(hours=72)
    with clock.at(timer.due_at - timedelta(seconds=1)):
        sweep()
        assert fresh(waiting).waiting_for_customer_since
    with clock.at(timer.due_at):
        assert sweep().fired == 1
        assert list(audit_deadlines()) == []
        sweep()
    after = fresh(waiting)
    assert after.waiting_for_customer_since is None
    event = after.events.filter(kind="customer_silent").get()
    assert Notice.objects.filter(event=event, recipient=waiting.assignee).exists()
    states = {c.metric: c.state for c in after.clocks.filter(met_at__isnull=True)}
    assert states["resolution"] == "running"
    assert "next_update" in states


def test_an_answer_disarms_it(waiting: Ticket, customer: Customer) -> None:
    add_customer_message(actor=Actor(customer=customer), ticket_id=waiting.pk, body="Ini.")
    assert armed(waiting) is None


def test_every_open_ticket_has_a_timer(stage: Stage, waiting: Ticket) -> None:
    tickets = [waiting, *(stage.at(s) for s in ("classified", "handled", "escalated", "monitored"))]
    for ticket in tickets:
        assert Timer.objects.filter(subject_id=ticket.pk, state="armed").exists(), ticket.state
