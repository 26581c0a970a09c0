"""Changing category, priority or queue of an open ticket."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from escalation.services import return_escalation, verify_escalation
from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, WrongState
from people.actors import Actor
from sla.services import audit_deadlines, sweep
from tests.support.stages import Stage, fresh
from tickets.models import Notice, Ticket
from tickets.services import reclassify_ticket

pytestmark = pytest.mark.django_db


def change(actor: Actor, ticket: Ticket, **changes: Any) -> Ticket:
    words = {
        "category": ticket.category,
        "priority": ticket.priority,
        "queue": ticket.queue,
        "reason": "Sudah diperiksa.",
        **changes,
    }
    return fresh(reclassify_ticket(actor=actor, ticket_id=ticket.pk, **words))


def test_a_new_priority_keeps_state_team_and_name(stage: Stage) -> None:
    ticket = stage.handled()
    after = change(stage.actor("dimas"), ticket, priority="HIGH", expected_version=ticket.version)
    assert (after.priority, after.state, after.team, after.assignee) == (
        "HIGH",
        "handled",
        ticket.team,
        ticket.assignee,
    )
    event = after.events.last()
    assert event.kind == "reclassified"
    assert event.data["from"]["priority"] == "URGENT"
    assert event.data["to"]["priority"] == "HIGH"
    assert event.note.text == "Sudah diperiksa."
    latest = after.classifications.last()
    assert (latest.priority, latest.rules_version, latest.event) == ("HIGH", None, event)


def test_deadlines_are_recomputed_from_the_receive_time(stage: Stage) -> None:
    ticket = stage.classified()
    after = change(stage.actor("dimas"), ticket, priority="HIGH")
    first = ticket.clocks.get(metric="first_response")
    assert first.due_at == ticket.received_at + timedelta(hours=6)
    assert first.target == {"hours": 6}
    assert ticket.clocks.get(metric="resolution").due_at == ticket.received_at + timedelta(hours=72)
    assert after.next_due_at == first.due_at
    assert list(audit_deadlines()) == []


def test_a_deadline_that_is_past_by_the_new_target_fires_once(stage: Stage) -> None:
    ticket = stage.classified(description="Aplikasi kadang lambat, sekadar saran.", subject="saran")
    assert ticket.priority == "LOW"
    with clock.shifted(timedelta(hours=3)):
        change(stage.actor("sari"), ticket, priority="URGENT")
        assert sweep().fired == 1
        assert sweep().fired == 0
    assert fresh(ticket).events.filter(kind="breached").count() == 1
    assert fresh(ticket).escalations.count() == 1
    assert list(audit_deadlines()) == []


def test_another_kind_of_problem_goes_to_another_squad(stage: Stage) -> None:
    ticket = stage.classified()
    after = change(stage.actor("dimas"), ticket, category="tracking", queue="general")
    assert (after.team.code, after.home_team.code, after.assignee) == ("cs_order", "cs_order", None)


def test_in_work_the_new_squad_gets_it_with_a_name(stage: Stage) -> None:
    ticket = stage.handled()
    after = change(stage.actor("dimas"), ticket, category="tracking", queue="general")
    assert (after.state, after.team.code) == ("handled", "cs_order")
    ayu = stage.actor("ayu").user
    assert after.assignee == ayu
    assert Notice.objects.filter(
        event=after.events.get(kind="reclassified"), recipient=ayu
    ).exists()


def test_an_escalated_ticket_stays_with_its_team_and_returns_to_the_new_squad(stage: Stage) -> None:
    ticket = stage.monitored()
    after = change(stage.actor("dimas"), ticket, category="tracking", queue="general")
    assert (after.team.code, after.home_team.code) == ("fraud", "cs_order")
    assert after.assignee == ticket.assignee


def test_a_queue_that_acts_at_once_takes_the_ticket(stage: Stage) -> None:
    ticket = stage.classified()
    after = change(stage.actor("sari"), ticket, category="dispute", queue="mediation")
    assert (after.state, after.team.code) == ("escalated", "mediation")


def test_an_officers_reclassification_is_verified_before_it_escalates(stage: Stage) -> None:
    """'The officer asks, a supervisor verifies': renaming a ticket is no way round that."""
    ticket = stage.classified()
    after = change(stage.actor("dimas"), ticket, category="dispute", queue="mediation")
    assert after.state == "classified"
    asked = after.escalations.get()
    assert (asked.state, asked.to_team.code, asked.trigger) == (
        "requested",
        "mediation",
        "reclassified",
    )
    event = after.events.get(kind="escalation_requested")
    assert Notice.objects.filter(event=event, recipient__email__startswith="teguh").exists()
    verify_escalation(actor=stage.actor("teguh"), escalation_id=asked.pk)
    assert fresh(after).state == "escalated"


def test_what_came_back_is_not_sent_again_by_a_change_of_priority(stage: Stage) -> None:
    ticket = stage.handled()
    ticket = change(stage.actor("sari"), ticket, category="dispute", queue="mediation")
    assert ticket.state == "escalated"
    return_escalation(actor=stage.actor("maya"), ticket_id=ticket.pk, reason="Selesai di toko.")
    after = change(stage.actor("ayu"), fresh(ticket), priority="LOW")
    assert after.state == "handled"


def test_secrets_in_the_reason_are_masked(stage: Stage) -> None:
    after = change(
        stage.actor("dimas"),
        stage.classified(),
        priority="LOW",
        reason="PIN-nya 482913, sudah aman",
    )
    assert "482913" not in after.events.last().note.text
    assert "482913" not in str(after.classifications.last().reasons)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"category": "nonsense"}, "category"),
        ({"priority": "SOON"}, "priority"),
        ({"queue": "nowhere"}, "queue"),
        ({"priority": "LOW", "reason": " "}, "reason"),
        ({"priority": "LOW", "reason": "a\x00b"}, "reason"),
    ],
)
def test_unknown_words_and_no_reason_are_refused(
    stage: Stage, changes: dict[str, str], field: str
) -> None:
    ticket = stage.classified()
    with pytest.raises(InvalidInput) as refused:
        change(stage.actor("dimas"), ticket, **changes)
    assert field in refused.value.fields
    assert fresh(ticket).version == ticket.version


def test_a_change_of_nothing_is_refused(stage: Stage) -> None:
    with pytest.raises(InvalidInput):
        change(stage.actor("dimas"), stage.classified())


def test_role_state_and_version_are_looked_at(stage: Stage) -> None:
    ticket = stage.classified()
    with pytest.raises(NotAllowed):
        change(stage.actor("farah"), ticket, priority="LOW")
    with pytest.raises(NotAllowed):
        change(stage.actor("ayu"), ticket, priority="LOW")
    with pytest.raises(Conflict):
        change(stage.actor("dimas"), ticket, priority="LOW", expected_version=ticket.version - 1)
    with pytest.raises(WrongState):
        change(stage.actor("dimas"), stage.closed(), priority="LOW")
