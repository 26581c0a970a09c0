"""Putting a name to a ticket."""

from __future__ import annotations

import pytest

from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, WrongState
from tests.support.stages import Stage, fresh
from tickets.models import Notice
from tickets.services import assign_ticket

pytestmark = pytest.mark.django_db


def test_a_lead_gives_it_to_an_officer_who_is_told(stage: Stage) -> None:
    ticket = stage.classified()
    dimas = stage.actor("dimas").user
    assert dimas
    assign_ticket(
        actor=stage.actor("sari"),
        ticket_id=ticket.pk,
        assignee=dimas,
        expected_version=ticket.version,
    )
    after = fresh(ticket)
    assert (after.assignee, after.state, after.version) == (dimas, "classified", ticket.version + 1)
    event = after.events.last()
    assert (event.kind, event.data) == ("assigned", {"from": None, "to": dimas.pk})
    assert Notice.objects.filter(event=event).get().recipient == dimas


def test_one_who_takes_it_needs_no_notice(stage: Stage) -> None:
    ticket = stage.classified()
    dimas = stage.actor("dimas")
    assign_ticket(actor=dimas, ticket_id=ticket.pk, assignee=dimas.user)
    assert not Notice.objects.filter(event=fresh(ticket).events.last()).exists()


def test_the_same_name_again_changes_nothing(stage: Stage) -> None:
    ticket = stage.handled()
    dimas = stage.actor("dimas")
    assign_ticket(actor=dimas, ticket_id=ticket.pk, assignee=dimas.user)
    after = fresh(ticket)
    assert (after.version, after.events.count()) == (ticket.version, ticket.events.count())


def test_an_officer_gives_it_to_nobody_else(stage: Stage) -> None:
    ticket = stage.classified()
    with pytest.raises(NotAllowed):
        assign_ticket(
            actor=stage.actor("dimas"), ticket_id=ticket.pk, assignee=stage.actor("sari").user
        )


def test_nobody_outside_the_team_gets_it(stage: Stage) -> None:
    ticket = stage.classified()
    with pytest.raises(NotAllowed):
        assign_ticket(
            actor=stage.actor("sari"), ticket_id=ticket.pk, assignee=stage.actor("bagus").user
        )


@pytest.mark.parametrize("name", ["ratna", "sistem", "admin"])
def test_nobody_outside_the_desk_gets_it(stage: Stage, name: str) -> None:
    ticket = stage.classified()
    with pytest.raises(InvalidInput) as refused:
        assign_ticket(
            actor=stage.actor("sari"), ticket_id=ticket.pk, assignee=stage.actor(name).user
        )
    assert "assignee" in refused.value.fields


def test_a_closed_ticket_stays_as_it_is(stage: Stage) -> None:
    ticket = stage.closed()
    with pytest.raises(WrongState):
        assign_ticket(
            actor=stage.actor("sari"), ticket_id=ticket.pk, assignee=stage.actor("sari").user
        )


def test_an_old_version_is_a_conflict(stage: Stage) -> None:
    ticket = stage.handled()
    sari = stage.actor("sari")
    with pytest.raises(Conflict):
        assign_ticket(
            actor=sari, ticket_id=ticket.pk, assignee=sari.user, expected_version=ticket.version - 1
        )
