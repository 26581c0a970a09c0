"""A supervisor's pause: who, when, how long, and what ends it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from people.actors import SWEEP, Actor
from people.models import Customer
from tests.support.public import link, words
from tests.support.stages import CLOSING, Stage, fresh
from tickets.models import Notice, Ticket
from tickets.services import (
    add_customer_message,
    answer_confirmation,
    ask_confirmation,
    hold_ticket,
    release_ticket,
    reply_to_customer,
)

pytestmark = pytest.mark.django_db
REASON = "Bank Maju menyelidiki, jangan bocor."


def soon(**span: float) -> datetime:
    return clock.now() + timedelta(**(span or {"days": 3}))


@pytest.fixture
def answered(stage: Stage) -> Ticket:
    ticket = stage.handled()
    reply_to_customer(actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Kami periksa.")
    return fresh(ticket)


@pytest.fixture
def held(stage: Stage, answered: Ticket) -> Ticket:
    hold_ticket(actor=stage.actor("sari"), ticket_id=answered.pk, reason=REASON, until=soon())
    return fresh(answered)


def kinds(ticket: Ticket) -> list[str]:
    return list(ticket.events.order_by("id").values_list("kind", flat=True))


def test_a_hold_has_a_reason_and_an_end(stage: Stage, held: Ticket) -> None:
    event = held.events.get(kind="held")
    assert event.note.text == REASON
    assert held.held_until is not None
    assert event.data == {"until": held.held_until.isoformat()}
    assert held.held_since == event.at
    assert Notice.objects.get(event=event).recipient == held.assignee


@pytest.mark.parametrize("name", ["dimas", "ayu", "farah", "leo", "admin", "sistem", "ratna"])
def test_only_those_who_direct_work_hold(stage: Stage, answered: Ticket, name: str) -> None:
    actor = stage.actor(name)
    with pytest.raises(NotAllowed):
        hold_ticket(actor=actor, ticket_id=answered.pk, reason="r", until=soon())
    with pytest.raises(NotAllowed):
        release_ticket(actor=actor, ticket_id=answered.pk)
    assert fresh(answered).held_until is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"until": None}, "until"),
        ({"until": timedelta(seconds=-1)}, "until"),
        ({"until": timedelta(days=14, hours=1)}, "until"),
        ({"until": timedelta(days=100_000)}, "until"),
    ],
)
def test_what_is_wrong_is_named(
    stage: Stage, answered: Ticket, change: dict[str, Any], field: str
) -> None:
    span = change.get("until", timedelta(days=1))
    until = clock.now() + span if span is not None else None
    with pytest.raises(InvalidInput) as refused:
        hold_ticket(
            actor=stage.actor("sari"),
            ticket_id=answered.pk,
            reason=change.get("reason", "r"),
            until=until,
        )
    assert set(refused.value.fields) == {field}
    assert fresh(answered).held_until is None


def test_before_the_first_answer_nothing_is_held(stage: Stage) -> None:
    ticket = stage.handled()
    with pytest.raises(WrongState) as refused:
        hold_ticket(actor=stage.actor("sari"), ticket_id=ticket.pk, reason="r", until=soon())
    assert refused.value.code == "no_first_response"


def test_twice_is_refused_and_keeps_the_first(stage: Stage, held: Ticket) -> None:
    with pytest.raises(WrongState):
        hold_ticket(actor=stage.actor("sari"), ticket_id=held.pk, reason="r", until=soon(days=9))
    assert fresh(held).held_until == held.held_until


def test_a_closed_ticket_is_not_held(stage: Stage) -> None:
    ticket = stage.closed()
    with pytest.raises(WrongState):
        hold_ticket(actor=stage.actor("sari"), ticket_id=ticket.pk, reason="r", until=soon())


def test_a_supervisor_ends_it_once(stage: Stage, held: Ticket) -> None:
    released = release_ticket(actor=stage.actor("sari"), ticket_id=held.pk)
    assert (released.held_since, released.held_until) == (None, None)
    assert released.events.get(kind="released").data == {"cause": "person"}
    with pytest.raises(WrongState):
        release_ticket(actor=stage.actor("sari"), ticket_id=held.pk)


def test_its_moment_ends_it_and_a_second_time_is_nothing(held: Ticket) -> None:
    for _again in range(2):
        assert release_ticket(actor=SWEEP, ticket_id=held.pk).held_until is None
    assert held.events.get(kind="released").data == {"cause": "time"}


def test_the_customers_message_ends_it_a_thanks_does_not(held: Ticket, customer: Customer) -> None:
    ratna = Actor(customer=customer)
    add_customer_message(actor=ratna, ticket_id=held.pk, body="Baik kak, terima kasih.")
    assert fresh(held).held_until == held.held_until
    add_customer_message(actor=ratna, ticket_id=held.pk, body="Tapi saldo saya berkurang lagi.")
    assert fresh(held).held_until is None
    assert held.events.get(kind="released").data == {"cause": "customer"}


def test_an_escalation_ends_it(stage: Stage, held: Ticket) -> None:
    stage.send(held)
    assert fresh(held).held_until is None
    assert kinds(held)[-2:] == ["released", "escalated"]


def test_closing_ends_it(stage: Stage, held: Ticket) -> None:
    stage.close(held)
    assert fresh(held).held_until is None
    assert kinds(held)[-2:] == ["released", "closed"]


def test_the_answer_to_our_question_ends_it(stage: Stage, held: Ticket, customer: Customer) -> None:
    ask_confirmation(actor=stage.actor("dimas"), ticket_id=held.pk, **CLOSING)
    assert fresh(held).held_until == held.held_until
    answer_confirmation(actor=Actor(customer=customer), ticket_id=held.pk, holds=False)
    assert fresh(held).held_until is None


def test_the_customer_reads_until_when_and_never_why(visitor: Any, held: Ticket) -> None:
    page = words(visitor.get(link(held)))
    assert "We are waiting for something that your ticket needs." in page
    assert REASON not in page
    release_ticket(actor=SWEEP, ticket_id=held.pk)
    assert "We go on with your ticket." in words(visitor.get(link(held)))


def test_the_database_knows_no_half_hold(held: Ticket) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=held.pk).update(held_since=None)
