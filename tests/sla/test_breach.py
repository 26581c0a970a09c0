"""A missed promise is recorded, escalates and notifies, exactly once (domain section 3)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from escalation.services import accept_escalation
from helpdesk.common import clock
from people.actors import Actor
from people.models import Team
from sla.models import ClockEvent, Timer
from sla.services import audit_deadlines, sweep
from tests.support.stages import CLOSING, Stage, form, fresh
from tickets.models import Notice, Ticket
from tickets.services import (
    add_customer_message,
    ask_confirmation,
    deliver_owed_mail,
    reply_to_customer,
)

pytestmark = pytest.mark.django_db


def sweep_at(ticket: Ticket, **after: float) -> int:
    with clock.at(ticket.received_at + timedelta(**after)):
        return sweep().fired + sweep().fired


def breaches(ticket: Ticket) -> list[str]:
    events = ticket.events.filter(kind="breached").order_by("id")
    return [event.data["metric"] for event in events]


def test_it_is_recorded_with_how_late_it_was_found(stage: Stage) -> None:
    ticket = stage.classified()
    sweep_at(ticket, hours=2, seconds=1.5)
    missed = ticket.clocks.get(metric="first_response")
    assert (missed.state, missed.met_at) == ("breached", None)
    event = ticket.events.get(kind="breached")
    assert event.data["late_seconds"] == 1.5
    assert event.data["clock"] == missed.pk
    assert fresh(ticket).breached_at == missed.breached_at == event.at
    assert list(audit_deadlines()) == []


def test_it_goes_to_the_specialists_of_the_categorys_row(stage: Stage) -> None:
    ticket = stage.classified()
    sweep_at(ticket, hours=2, seconds=1)
    after = fresh(ticket)
    assert (after.state, after.team.code, after.assignee) == ("escalated", "fraud", None)
    assert after.home_team.code == "cs_account"
    escalation = after.escalations.get()
    assert (escalation.state, escalation.trigger) == ("sent", "breach.first_response")
    assert escalation.is_automatic
    assert escalation.from_team.code == "cs_account"
    for part in ("summary", "tried", "evidence", "wanted_outcome"):
        assert getattr(escalation, part)
    mail = after.outgoing_mails.get(template="escalation")
    assert mail.recipient == Team.objects.get(code="fraud").email


def test_a_row_without_specialists_goes_to_the_supervisors(stage: Stage) -> None:
    ticket = stage.classified(subject="paket", description="Paket saya sekarang di mana ya?")
    assert ticket.queue == "general"
    sweep_at(ticket, hours=48, seconds=1)
    assert fresh(ticket).team.code == "supervisors"


def test_it_tells_the_assignee_the_lead_and_the_team_once(stage: Stage) -> None:
    ticket = stage.handled()
    for _time in range(3):
        sweep_at(ticket, hours=2, seconds=1)
    breached = ticket.events.get(kind="breached")
    sent = ticket.events.get(kind="escalated")

    def told(event: object) -> list[str]:
        notices = Notice.objects.filter(event=event)
        return sorted(notices.values_list("recipient__email", flat=True))

    assert told(breached) == ["dimas@demo.tuntas.id", "sari@demo.tuntas.id"]
    assert told(sent) == ["farah@demo.tuntas.id"]
    assert Timer.objects.filter(subject_id=ticket.pk, state="fired").count() == 1


def test_at_the_instant_it_is_due_the_sweep_counts_it_as_missed(stage: Stage) -> None:
    ticket = stage.classified()
    assert sweep_at(ticket, hours=1, minutes=59, seconds=59) == 1  # the warning
    assert breaches(ticket) == []
    sweep_at(ticket, hours=2)
    assert breaches(ticket) == ["first_response"]


def test_a_reply_at_the_instant_it_is_due_keeps_the_promise(stage: Stage) -> None:
    ticket = stage.classified()
    with clock.at(ticket.received_at + timedelta(hours=2)):
        reply_to_customer(actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Kami periksa.")
        sweep()
    assert breaches(ticket) == []
    assert ticket.clocks.get(metric="first_response").state == "met"


def test_an_automatic_acknowledgement_keeps_no_promise(stage: Stage) -> None:
    ticket = stage.classified()
    deliver_owed_mail()
    assert ticket.outgoing_mails.get(template="acknowledgement").state == "sent"
    assert fresh(ticket).first_response_at is None
    assert {c.state for c in ticket.clocks.all()} == {"running"}
    sweep_at(ticket, hours=2)
    assert breaches(ticket) == ["first_response"]


@pytest.mark.parametrize("sweep_first", [True, False])
def test_a_late_reply_is_late_whoever_comes_first(stage: Stage, sweep_first: bool) -> None:
    ticket = stage.handled()
    with clock.at(ticket.received_at + timedelta(hours=2, seconds=1)):
        if sweep_first:
            sweep()
        reply_to_customer(actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Kami periksa.")
        assert sweep().fired == 0
    first = ticket.clocks.get(metric="first_response")
    assert (first.state, first.met_at, first.breached_at) == (
        "breached",
        first.met_at,
        first.met_at,
    )
    after = fresh(ticket)
    assert (after.state, after.team.code) == ("escalated", "fraud")
    assert breaches(ticket) == ["first_response"]
    assert after.escalations.count() == 1
    assert after.next_due_kind == "fraud_response"
    assert list(audit_deadlines()) == []


def test_a_late_next_update_is_recorded_and_a_new_one_runs(stage: Stage) -> None:
    ticket = stage.handled()
    reply_to_customer(actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Kami periksa.")
    due = ticket.clocks.get(metric="next_update").due_at
    with clock.at(due + timedelta(seconds=1)):
        reply_to_customer(actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Masih kami cek.")
    states = ticket.clocks.filter(metric="next_update").order_by("id")
    assert [c.state for c in states] == ["breached", "running"]
    assert "next_update" in breaches(ticket)
    assert list(audit_deadlines()) == []


def test_a_resolution_that_is_past_cannot_be_paused_away(stage: Stage) -> None:
    ticket = stage.handled()
    reply_to_customer(actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Kami periksa.")
    with clock.at(ticket.received_at + timedelta(hours=24, seconds=1)):
        ask_confirmation(actor=stage.actor("dimas"), ticket_id=ticket.pk, **CLOSING)
    assert "resolution" in breaches(ticket)
    assert fresh(ticket).state == "escalated"
    assert list(audit_deadlines()) == []


def test_each_next_level_is_the_operations_manager(stage: Stage) -> None:
    ticket = stage.classified()
    sweep_at(ticket, hours=2, seconds=1)
    assert fresh(ticket).team.code == "fraud"
    # Fraud has six hours to accept.
    sweep_at(ticket, hours=8, seconds=2)
    after = fresh(ticket)
    assert (after.state, after.team.code) == ("escalated", "operations")
    assert [e.state for e in after.escalations.order_by("id")] == ["replaced", "sent"]
    assert after.events.filter(kind="redirected").count() == 1
    # Above them there is nobody: it is recorded, the ticket stays.
    sweep_at(ticket, hours=40)
    assert fresh(ticket).team.code == "operations"
    missed = {"first_response", "fraud_response", "acceptance", "resolution", "next_update"}
    assert set(breaches(ticket)) == missed
    assert list(audit_deadlines()) == []


def test_a_breach_while_monitored_passes_it_on_and_ends_the_follow_up(stage: Stage) -> None:
    ticket = stage.monitored()
    reply_to_customer(actor=stage.actor("farah"), ticket_id=ticket.pk, body="Kami tangani.")
    sweep_at(ticket, hours=24, seconds=1)
    after = fresh(ticket)
    assert (after.state, after.team.code, after.assignee) == ("escalated", "operations", None)
    assert not Timer.objects.filter(
        subject_id=ticket.pk, kind="escalation.follow_up", state="armed"
    ).exists()


def test_it_escalates_although_an_officers_request_is_waiting(stage: Stage) -> None:
    """Once a crash: two escalations of one ticket 'waiting for a supervisor'."""
    from escalation.services import request_escalation, verify_escalation

    ticket = stage.handled()
    waiting = request_escalation(
        actor=stage.actor("dimas"), ticket_id=ticket.pk, form=form("legal"), reason="Ancaman."
    )
    same = fresh(ticket)
    sweep_at(ticket, hours=2, seconds=1)
    assert not Timer.objects.exclude(last_error="").exists()
    assert fresh(same).team.code == "fraud"
    waiting.refresh_from_db()
    assert waiting.state == "requested"
    verify_escalation(actor=stage.actor("sari"), escalation_id=waiting.pk, reason="Tetap perlu.")
    after = fresh(ticket)
    assert after.team.code == "legal"
    waiting.refresh_from_db()
    assert waiting.from_team.code == "fraud"


def test_a_request_for_the_team_that_gets_it_by_itself_is_settled(stage: Stage) -> None:
    from escalation.services import request_escalation

    ticket = stage.handled()
    waiting = request_escalation(
        actor=stage.actor("dimas"), ticket_id=ticket.pk, form=form("fraud")
    )
    sweep_at(ticket, hours=2, seconds=1)
    waiting.refresh_from_db()
    assert waiting.state == "replaced"
    assert fresh(ticket).escalations.filter(state="sent").count() == 1


def test_waiting_for_the_customer_ends_with_an_escalation(stage: Stage, customer: object) -> None:
    ticket = stage.handled()
    reply_to_customer(
        actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Mohon foto.", wait_for_customer=True
    )
    stage.send(ticket)
    after = fresh(ticket)
    assert after.waiting_for_customer_since is None
    states = {c.metric: c.state for c in after.clocks.filter(state__in=["running", "paused"])}
    assert states == {
        "resolution": "running",
        "next_update": "running",
        "fraud_response": "running",
    }
    assert list(audit_deadlines()) == []


def test_acceptance_ends_when_the_team_accepts(stage: Stage) -> None:
    ticket = stage.escalated()
    accept_escalation(actor=stage.actor("farah"), ticket_id=ticket.pk, plan="Kami blokir.")
    assert ticket.clocks.get(metric="fraud_response").state == "met"
    assert list(audit_deadlines()) == []


def test_a_customers_word_does_not_begin_a_second_promise_beside_a_missed_one(
    stage: Stage, customer: object
) -> None:
    ticket = stage.handled()
    reply_to_customer(actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Kami periksa.")
    sweep_at(ticket, hours=25)
    with clock.at(ticket.received_at + timedelta(hours=26)):
        add_customer_message(
            actor=Actor(customer=customer),  # type: ignore[arg-type]
            ticket_id=ticket.pk,
            body="Halo?",
        )
    updates = ticket.clocks.filter(metric="next_update").order_by("id")
    assert [c.state for c in updates] == ["breached", "running"]
    assert list(audit_deadlines()) == []


def test_a_silent_desk_is_reminded_every_day(stage: Stage) -> None:
    """A missed promise to the customer begins the next: nothing is late in silence."""
    ticket = stage.classified()
    for day in range(4):
        sweep_at(ticket, hours=2 + 24 * day, seconds=5 * (day + 1))
    kinds = [c.metric for c in ticket.clocks.filter(state="breached").order_by("id")]
    assert kinds.count("next_update") == 3
    assert list(audit_deadlines()) == []
    reply_to_customer(actor=stage.actor("hendra"), ticket_id=ticket.pk, body="Mohon maaf.")
    owed = ticket.clocks.filter(state="breached", met_at__isnull=True)
    assert not owed.filter(metric__in=["first_response", "next_update"]).exists()
    assert ticket.clocks.filter(metric="next_update", state="running").count() == 1
    assert list(audit_deadlines()) == []


def test_a_level_fires_once_or_its_move_is_undone_with_it(stage: Stage) -> None:
    """The database refuses the second line of a clock and level, and all that came with it."""
    ticket = stage.classified()
    first = ticket.clocks.get(metric="first_response")
    begun = first.log.get()
    ClockEvent.objects.create(
        clock=first, ticket=ticket, metric=first.metric, kind="breached", at=first.due_at,
        due_at=first.due_at, level=100, policy_version=begun.policy_version, basis=first.basis,
        priority=ticket.priority,
    )  # fmt: skip
    timers = Timer.objects.filter(subject_id=ticket.pk, kind="sla.first_response")
    timers.update(stage=100, due_at=first.due_at)
    with clock.at(first.due_at + timedelta(seconds=1)):
        report = sweep()
    timer = timers.get()
    assert (timer.state, timer.attempts) == ("armed", 1)
    assert "one_firing_per_clock_and_level" in timer.last_error
    assert report.failed == 1
    assert (fresh(ticket).state, ticket.escalations.count(), breaches(ticket)) == (
        "classified", 0, [],
    )  # fmt: skip
