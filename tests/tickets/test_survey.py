"""The customer's mark for a closed ticket."""

from __future__ import annotations

import pytest

from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from people.actors import Actor
from people.models import Customer
from tests.support.stages import Stage, fresh
from tickets.services import answer_survey, reopen_ticket

pytestmark = pytest.mark.django_db


def test_it_is_kept_with_the_closing(stage: Stage, customer: Customer) -> None:
    ticket = stage.closed()
    survey = answer_survey(
        actor=Actor(customer=customer), ticket_id=ticket.pk, score=4, comment="Cepat."
    )
    assert survey.closing == ticket.closing_forms.get()
    event = fresh(ticket).events.last()
    assert (event.kind, event.data) == ("surveyed", {"score": 4})


def test_each_closing_is_marked_once(stage: Stage, customer: Customer) -> None:
    ticket = stage.closed()
    ratna = Actor(customer=customer)
    answer_survey(actor=ratna, ticket_id=ticket.pk, score=4)
    with pytest.raises(WrongState):
        answer_survey(actor=ratna, ticket_id=ticket.pk, score=1)
    assert ticket.surveys.get().score == 4
    reopen_ticket(actor=ratna, ticket_id=ticket.pk, reason="Terjadi lagi.")
    with pytest.raises(WrongState):
        answer_survey(actor=ratna, ticket_id=ticket.pk, score=1)
    stage.close(ticket)
    answer_survey(actor=ratna, ticket_id=ticket.pk, score=2)
    assert ticket.surveys.count() == 2


@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_mark_lies_between_one_and_five(stage: Stage, customer: Customer, score: int) -> None:
    with pytest.raises(InvalidInput):
        answer_survey(actor=Actor(customer=customer), ticket_id=stage.closed().pk, score=score)


def test_only_the_customer_marks(stage: Stage, other_customer: Customer) -> None:
    ticket = stage.closed()
    for actor in (Actor(customer=other_customer), stage.actor("dimas")):
        with pytest.raises(NotAllowed):
            answer_survey(actor=actor, ticket_id=ticket.pk, score=5)
