"""Seller silent for more than 5 days, dispute older than 7: with nobody touching the ticket."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from escalation.services import decline_escalation, request_escalation
from helpdesk.common import clock
from sla.models import Timer
from sla.services import audit_deadlines, sweep
from tests.support.stages import Stage, form, fresh
from tickets.models import Ticket
from tickets.services import reclassify_ticket, reply_to_customer

pytestmark = pytest.mark.django_db

AGE = "escalation.age"


def armed(ticket: Ticket, kind: str) -> datetime | None:
    timer = Timer.objects.filter(subject_id=ticket.pk, kind=kind, state="armed").first()
    return timer.due_at if timer else None


def become(stage: Stage, ticket: Ticket, category: str, **changes: Any) -> Ticket:
    words = {"priority": "MEDIUM", "queue": "general", "reason": "Begitu.", **changes}
    reclassify_ticket(actor=stage.actor("sari"), ticket_id=ticket.pk, category=category, **words)
    return fresh(ticket)


@pytest.fixture
def silent(stage: Stage) -> Ticket:
    return become(stage, stage.classified(days_open=2), "seller_unresponsive")


@pytest.fixture
def dispute(stage: Stage) -> Ticket:
    """Kept alive by a reply, so that no missed deadline moves it first."""
    return become(stage, stage.classified(days_open=6), "dispute")


def test_it_counts_from_when_the_problem_began(silent: Ticket) -> None:
    assert armed(silent, AGE) == silent.problem_since + timedelta(days=5, seconds=1)


def test_five_days_are_not_yet_more_than_five(silent: Ticket) -> None:
    with clock.at(silent.problem_since + timedelta(days=5)):
        sweep()
        assert fresh(silent).priority == "MEDIUM"


def test_a_silent_seller_makes_it_high_once(silent: Ticket, stage: Stage) -> None:
    reply_to_customer(actor=stage.actor("ayu"), ticket_id=silent.pk, body="Kami tagih penjual.")
    with clock.at(silent.problem_since + timedelta(days=5, seconds=1)):
        sweep()
        sweep()
        after = fresh(silent)
        assert after.priority == "HIGH"
        fired = after.events.get(kind="timer_fired")
        facts = {"category": "seller_unresponsive", "since": silent.problem_since.isoformat()}
        assert fired.data == {
            "kind": AGE,
            "trigger": "seller_silent",
            "matrix_version": 1,
            "facts": facts,
        }
        change = after.events.filter(kind="reclassified").last()
        assert (change.actor_label, change.data["to"]["priority"]) == ("sweep", "HIGH")
        assert " 5 " in change.note.text
        resolution = after.clocks.get(metric="resolution")
        assert resolution.due_at == after.received_at + timedelta(hours=72)
        assert armed(after, AGE) is None
        assert list(audit_deadlines()) == []


def test_an_urgent_ticket_is_never_lowered_by_it(silent: Ticket, stage: Stage) -> None:
    become(stage, silent, "seller_unresponsive", priority="URGENT")
    with clock.at(silent.problem_since + timedelta(days=5, seconds=1)):
        sweep()
    assert fresh(silent).priority == "URGENT"


def test_another_category_disarms_it(silent: Ticket, stage: Stage) -> None:
    become(stage, silent, "tracking")
    assert armed(silent, AGE) is None


def test_a_closed_ticket_hears_nothing_of_it(silent: Ticket, stage: Stage) -> None:
    reply_to_customer(actor=stage.actor("ayu"), ticket_id=silent.pk, body="Beres.")
    stage.close(silent)
    assert armed(silent, AGE) is None


def test_an_old_dispute_goes_to_mediation_by_itself(dispute: Ticket, stage: Stage) -> None:
    due_at = armed(dispute, AGE)
    assert due_at == dispute.problem_since + timedelta(days=7, seconds=1)
    reply_to_customer(actor=stage.actor("ayu"), ticket_id=dispute.pk, body="Kami cek.")
    Timer.objects.filter(subject_id=dispute.pk).exclude(kind=AGE).update(state="cancelled")
    with clock.at(due_at - timedelta(seconds=1)):
        sweep()
        assert fresh(dispute).state == "handled"
    with clock.at(due_at):
        sweep()
        sweep()
    after = fresh(dispute)
    assert (after.state, after.team.code) == ("escalated", "mediation")
    escalation = after.escalations.get()
    assert (escalation.trigger, escalation.is_automatic) == ("rule.dispute_age", True)
    assert " 7 " in escalation.decision_reason
    assert after.events.filter(kind="timer_fired").count() == 1


def test_a_dispute_that_is_old_when_it_comes_in_goes_at_once(stage: Stage) -> None:
    ticket = become(stage, stage.classified(days_open=9), "dispute")
    sweep()
    assert fresh(ticket).team.code == "mediation"


@pytest.mark.parametrize("decided", [False, True])
def test_a_mere_request_for_mediation_does_not_hold_it_up(
    decided: bool, dispute: Ticket, stage: Stage
) -> None:
    due_at = armed(dispute, AGE)
    reply_to_customer(actor=stage.actor("ayu"), ticket_id=dispute.pk, body="Kami cek.")
    asked = request_escalation(
        actor=stage.actor("ayu"), ticket_id=dispute.pk, form=form("mediation")
    )
    if decided:
        decline_escalation(actor=stage.actor("sari"), escalation_id=asked.pk, reason="Belum perlu.")
    Timer.objects.filter(subject_id=dispute.pk).exclude(kind=AGE).update(state="cancelled")
    with clock.at(due_at):
        sweep()
    after = fresh(dispute)
    assert (after.state, after.team.code) == ("escalated", "mediation")
    asked.refresh_from_db()
    assert asked.state == ("declined" if decided else "replaced")
