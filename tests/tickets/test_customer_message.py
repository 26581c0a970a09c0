"""The customer writes on an open ticket."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.common import clock
from helpdesk.common.errors import NotAllowed, WrongState
from people.actors import Actor, of_user
from people.models import Customer, User
from sla.services import audit_deadlines
from tests.support.stages import Stage, fresh
from tickets.models import Notice
from tickets.services import Report, add_customer_message, receive_ticket, reply_to_customer

pytestmark = pytest.mark.django_db


def test_the_ball_comes_back_and_the_pause_moves_the_deadline(
    stage: Stage, customer: Customer
) -> None:
    ticket = stage.handled()
    reply_to_customer(
        actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Mohon foto.", wait_for_customer=True
    )
    before = ticket.clocks.get(metric="resolution")
    with clock.shifted(timedelta(hours=5)):
        add_customer_message(actor=Actor(customer=customer), ticket_id=ticket.pk, body="Ini.")
        after = fresh(ticket)
        resolution = ticket.clocks.get(metric="resolution")
        assert (resolution.state, resolution.paused_at) == ("running", None)
        moved = resolution.due_at - before.due_at
        assert moved == resolution.stood_still
        assert timedelta(hours=5) <= moved < timedelta(hours=5, seconds=5)
        assert ticket.clocks.get(metric="next_update").state == "running"
        assert after.waiting_for_customer_since is None
        assert list(audit_deadlines()) == []


def test_it_tells_the_assignee_once(stage: Stage, customer: Customer) -> None:
    ticket = stage.handled()
    message = add_customer_message(
        actor=Actor(customer=customer), ticket_id=ticket.pk, body="Halo?", submission_key="c1"
    )
    again = add_customer_message(
        actor=Actor(customer=customer), ticket_id=ticket.pk, body="Halo?", submission_key="c1"
    )
    assert message == again
    event = fresh(ticket).events.last()
    assert (event.kind, event.actor_label) == ("customer_wrote", "customer")
    assert Notice.objects.get(event=event).recipient == ticket.assignee


def test_it_starts_no_next_update_before_the_first_response(
    stage: Stage, customer: Customer
) -> None:
    ticket = stage.classified()
    add_customer_message(actor=Actor(customer=customer), ticket_id=ticket.pk, body="Cepat ya.")
    assert not ticket.clocks.filter(metric="next_update").exists()


def test_a_signed_in_customer_is_known_by_the_account(stage: Stage, customer_user: User) -> None:
    ticket = stage.handled()
    assert add_customer_message(actor=of_user(customer_user), ticket_id=ticket.pk, body="Halo.")


def test_an_integrator_writes_on_what_it_filed(integrator: User) -> None:
    system = of_user(integrator)
    report = Report(channel="api", description="Paket belum sampai.", email="tono@example.com")
    ticket = receive_ticket(actor=system, report=report).ticket
    assert add_customer_message(actor=system, ticket_id=ticket.pk, body="Pembeli bertanya lagi.")


def test_an_officer_who_took_the_call_does_not_write_as_the_customer(stage: Stage) -> None:
    dimas = stage.actor("dimas")
    report = Report(channel="phone", description="Paket belum sampai.", phone="081255501111")
    ticket = receive_ticket(actor=dimas, report=report).ticket
    with pytest.raises(NotAllowed):
        add_customer_message(actor=dimas, ticket_id=ticket.pk, body="Halo.")


def test_another_customer_is_refused(stage: Stage, other_customer: Customer) -> None:
    ticket = stage.handled()
    with pytest.raises(NotAllowed):
        add_customer_message(
            actor=Actor(customer=other_customer), ticket_id=ticket.pk, body="Halo."
        )


def test_a_closed_ticket_is_reopened_not_written_on(stage: Stage, customer: Customer) -> None:
    ticket = stage.closed()
    with pytest.raises(WrongState):
        add_customer_message(actor=Actor(customer=customer), ticket_id=ticket.pk, body="Halo.")
