"""One verb on many tickets: each by itself, each refusal with its ticket."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed
from people.models import User
from tests.support.stages import Stage, fresh
from tickets.models import TicketEvent
from tickets.services import BULK_MOST, Order, act_on_many, reply_to_customer

pytestmark = pytest.mark.django_db


def test_what_can_be_done_is_done_and_the_rest_is_told(stage: Stage) -> None:
    answered, fresh_one, closed = stage.handled(), stage.handled(), stage.closed()
    reply_to_customer(actor=stage.actor("dimas"), ticket_id=answered.pk, body="Kami periksa.")
    order = Order("hold", reason="Libur bank", until=clock.now() + timedelta(days=2))
    numbers = [answered.number, fresh_one.number, closed.number, "TUN-2222-2222", "nothing"]
    outcomes = act_on_many(actor=stage.actor("sari"), numbers=numbers, order=order)
    assert [outcome.number for outcome in outcomes] == numbers
    codes = [outcome.refusal.code if outcome.refusal else "" for outcome in outcomes]
    assert codes == ["", "no_first_response", "wrong_state", "not_found", "not_found"]
    assert fresh(answered).held_until
    assert not fresh(fresh_one).held_until


def test_everything_of_one_goes_to_another(stage: Stage, other_officer: User) -> None:
    tickets = [stage.handled(), stage.handled()]
    sari = stage.actor("sari")
    assert sari.user is not None
    order = Order("assign", assignee=sari.user)
    numbers = [ticket.number for ticket in tickets]
    for _again in range(2):
        assert all(o.done for o in act_on_many(actor=sari, numbers=numbers, order=order))
    assert {fresh(ticket).assignee for ticket in tickets} == {sari.user}
    assert TicketEvent.objects.filter(kind="assigned").count() == 2
    stranger = Order("assign", assignee=other_officer)
    refused = act_on_many(actor=sari, numbers=numbers, order=stranger)
    assert [outcome.refusal.code for outcome in refused if outcome.refusal] == ["not_allowed"] * 2


def test_a_number_typed_twice_is_one_ticket(stage: Stage) -> None:
    ticket = stage.handled()
    typed = [ticket.number, ticket.number.lower().replace("-", " "), ticket.number]
    order = Order("pull_forward", reason="r")
    outcomes = act_on_many(actor=stage.actor("sari"), numbers=typed, order=order)
    assert [(o.number, o.done) for o in outcomes] == [(ticket.number, True)]


@pytest.mark.parametrize(
    ("order", "field"),
    [
        (Order("hold", reason="r"), "until"),
        (Order("hold"), "reason"),
        (Order("pull_forward"), "reason"),
        (Order("assign"), "assignee"),
        (Order("close"), "root_cause"),
        (Order("explode"), "verb"),
    ],
)
def test_what_is_wrong_for_all_is_refused_once(stage: Stage, order: Order, field: str) -> None:
    ticket = stage.handled()
    with pytest.raises(InvalidInput) as refused:
        act_on_many(actor=stage.actor("sari"), numbers=[ticket.number], order=order)
    assert field in refused.value.fields


def test_none_and_too_many(stage: Stage) -> None:
    order, sari = Order("release"), stage.actor("sari")
    for numbers in ([], [f"TUN-X{n}" for n in range(BULK_MOST + 1)]):
        with pytest.raises(InvalidInput) as refused:
            act_on_many(actor=sari, numbers=numbers, order=order)
        assert "numbers" in refused.value.fields


@pytest.mark.parametrize("name", ["dimas", "farah", "admin", "sistem", "ratna"])
def test_others_may_not(stage: Stage, name: str) -> None:
    ticket = stage.handled()
    with pytest.raises(NotAllowed):
        act_on_many(actor=stage.actor(name), numbers=[ticket.number], order=Order("put_back"))


def test_what_there_is_no_time_for_is_told_and_done_the_next_time(stage: Stage) -> None:
    tickets = [stage.handled() for _n in range(3)]
    numbers = [ticket.number for ticket in tickets]
    sari, order = stage.actor("sari"), Order("pull_forward", reason="r")
    outcomes = act_on_many(actor=sari, numbers=numbers, order=order, within=0)
    codes = [outcome.refusal.code if outcome.refusal else "" for outcome in outcomes]
    assert codes == ["", "not_reached", "not_reached"]
    assert [fresh(ticket).expedited for ticket in tickets] == [True, False, False]
    left = [outcome.number for outcome in outcomes if not outcome.reached]
    assert all(o.done for o in act_on_many(actor=sari, numbers=left, order=order))
    assert all(fresh(ticket).expedited for ticket in tickets)
    assert TicketEvent.objects.filter(kind="pulled_forward").count() == 3
