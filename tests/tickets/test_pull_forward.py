"""A supervisor pulls a ticket forward, and back."""

from __future__ import annotations

import pytest

from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from tests.support.public import link, words
from tests.support.stages import Stage, fresh
from tickets.services import pull_forward, put_back

pytestmark = pytest.mark.django_db


def test_it_stands_first_with_a_reason_and_goes_back(stage: Stage) -> None:
    ticket, sari = stage.handled(), stage.actor("sari")
    before = ticket.next_due_at
    pull_forward(actor=sari, ticket_id=ticket.pk, reason="Diliput media.")
    forward = fresh(ticket)
    event = forward.events.last()
    assert (forward.expedited, forward.next_due_at) == (True, before)
    assert (event.kind, event.data, event.note.text) == (
        "pulled_forward", {"on": True}, "Diliput media.",
    )  # fmt: skip
    put_back(actor=sari, ticket_id=ticket.pk)
    assert fresh(ticket).expedited is False
    assert ticket.events.last().data == {"on": False}


def test_a_reason_is_needed(stage: Stage) -> None:
    ticket = stage.handled()
    with pytest.raises(InvalidInput) as refused:
        pull_forward(actor=stage.actor("sari"), ticket_id=ticket.pk, reason="")
    assert "reason" in refused.value.fields


@pytest.mark.parametrize("name", ["dimas", "farah", "admin", "sistem", "ratna"])
def test_others_may_not(stage: Stage, name: str) -> None:
    ticket = stage.handled()
    with pytest.raises(NotAllowed):
        pull_forward(actor=stage.actor(name), ticket_id=ticket.pk, reason="r")
    with pytest.raises(NotAllowed):
        put_back(actor=stage.actor(name), ticket_id=ticket.pk)


def test_twice_and_out_of_place(stage: Stage) -> None:
    ticket, sari = stage.handled(), stage.actor("sari")
    with pytest.raises(WrongState):
        put_back(actor=sari, ticket_id=ticket.pk)
    pull_forward(actor=sari, ticket_id=ticket.pk, reason="r")
    with pytest.raises(WrongState):
        pull_forward(actor=sari, ticket_id=ticket.pk, reason="r")
    closed = stage.closed()
    with pytest.raises(WrongState):
        pull_forward(actor=sari, ticket_id=closed.pk, reason="r")


def test_the_customer_hears_nothing_of_it(stage: Stage, visitor) -> None:
    ticket = stage.handled()
    pull_forward(actor=stage.actor("sari"), ticket_id=ticket.pk, reason="KENARI-12")
    page = words(visitor.get(link(ticket)))
    assert "KENARI-12" not in page
    assert "forward" not in page.lower()
