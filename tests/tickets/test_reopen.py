"""closed -> handled: the customer within 7 days, a supervisor at any time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, WrongState
from people.actors import Actor
from people.models import Customer
from sla.models import Timer
from sla.services import audit_deadlines, sweep
from tests.support.stages import CLOSING, Stage, fresh
from tickets.models import Notice
from tickets.services import close_ticket, reopen_ticket, reopen_until

pytestmark = pytest.mark.django_db


def test_the_customer_reopens_and_new_promises_run(stage: Stage, customer: Customer) -> None:
    ticket = stage.closed()
    reopen_ticket(
        actor=Actor(customer=customer),
        ticket_id=ticket.pk,
        reason="Masih tidak bisa masuk. PIN saya 482913",
        expected_version=ticket.version,
    )
    after = fresh(ticket)
    assert (after.state, after.closed_at, after.reopen_count) == ("handled", None, 1)
    event = after.events.last()
    assert (event.kind, event.from_state, event.data) == ("reopened", "closed", {"count": 1})
    assert "482913" not in event.note.text
    running = after.clocks.filter(state="running").order_by("metric")
    assert [(c.metric, c.running_since) for c in running] == [
        ("next_update", event.at),
        ("resolution", event.at),
    ]
    # What is left of the time to settle it runs on.
    resolution = running.get(metric="resolution")
    assert resolution.started_at == ticket.received_at
    assert resolution.stood_still == event.at - ticket.closed_at
    assert resolution.due_at == ticket.received_at + timedelta(hours=24) + resolution.stood_still
    told = set(Notice.objects.filter(event=event).values_list("recipient__email", flat=True))
    assert told == {"dimas@demo.tuntas.id", "sari@demo.tuntas.id"}
    assert list(audit_deadlines()) == []


@pytest.mark.parametrize(("late", "allowed"), [(timedelta(0), True), (timedelta(seconds=1), False)])
def test_the_window_is_seven_days_to_the_instant(
    stage: Stage, customer: Customer, late: timedelta, allowed: bool
) -> None:
    ticket = stage.closed()
    assert reopen_until(ticket) == ticket.closed_at + timedelta(days=7)
    with clock.at(reopen_until(ticket) + late):
        if allowed:
            reopen_ticket(actor=Actor(customer=customer), ticket_id=ticket.pk, reason="Belum.")
        else:
            with pytest.raises(WrongState):
                reopen_ticket(actor=Actor(customer=customer), ticket_id=ticket.pk, reason="Belum.")


def test_a_supervisor_reopens_a_sealed_ticket(stage: Stage) -> None:
    ticket = stage.closed()
    with clock.shifted(timedelta(days=30)):
        sweep()
        assert fresh(ticket).sealed_at
        reopen_ticket(actor=stage.actor("sari"), ticket_id=ticket.pk, reason="Bukti baru.")
        after = fresh(ticket)
        assert (after.state, after.sealed_at) == ("handled", None)
        assert list(audit_deadlines()) == []


def test_what_a_specialist_closed_the_squad_takes_up(stage: Stage, customer: Customer) -> None:
    ticket = stage.monitored()
    assert ticket.assignee == stage.actor("farah").user
    close_ticket(
        actor=stage.actor("dimas"), ticket_id=ticket.pk, confirmation="confirmed", **CLOSING
    )
    reopen_ticket(actor=Actor(customer=customer), ticket_id=ticket.pk, reason="Terjadi lagi.")
    after = fresh(ticket)
    assert (after.team.code, after.assignee) == ("cs_account", stage.actor("dimas").user)


def test_it_can_be_closed_and_reopened_again(stage: Stage, customer: Customer) -> None:
    ticket = stage.closed()
    for count in (1, 2):
        reopen_ticket(actor=Actor(customer=customer), ticket_id=ticket.pk, reason="Belum.")
        assert fresh(ticket).reopen_count == count
        stage.close(ticket)
    assert ticket.closing_forms.count() == 3
    armed = Timer.objects.filter(subject_id=ticket.pk, state="armed")
    assert [t.kind for t in armed] == ["sla.reopen_window"]


def test_a_time_trigger_counts_again_after_reopening(stage: Stage, customer: Customer) -> None:
    at = clock.now() - timedelta(days=4)
    ticket = stage.classified(
        subject="penjual tidak balas chat",
        description="Penjual tidak membalas chat saya sejak kemarin, tolong dibantu.",
        received_at=at,
        days_open=1,
    )
    assert ticket.category == "seller_unresponsive"
    from tickets.services import handle_ticket

    handle_ticket(actor=stage.actor("ayu"), ticket_id=ticket.pk)
    stage.close(ticket)
    reopen_ticket(actor=Actor(customer=customer), ticket_id=ticket.pk, reason="Masih diam.")
    assert Timer.objects.filter(subject_id=ticket.pk, kind="escalation.age", state="armed").exists()


def test_others_are_refused(stage: Stage, other_customer: Customer) -> None:
    ticket = stage.closed()
    for actor in (Actor(customer=other_customer), stage.actor("dimas"), stage.actor("farah")):
        with pytest.raises(NotAllowed):
            reopen_ticket(actor=actor, ticket_id=ticket.pk, reason="Coba.")


def test_a_reason_an_open_state_and_the_version_are_looked_at(
    stage: Stage, customer: Customer
) -> None:
    ticket = stage.closed()
    ratna = Actor(customer=customer)
    with pytest.raises(InvalidInput):
        reopen_ticket(actor=ratna, ticket_id=ticket.pk, reason=" ")
    with pytest.raises(Conflict):
        reopen_ticket(
            actor=ratna, ticket_id=ticket.pk, reason="Belum.", expected_version=ticket.version - 1
        )
    reopen_ticket(actor=ratna, ticket_id=ticket.pk, reason="Belum.")
    with pytest.raises(WrongState):
        reopen_ticket(actor=ratna, ticket_id=ticket.pk, reason="Lagi.")
