"""Automatic assignment while everybody comes, goes and takes the next one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from people.services import set_status
from sla.services import sweep
from sla.services.assignment_rounds import look_again
from tests.support.stages import Stage, fresh
from tickets.models import Ticket
from tickets.services import take_next
from tickets.services.profiles import set_profile, set_team_assignment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
AtOnce = Callable[..., list[Any]]


def test_four_sweeps_give_each_ticket_once_and_nobody_too_many(
    stage: Stage, people: Any, at_once: AtOnce
) -> None:
    sari, dimas = stage.actor("sari"), people["dimas"]
    set_profile(actor=sari, user_id=dimas.pk, capacity=5, skills={})
    set_team_assignment(actor=sari, team_code="cs_account", mode="load")
    made = [stage.classified() for _each in range(8)]
    at_once([sweep] * 4)
    sweep()
    assert Ticket.objects.filter(assignee=dimas).count() == 5
    assert sum(ticket.events.filter(kind="assigned").count() for ticket in made) == 5


def test_coming_going_taking_and_sweeping_at_once_lock_nobody_out(
    stage: Stage, people: Any, at_once: AtOnce
) -> None:
    sari = stage.actor("sari")
    set_team_assignment(actor=sari, team_code="cs_account", mode="load")
    made = [stage.classified() for _each in range(6)]
    dimas = stage.actor("dimas")
    acts: list[Callable[[], Any]] = [
        sweep,
        sweep,
        look_again,
        partial(take_next, actor=dimas, even_if_away=True),
        partial(take_next, actor=dimas, even_if_away=True),
        partial(set_status, actor=dimas, status="away"),
        partial(set_status, actor=dimas, status="available"),
    ]
    at_once(acts)
    set_status(actor=dimas, status="available")
    for _round in range(2):
        look_again()
        sweep()
    for ticket in made:
        after = fresh(ticket)
        assert after.assignee == people["dimas"]
        assert after.events.filter(kind__in=["assigned", "handled"]).count() in (1, 2)


def test_a_look_for_takers_hides_no_ticket_where_nobody_takes_any(
    stage: Stage, at_once: AtOnce
) -> None:
    dimas, ticket = stage.actor("dimas"), stage.classified()
    set_team_assignment(actor=stage.actor("sari"), team_code="cs_account", mode="load")
    set_status(actor=dimas, status="away")
    with transaction.atomic():
        look_again()
        (taken,) = at_once([partial(take_next, actor=dimas, even_if_away=True)])
    assert taken is not None
    assert taken.ticket.pk == ticket.pk
