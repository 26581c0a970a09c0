"""Warnings at 50 % and 80 % of the time, to the right people, once each."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.common import clock
from sla.models import Timer
from sla.services import audit_deadlines, sweep
from tests.support.stages import Stage, fresh
from tickets.models import Notice, Ticket, TicketEvent
from tickets.services import assign_ticket, reclassify_ticket

pytestmark = pytest.mark.django_db

DIMAS, SARI = "dimas@demo.tuntas.id", "sari@demo.tuntas.id"


def warnings(ticket: Ticket) -> list[tuple[str, int]]:
    events = ticket.events.filter(kind="warned").order_by("id")
    return [(event.data["metric"], event.data["percent"]) for event in events]


def told(event: TicketEvent) -> set[str]:
    return set(Notice.objects.filter(event=event).values_list("recipient__email", flat=True))


def sweep_at(ticket: Ticket, minutes: float) -> None:
    with clock.at(ticket.received_at + timedelta(minutes=minutes)):
        sweep()
        sweep()


def test_the_assignee_hears_at_half_time_and_the_lead_as_well_at_80(stage: Stage) -> None:
    ticket = stage.classified()
    dimas = stage.actor("dimas")
    assign_ticket(actor=dimas, ticket_id=ticket.pk, assignee=dimas.user)
    sweep_at(ticket, 59)
    assert warnings(ticket) == []
    sweep_at(ticket, 60)
    sweep_at(ticket, 95)
    assert warnings(ticket) == [("first_response", 50)]
    sweep_at(ticket, 96)
    sweep_at(ticket, 119)
    assert warnings(ticket) == [("first_response", 50), ("first_response", 80)]
    half, late = ticket.events.filter(kind="warned").order_by("id")
    assert (told(half), told(late)) == ({DIMAS}, {DIMAS, SARI})
    assert not fresh(ticket).breached_at
    assert list(audit_deadlines()) == []


def test_without_an_assignee_the_lead_hears_at_once(stage: Stage) -> None:
    ticket = stage.classified()
    sweep_at(ticket, 60)
    assert told(ticket.events.get(kind="warned")) == {SARI}


def test_a_sweep_that_comes_late_warns_of_the_level_reached_by_then(stage: Stage) -> None:
    ticket = stage.classified()
    sweep_at(ticket, 100)
    assert warnings(ticket) == [("first_response", 80)]
    armed = Timer.objects.get(subject_id=ticket.pk, kind="sla.first_response", state="armed")
    assert armed.stage == 100


def test_a_sweep_that_comes_after_the_deadline_warns_of_nothing(stage: Stage) -> None:
    ticket = stage.classified()
    sweep_at(ticket, 121)
    assert warnings(ticket) == []
    assert ticket.events.filter(kind="breached").count() == 1


def test_a_level_that_a_raised_priority_has_put_into_the_past_warns_at_once(stage: Stage) -> None:
    ticket = stage.classified(subject="Tanya ukuran", description="Ukuran kemeja ini apa saja?")
    sari = stage.actor("sari")
    words = {"category": "account_takeover", "queue": "fraud", "reason": "Akun diambil alih."}
    with clock.at(ticket.received_at + timedelta(minutes=100)):
        reclassify_ticket(actor=sari, ticket_id=ticket.pk, priority="URGENT", **words)
        first = ticket.clocks.get(metric="first_response")
        assert first.due_at == ticket.received_at + timedelta(hours=2)
        armed = Timer.objects.get(subject_id=ticket.pk, kind="sla.first_response", state="armed")
        assert (armed.stage, armed.due_at) == (80, first.moment_of(80))
        sweep()
        sweep()
    assert ("first_response", 80) in warnings(ticket)
    assert list(audit_deadlines()) == []
