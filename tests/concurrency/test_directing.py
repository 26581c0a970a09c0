"""Holds, releases and bulk orders that meet at one instant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from helpdesk.common import clock
from helpdesk.common.errors import Refusal
from people.actors import SWEEP, Actor
from people.models import Customer
from tests.support.stages import Stage, fresh
from tickets.models import Ticket
from tickets.services import (
    Order,
    act_on_many,
    add_customer_message,
    hold_ticket,
    mark_reply_needed,
    release_ticket,
    reply_to_customer,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
AtOnce = Callable[..., list[Any]]


@pytest.fixture
def answered(stage: Stage) -> Ticket:
    ticket = stage.handled()
    reply_to_customer(
        actor=stage.actor("dimas"),
        ticket_id=ticket.pk,
        body="Kami periksa.",
        wait_for_customer=True,
    )
    return fresh(ticket)


def count(ticket: Ticket, kind: str) -> int:
    return ticket.events.filter(kind=kind).count()


def test_of_many_holds_one_is_made(stage: Stage, answered: Ticket, at_once: AtOnce) -> None:
    until = clock.now() + timedelta(days=1)
    holds = [
        partial(
            hold_ticket, actor=stage.actor("sari"), ticket_id=answered.pk, reason="r", until=until
        )
        for _n in range(6)
    ]
    results = at_once(holds)
    assert sum(not isinstance(result, Refusal) for result in results) == 1
    assert count(answered, "held") == 1


def test_whatever_ends_a_hold_first_it_ends_once(
    stage: Stage, answered: Ticket, customer: Customer, at_once: AtOnce
) -> None:
    until = clock.now() + timedelta(days=1)
    hold_ticket(actor=stage.actor("sari"), ticket_id=answered.pk, reason="r", until=until)
    at_once(
        [
            partial(release_ticket, actor=SWEEP, ticket_id=answered.pk),
            partial(release_ticket, actor=stage.actor("sari"), ticket_id=answered.pk),
            partial(
                add_customer_message,
                actor=Actor(customer=customer),
                ticket_id=answered.pk,
                body="Saldo saya berkurang lagi.",
            ),
            partial(stage.send, answered),
        ]
    )
    assert count(answered, "released") == 1
    assert fresh(answered).held_until is None


def test_a_customer_insists_once(answered: Ticket, customer: Customer, at_once: AtOnce) -> None:
    ratna = Actor(customer=customer)
    add_customer_message(actor=ratna, ticket_id=answered.pk, body="Terima kasih")
    insist = partial(mark_reply_needed, actor=ratna, ticket_id=answered.pk)
    results = at_once([insist] * 5)
    assert sum(not isinstance(result, Refusal) for result in results) == 1
    assert count(answered, "reply_needed") == 1


def test_two_bulk_orders_in_opposite_order_do_not_wait_for_each_other(
    stage: Stage, at_once: AtOnce
) -> None:
    numbers = [stage.handled().number for _n in range(4)]
    order = Order("pull_forward", reason="r")
    sari = stage.actor("sari")
    results = at_once(
        [
            partial(act_on_many, actor=sari, numbers=numbers, order=order),
            partial(act_on_many, actor=sari, numbers=numbers[::-1], order=order),
        ]
    )
    done = [outcome.number for outcomes in results for outcome in outcomes if outcome.done]
    assert sorted(done) == sorted(numbers)
