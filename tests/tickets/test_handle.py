"""classified -> handled."""

from __future__ import annotations

import pytest

from helpdesk.common.errors import Conflict, NotAllowed, WrongState
from tests.support.stages import Stage, fresh
from tickets.services import assign_ticket, handle_ticket

pytestmark = pytest.mark.django_db


def test_it_puts_the_officers_name_on_it(stage: Stage) -> None:
    ticket = stage.classified()
    handle_ticket(actor=stage.actor("dimas"), ticket_id=ticket.pk, expected_version=ticket.version)
    after = fresh(ticket)
    assert (after.state, after.assignee) == ("handled", stage.actor("dimas").user)
    assert after.version == ticket.version + 1
    event = after.events.last()
    assert (event.kind, event.from_state, event.to_state) == ("handled", "classified", "handled")
    assert (event.actor, event.actor_label) == (after.assignee, "officer")
    assert event.data == {"assignee": after.assignee_id}


def test_it_is_taken_from_a_colleague_who_had_not_begun(stage: Stage) -> None:
    ticket = stage.classified()
    sari = stage.actor("sari")
    assign_ticket(actor=sari, ticket_id=ticket.pk, assignee=sari.user)
    handle_ticket(actor=stage.actor("dimas"), ticket_id=ticket.pk)
    assert fresh(ticket).assignee == stage.actor("dimas").user


def test_an_officer_of_another_squad_is_refused(stage: Stage) -> None:
    ticket = stage.classified()
    with pytest.raises(NotAllowed):
        handle_ticket(actor=stage.actor("ayu"), ticket_id=ticket.pk)
    assert fresh(ticket).state == "classified"


def test_a_second_time_it_is_the_wrong_state(stage: Stage) -> None:
    ticket = stage.handled()
    with pytest.raises(WrongState):
        handle_ticket(actor=stage.actor("dimas"), ticket_id=ticket.pk)
    assert fresh(ticket).version == ticket.version


def test_of_two_who_saw_the_same_ticket_the_second_meets_a_conflict(stage: Stage) -> None:
    ticket = stage.classified()
    seen = ticket.version
    handle_ticket(actor=stage.actor("dimas"), ticket_id=ticket.pk, expected_version=seen)
    with pytest.raises(Conflict):
        handle_ticket(actor=stage.actor("sari"), ticket_id=ticket.pk, expected_version=seen)
    assert fresh(ticket).assignee == stage.actor("dimas").user
