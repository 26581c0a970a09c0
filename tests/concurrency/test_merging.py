"""Merges that cross each other, and whatever else happens to the same tickets."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from helpdesk.common.errors import Refusal
from people.actors import Actor
from people.models import Customer
from sla.services import audit_deadlines, sweep
from tests.support.stages import CLOSING, Stage, fresh
from tickets.models import OutgoingMail, TicketLink
from tickets.services import (
    add_customer_message,
    close_ticket,
    handle_ticket,
    merge_tickets,
    undo_merge,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
AtOnce = Callable[..., list[Any]]


def check_no_circle() -> None:
    merged = TicketLink.objects.filter(kind="merged_into").select_related(
        "from_ticket", "to_ticket"
    )
    sources = {link.from_ticket_id for link in merged}
    for link in merged:
        assert link.from_ticket.state == "closed"
        assert link.to_ticket_id not in sources
    assert list(audit_deadlines()) == []


def test_each_into_the_other_at_once_leaves_one(stage: Stage, at_once: AtOnce) -> None:
    for _round in range(3):
        one, two = stage.handled(), stage.handled()
        merge = partial(merge_tickets, actor=stage.actor("dimas"))
        results = at_once(
            [
                partial(merge, ticket_id=one.pk, numbers=[two.number]),
                partial(merge, ticket_id=two.pk, numbers=[one.number]),
            ]
        )
        refused = [result for result in results if isinstance(result, Refusal)]
        assert [refusal.code for refusal in refused] == ["target_merged"]
        assert {fresh(one).is_open, fresh(two).is_open} == {True, False}
        check_no_circle()


def test_four_merge_the_same_ticket_and_one_does(stage: Stage, at_once: AtOnce) -> None:
    double, targets = stage.classified(), [stage.handled() for _each in range(4)]
    results = at_once(
        [
            partial(
                merge_tickets,
                actor=stage.actor(name),
                ticket_id=target.pk,
                numbers=[double.number],
            )
            for name, target in zip(("dimas", "sari", "hendra", "dimas"), targets, strict=True)
        ]
    )
    codes = [result.code for result in results if isinstance(result, Refusal)]
    assert codes == ["already_merged"] * 3
    assert double.events.filter(kind="merged").count() == 1
    assert OutgoingMail.objects.filter(template="merged").count() == 1
    check_no_circle()


def test_a_merge_and_the_rest_of_the_desk_meet_no_error(
    stage: Stage, customer: Customer, at_once: AtOnce
) -> None:
    dimas, sari = stage.actor("dimas"), stage.actor("sari")
    for _round in range(3):
        target, double = stage.handled(), stage.classified()
        results = at_once(
            [
                partial(merge_tickets, actor=dimas, ticket_id=target.pk, numbers=[double.number]),
                partial(undo_merge, actor=sari, ticket_id=double.pk),
                partial(handle_ticket, actor=sari, ticket_id=double.pk),
                partial(
                    add_customer_message,
                    actor=Actor(customer=customer),
                    ticket_id=double.pk,
                    body="Ada kabar?",
                ),
                partial(
                    close_ticket,
                    actor=sari,
                    ticket_id=target.pk,
                    confirmation="confirmed",
                    **CLOSING,
                ),
                sweep,
            ]
        )
        assert any(not isinstance(result, Refusal) for result in results)
        check_no_circle()
