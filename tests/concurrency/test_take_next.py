"""Everybody takes the next one at the same instant."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from helpdesk.common.errors import WrongState
from people.models import OrganisationProfile, organisation
from people.services import set_status
from tests.support.stages import Stage
from tickets.models import Ticket
from tickets.services import Taken, take_next

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
AtOnce = Callable[..., list[Any]]


def _take(stage: Stage, *names: str) -> list[Callable[[], Any]]:
    return [partial(take_next, actor=stage.actor(name)) for name in names]


def test_eight_at_once_get_eight_tickets(stage: Stage, at_once: AtOnce) -> None:
    made = [stage.classified() for _each in range(8)]
    results = at_once(_take(stage, *["dimas", "sari"] * 4))
    assert all(isinstance(result, Taken) for result in results), results
    assert {result.ticket.pk for result in results} == {ticket.pk for ticket in made}
    handled = [ticket.events.filter(kind="handled").count() for ticket in made]
    assert handled == [1] * 8


def test_of_eight_who_want_the_last_three_five_get_none(stage: Stage, at_once: AtOnce) -> None:
    for _each in range(3):
        stage.classified()
    results = at_once(_take(stage, *["dimas", "sari"] * 4))
    assert sum(isinstance(result, Taken) for result in results) == 3
    assert results.count(None) == 5


def test_a_hurried_hand_does_not_get_past_the_limit(stage: Stage, at_once: AtOnce) -> None:
    OrganisationProfile.publish(organisation() | {"assignment": {"most_open_per_person": 2}})
    for _each in range(6):
        stage.classified()
    results = at_once(_take(stage, *["dimas"] * 6))
    assert sum(isinstance(result, Taken) for result in results) == 2
    assert sum(isinstance(result, WrongState) for result in results) == 4
    assert Ticket.objects.filter(assignee=stage.actor("dimas").user).count() == 2


def test_going_away_and_taking_at_once_have_one_order(stage: Stage, at_once: AtOnce) -> None:
    for _each in range(4):
        stage.classified()
    away = partial(set_status, actor=stage.actor("dimas"), status="away")
    results = at_once([*_take(stage, "dimas", "dimas"), away])
    taken = sum(isinstance(result, Taken) for result in results)
    refused = [result.code for result in results if isinstance(result, WrongState)]
    assert taken + len(refused) == 2
    assert set(refused) <= {"not_available"}
