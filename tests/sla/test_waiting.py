"""No open ticket is ever without a timer: a customer who stays silent is not waited for for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.common import clock
from people.actors import Actor
from people.models import Customer
from sla.models import Clock, Timer
from sla.services import audit_deadlines, sweep
from tests.support.stages import Stage, fresh
from tickets.models import Notice, Ticket
from tickets.services import add_customer_message, mark_no_reply_needed, reply_to_customer
from tickets.states import WITH_A_TEAM_STATES

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


def without_a_running_clock() -> list[str]:
    """Of the tickets that a team beyond the squad has; a question for confirmation runs by itself."""
    had = Ticket.objects.filter(state__in=WITH_A_TEAM_STATES, confirmation_asked_at__isnull=True)
    return [t.number for t in had if not t.clocks.filter(state=Clock.State.RUNNING).exists()]


def asks(stage: Stage, ticket: Ticket) -> None:
    reply_to_customer(
        actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Mohon foto.", wait_for_customer=True
    )


class TestATeamAtWork:
    """It owes its customer news every day, whatever was asked of the customer before."""

    @pytest.mark.parametrize("state", ["escalated", "monitored"])
    def test_news_is_owed_although_the_customer_was_asked(self, stage: Stage, state: str) -> None:
        ticket = stage.at(state)
        asks(stage, ticket)
        assert without_a_running_clock() == []
        assert ticket.clocks.filter(metric="next_update", state=Clock.State.RUNNING).exists()
        assert list(audit_deadlines()) == []

    def test_accepting_ends_the_waiting(self, stage: Stage) -> None:
        ticket = stage.escalated()
        asks(stage, ticket)
        stage.accept(ticket)
        after = fresh(ticket)
        running = {c.metric for c in after.clocks.filter(state=Clock.State.RUNNING)}
        assert after.waiting_for_customer_since is None
        assert running == {"next_update", "resolution"}
        assert armed(ticket) is None
        assert list(audit_deadlines()) == []

    def test_words_that_want_no_answer_call_no_news_off(
        self, stage: Stage, customer: Customer
    ) -> None:
        ticket = stage.escalated()
        reply_to_customer(actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Kami cek.")
        add_customer_message(actor=Actor(customer=customer), ticket_id=ticket.pk, body="Ditunggu.")
        mark_no_reply_needed(actor=stage.actor("dimas"), ticket_id=ticket.pk)
        assert ticket.clocks.filter(metric="next_update", state=Clock.State.RUNNING).exists()
        stage.accept(ticket)
        assert without_a_running_clock() == []
        assert list(audit_deadlines()) == []

    def test_also_when_nobody_takes_it_in_time(self, stage: Stage) -> None:
        ticket = stage.escalated()
        asks(stage, ticket)
        for day in range(1, 4):
            with clock.shifted(timedelta(days=day)):
                sweep()
                assert without_a_running_clock() == []
                assert list(audit_deadlines()) == []
