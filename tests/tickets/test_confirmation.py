"""Asking the customer whether the solution holds, and the answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from escalation.services import Form, request_escalation
from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, WrongState
from people.actors import Actor
from people.models import Customer
from sla.models import Timer
from sla.services import audit_deadlines, sweep
from tests.support.stages import CLOSING, Stage, form, fresh
from tickets.models import Notice, Ticket
from tickets.services import add_customer_message, answer_confirmation, ask_confirmation

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(stage: Stage) -> Ticket:
    ticket = stage.handled()
    ask_confirmation(actor=stage.actor("dimas"), ticket_id=ticket.pk, **CLOSING)
    return fresh(ticket)


def armed(ticket: Ticket, kind: str) -> Timer | None:
    return Timer.objects.filter(subject_id=ticket.pk, kind=kind, state="armed").first()


class TestAsking:
    def test_it_prepares_the_form_and_asks_by_mail(self, asked: Ticket) -> None:
        prepared = asked.closing_forms.get()
        assert (prepared.event, prepared.root_cause) == (None, CLOSING["root_cause"])
        assert asked.confirmation_asked_at == asked.waiting_for_customer_since
        event = asked.events.last()
        assert event.kind == "confirmation_asked"
        assert asked.outgoing_mails.get(template="confirmation").event == event

    def test_it_is_an_answer_to_the_customer(self, asked: Ticket) -> None:
        states = {c.metric: c.state for c in asked.clocks.all()}
        assert states == {"first_response": "met", "resolution": "paused"}
        assert asked.first_response_at == asked.confirmation_asked_at
        assert list(audit_deadlines()) == []

    def test_it_waits_as_long_as_the_policy_says(self, asked: Ticket) -> None:
        timer = armed(asked, "sla.confirmation")
        assert timer
        assert timer.due_at == asked.confirmation_asked_at + timedelta(hours=72)

    def test_asked_again_it_waits_anew_with_one_timer_and_one_form(
        self, stage: Stage, asked: Ticket
    ) -> None:
        with clock.shifted(timedelta(hours=10)):
            ask_confirmation(
                actor=stage.actor("dimas"),
                ticket_id=asked.pk,
                root_cause="Lain.",
                solution="Lain lagi.",
            )
        assert asked.closing_forms.get().root_cause == "Lain."
        timer = armed(asked, "sla.confirmation")
        assert timer
        assert timer.due_at == fresh(asked).confirmation_asked_at + timedelta(hours=72)

    @pytest.mark.parametrize("part", ["root_cause", "solution"])
    def test_the_closing_form_must_be_complete(self, stage: Stage, part: str) -> None:
        ticket = stage.handled()
        with pytest.raises(InvalidInput) as refused:
            ask_confirmation(
                actor=stage.actor("dimas"), ticket_id=ticket.pk, **{**CLOSING, part: " "}
            )
        assert part in refused.value.fields
        assert not ticket.closing_forms.exists()

    def test_an_old_version_is_a_conflict(self, stage: Stage, asked: Ticket) -> None:
        with pytest.raises(Conflict):
            ask_confirmation(
                actor=stage.actor("dimas"),
                ticket_id=asked.pk,
                expected_version=asked.version - 1,
                **CLOSING,
            )


class TestAnswering:
    @pytest.mark.parametrize(("holds", "kind"), [(True, "confirmed"), (False, "disputed")])
    def test_the_officer_is_told_and_must_act(
        self, asked: Ticket, customer: Customer, holds: bool, kind: str
    ) -> None:
        answer_confirmation(
            actor=Actor(customer=customer), ticket_id=asked.pk, holds=holds, words="Terima kasih."
        )
        after = fresh(asked)
        assert (after.state, after.confirmation_asked_at) == ("handled", None)
        assert after.closing_forms.get().confirmation == kind
        event = after.events.last()
        assert (event.kind, event.note.text) == (kind, "Terima kasih.")
        assert Notice.objects.get(event=event).recipient == after.assignee
        assert armed(after, "sla.confirmation") is None
        states = {c.metric: c.state for c in after.clocks.all()}
        assert (states["resolution"], states["next_update"]) == ("running", "running")
        assert list(audit_deadlines()) == []

    def test_twice_is_the_wrong_state(self, asked: Ticket, customer: Customer) -> None:
        answer_confirmation(actor=Actor(customer=customer), ticket_id=asked.pk, holds=True)
        with pytest.raises(WrongState):
            answer_confirmation(actor=Actor(customer=customer), ticket_id=asked.pk, holds=False)

    def test_nobody_answers_for_the_customer(
        self, stage: Stage, asked: Ticket, other_customer: Customer
    ) -> None:
        for actor in (Actor(customer=other_customer), stage.actor("dimas"), stage.actor("sari")):
            with pytest.raises(NotAllowed):
                answer_confirmation(actor=actor, ticket_id=asked.pk, holds=True)

    def test_a_message_instead_of_an_answer_ends_the_question(
        self, asked: Ticket, customer: Customer
    ) -> None:
        add_customer_message(actor=Actor(customer=customer), ticket_id=asked.pk, body="Belum.")
        assert fresh(asked).confirmation_asked_at is None
        assert armed(asked, "sla.confirmation") is None
        assert list(audit_deadlines()) == []


class TestUnanswered:
    def test_it_closes_by_itself_with_the_prepared_form(self, asked: Ticket) -> None:
        with clock.shifted(timedelta(hours=71, minutes=59)):
            sweep()
            assert fresh(asked).state == "handled"
        with clock.shifted(timedelta(hours=72, seconds=1)):
            assert sweep().fired == 1
            assert sweep().fired == 0
        after = fresh(asked)
        assert after.state == "closed"
        closing = after.closing_forms.get()
        assert (closing.confirmation, closing.root_cause) == ("no_answer", CLOSING["root_cause"])
        assert closing.event == after.events.get(kind="closed")
        assert closing.event.actor_label == "sweep"
        assert after.clocks.get(metric="resolution").state == "met"

    def test_an_escalation_ends_the_question(self, stage: Stage, asked: Ticket) -> None:
        with clock.shifted(timedelta(hours=30)):
            stage.send(asked)
            after = fresh(asked)
            assert (after.state, after.confirmation_asked_at) == ("escalated", None)
            assert after.waiting_for_customer_since is None
            assert after.clocks.get(metric="resolution").state == "running"
            assert list(audit_deadlines()) == []
        with clock.shifted(timedelta(hours=73)):
            sweep()
        assert not Timer.objects.exclude(last_error="").exists()
        assert fresh(asked).state == "escalated"


def test_a_request_from_monitoring_is_sent_on(stage: Stage) -> None:
    """Once a crash: the former team's escalation must end before the next one is active."""
    ticket = stage.monitored()
    to: Form = form("legal")
    request_escalation(
        actor=stage.actor("sari"), ticket_id=ticket.pk, form=to, reason="Perlu nasihat hukum."
    )
    after = fresh(ticket)
    assert (after.state, after.team.code) == ("escalated", "legal")
    assert [e.state for e in after.escalations.order_by("id")] == ["replaced", "sent"]


def test_a_second_question_forgets_the_answer_to_the_first(asked: Ticket, stage: Stage) -> None:
    answer_confirmation(actor=Actor(customer=asked.customer), ticket_id=asked.pk, holds=False)
    assert asked.closing_forms.get().confirmation == "disputed"
    ask_confirmation(actor=stage.actor("dimas"), ticket_id=asked.pk, **CLOSING)
    assert asked.closing_forms.get().confirmation == ""
