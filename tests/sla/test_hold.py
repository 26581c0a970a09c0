"""What stands still while a ticket is on hold, and that the hold ends by itself, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.common import clock
from people.actors import Actor
from people.models import Customer, Team
from sla.models import Timer
from sla.services import audit_deadlines, sweep
from tests.support.stages import CLOSING, Stage, fresh
from tickets.models import Ticket
from tickets.services import (
    add_customer_message,
    ask_confirmation,
    hold_ticket,
    mark_no_reply_needed,
    mark_reply_needed,
    release_ticket,
    reply_to_customer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(stage: Stage) -> Ticket:
    ticket = stage.handled()
    reply_to_customer(actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Kami periksa.")
    return fresh(ticket)


def states(ticket: Ticket) -> dict[str, str]:
    return dict(ticket.clocks.order_by("id").values_list("metric", "state"))


def hold(stage: Stage, ticket: Ticket) -> None:
    until = clock.now() + timedelta(days=3)
    hold_ticket(actor=stage.actor("sari"), ticket_id=ticket.pk, reason="r", until=until)


def test_clocks_stand_still_and_run_on_with_the_time_they_had(
    stage: Stage, answered: Ticket
) -> None:
    before = answered.clocks.get(metric="resolution").due_at
    hold(stage, answered)
    assert {states(answered)[metric] for metric in ("next_update", "resolution")} == {"paused"}
    assert fresh(answered).next_due_at is None
    assert list(audit_deadlines()) == []
    with clock.shifted(timedelta(hours=30)):
        release_ticket(actor=stage.actor("sari"), ticket_id=answered.pk)
        resolution = answered.clocks.get(metric="resolution")
        assert resolution.state == "running"
        assert timedelta(hours=30) <= resolution.due_at - before < timedelta(hours=30, seconds=60)
        assert list(audit_deadlines()) == []


def test_it_ends_by_itself_at_its_moment(stage: Stage, answered: Ticket) -> None:
    hold(stage, answered)
    with clock.shifted(timedelta(days=2, hours=23)):
        sweep()
        assert fresh(answered).held_until
    with clock.shifted(timedelta(days=3, minutes=1)):
        sweep()
        sweep()
        assert fresh(answered).held_until is None
        assert answered.events.filter(kind="released").count() == 1
        assert not Timer.objects.filter(kind="sla.hold_ends", state="armed").exists()
        assert states(answered)["resolution"] == "running"
        assert list(audit_deadlines()) == []


def test_the_customer_ends_it_and_disarms_its_end(
    stage: Stage, answered: Ticket, customer: Customer
) -> None:
    hold(stage, answered)
    add_customer_message(
        actor=Actor(customer=customer), ticket_id=answered.pk, body="Saldo berkurang lagi."
    )
    assert not Timer.objects.filter(kind="sla.hold_ends", state="armed").exists()
    assert states(answered)["next_update"] == "running"
    assert list(audit_deadlines()) == []


def test_a_thanks_starts_nothing(stage: Stage, answered: Ticket, customer: Customer) -> None:
    reply_to_customer(
        actor=stage.actor("dimas"), ticket_id=answered.pk, body="Sudah.", wait_for_customer=True
    )
    before = states(answered)
    add_customer_message(actor=Actor(customer=customer), ticket_id=answered.pk, body="Makasih kak")
    assert states(answered) == before
    assert before["resolution"] == "paused"
    assert list(audit_deadlines()) == []


def test_what_is_left_owes_nothing_until_somebody_objects(
    stage: Stage, answered: Ticket, customer: Customer
) -> None:
    ratna = Actor(customer=customer)
    add_customer_message(actor=ratna, ticket_id=answered.pk, body="Oke saya tunggu.")
    assert states(answered)["next_update"] == "running"
    mark_no_reply_needed(actor=stage.actor("dimas"), ticket_id=answered.pk)
    assert states(answered)["next_update"] == "cancelled"
    assert fresh(answered).next_due_at is None
    mark_reply_needed(actor=ratna, ticket_id=answered.pk)
    assert states(answered)["next_update"] == "running"
    assert states(answered)["resolution"] == "running"
    assert list(audit_deadlines()) == []


def test_news_that_a_hold_finds_overdue_is_owed_again(stage: Stage, answered: Ticket) -> None:
    """As after a sweep, which comes later here: nobody stands above who has the ticket already."""
    operations = Team.objects.get(code="operations")
    Ticket.objects.filter(pk=answered.pk).update(team=operations)
    overdue = answered.clocks.get(metric="next_update").due_at + timedelta(minutes=1)
    with clock.at(overdue):
        hold(stage, answered)
        assert states_of(answered, "next_update") == ["breached", "paused"]
        assert list(audit_deadlines()) == []
    with clock.at(overdue + timedelta(hours=5)):
        release_ticket(actor=stage.actor("sari"), ticket_id=answered.pk)
        owed = answered.clocks.get(metric="next_update", state="running")
        assert owed.due_at == overdue + timedelta(hours=29)
        assert list(audit_deadlines()) == []


def states_of(ticket: Ticket, metric: str) -> list[str]:
    return list(ticket.clocks.filter(metric=metric).order_by("id").values_list("state", flat=True))


def test_nothing_is_closed_behind_a_hold(stage: Stage, answered: Ticket) -> None:
    ask_confirmation(actor=stage.actor("dimas"), ticket_id=answered.pk, **CLOSING)
    until = clock.now() + timedelta(days=10)
    hold_ticket(actor=stage.actor("sari"), ticket_id=answered.pk, reason="r", until=until)
    with clock.shifted(timedelta(days=9)):
        sweep()
        assert fresh(answered).state != "closed"
        assert list(audit_deadlines()) == []
    with clock.shifted(timedelta(days=10, minutes=1)):
        sweep()
        sweep()
        assert fresh(answered).held_until is None
        assert fresh(answered).state != "closed"
    with clock.shifted(timedelta(days=14)):
        sweep()
        assert fresh(answered).state == "closed"
