"""Late escalation is proposed from the record, with its reason."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agents_ops.models import StepRecord
from agents_ops.quality.late_escalation import proposal_for
from agents_ops.quality.services import GivenMark, fill_review, pick_ticket
from agents_ops.services import start_playbook
from helpdesk.common import clock
from people.actors import Actor
from sla.models import Timer
from sla.services import sweep
from tests.agents_ops.quality.conftest import Cases
from tests.agents_ops.quality.test_reviews import marks
from tickets.models import Ticket
from tickets.services import record

pytestmark = pytest.mark.django_db


def complain_after(cases: Cases, ticket: Ticket, seconds: int) -> None:
    """The pending transaction's complaint to the supplier, with the event that its record has."""
    run = start_playbook(actor=cases.officer, ticket_id=ticket.pk, playbook="transaction")
    done = StepRecord.objects.create(
        run=run,
        step="complain",
        how="done",
        by=cases.officer.require_person("work_ticket"),
        opened_at=run.started_at,
        at=run.started_at + timedelta(seconds=seconds),
        seconds=seconds,
        standard=120,
    )
    data = {"record": done.pk, "run": run.pk, "rules": run.rules_id, "playbook": run.playbook}
    record(ticket, actor=cases.officer, kind="playbook_step", data={**data, "seconds": seconds})


@pytest.mark.parametrize(("seconds", "late"), [(60, False), (301, True)])
def test_a_complaint_past_its_standard(
    cases: Cases, lead: Actor, seconds: int, *, late: bool
) -> None:
    ticket = cases.open()
    complain_after(cases, ticket, seconds)
    cases.reply(ticket)
    with clock.at(clock.now() + timedelta(hours=1)):
        cases.close(ticket)
        review = pick_ticket(actor=lead, ticket_id=ticket.pk)
    found = proposal_for(review)
    assert (found is not None) == late
    if found is not None:
        assert (found.criterion, found.mark) == ("escalation", "partly")
        assert found.event_id
        event = ticket.events.get(pk=found.event_id)
        assert event.kind == "playbook_step"
        assert "5 m" in found.reason


def test_a_deadline_that_had_to_escalate_weighs_more(cases: Cases, lead: Actor) -> None:
    ticket = cases.open()
    due = Timer.objects.filter(subject_type="ticket", subject_id=ticket.pk, state="armed")
    while not ticket.escalations.filter(origin="breach").exists():
        timer = due.order_by("due_at")[0]
        with clock.at(timer.due_at + timedelta(seconds=1)):
            sweep()
    with clock.at(timer.due_at + timedelta(hours=1)):
        from escalation.services import accept_escalation, return_escalation

        accept_escalation(actor=lead, ticket_id=ticket.pk, plan="Cek")
        return_escalation(actor=lead, ticket_id=ticket.pk, reason="Selesaikan")
        cases.reply(ticket)
        cases.close(ticket)
        review = pick_ticket(actor=lead, ticket_id=ticket.pk)
    found = proposal_for(review)
    assert found is not None
    line = ticket.escalations.get(origin="breach")
    assert (found.mark, found.event_id) == ("missed", line.event_id)
    assert line.reference in found.reason
    given = [each for each in marks(ticket) if each.criterion != "escalation"]
    taken = GivenMark("escalation", "missed", event=found.event_id)
    filled = fill_review(actor=lead, review_id=review.pk, marks=[*given, taken])
    assert [mark.criterion for mark in filled.marks.filter(proposed=True)] == ["escalation"]
