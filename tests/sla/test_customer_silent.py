"""The ball is with the customer, who says nothing: the ticket is never without a timer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.common import clock
from people.actors import Actor
from sla.models import Timer
from sla.services import audit_deadlines, sweep
from tests.support.stages import CLOSING, Stage, fresh
from tickets.models import Notice, Ticket
from tickets.services import add_customer_message, ask_confirmation, reply_to_customer

pytestmark = pytest.mark.django_db
SILENT = "sla.customer_silent"


@pytest.fixture
def waiting(stage: Stage) -> Ticket:
    ticket = stage.handled()
    reply_to_customer(
        actor=stage.actor("dimas"),
        ticket_id=ticket.pk,
        body="Mohon fotonya.",
        wait_for_customer=True,
    )
    return fresh(ticket)


def armed(ticket: Ticket) -> set[str]:
    timers = Timer.objects.filter(subject_id=ticket.pk, state="armed")
    return set(timers.values_list("kind", flat=True))


def test_after_three_days_the_ball_is_ours_again_and_the_officer_knows(waiting: Ticket) -> None:
    assert armed(waiting) == {SILENT}
    with clock.shifted(timedelta(hours=71)):
        sweep()
        assert fresh(waiting).waiting_for_customer_since
    with clock.shifted(timedelta(hours=72, minutes=1)):
        sweep()
        sweep()
        after = fresh(waiting)
        event = after.events.get(kind="customer_silent")
        assert after.waiting_for_customer_since is None
        assert Notice.objects.filter(event=event, recipient=after.assignee).count() == 1
        assert {"sla.next_update", "sla.resolution"} <= armed(after)
        assert after.next_due_at is not None
        assert list(audit_deadlines()) == []


def test_an_answer_disarms_it(waiting: Ticket) -> None:
    actor = Actor(customer=waiting.customer)
    add_customer_message(actor=actor, ticket_id=waiting.pk, body="Ini fotonya.")
    assert SILENT not in armed(waiting)
    assert list(audit_deadlines()) == []


def test_a_reply_that_does_not_wait_disarms_it(waiting: Ticket, stage: Stage) -> None:
    reply_to_customer(actor=stage.actor("dimas"), ticket_id=waiting.pk, body="Kami cek sendiri.")
    assert SILENT not in armed(waiting)
    assert list(audit_deadlines()) == []


def test_a_question_for_confirmation_has_its_own_timer(waiting: Ticket, stage: Stage) -> None:
    ask_confirmation(actor=stage.actor("dimas"), ticket_id=waiting.pk, **CLOSING)
    assert armed(waiting) == {"sla.confirmation"}
    assert list(audit_deadlines()) == []
