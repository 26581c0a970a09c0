"""Clocks that are wrong: a worker's, and the database's own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.common import clock
from people.models import User
from sla.models import Timer
from sla.services import sweep
from tests.faults.backlog import file_overdue, overdue
from tests.faults.checker import check, check_all_alike, stories
from tests.faults.conftest import Fleet
from tickets.models import EventKind, TicketEvent

HOUR = 3600


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
@pytest.mark.parametrize("wrong_by", [HOUR, -HOUR])
def test_b18_a_worker_whose_clock_is_an_hour_off_misses_nothing_and_is_never_early(
    people: dict[str, User], fleet: Fleet, wrong_by: int
) -> None:
    late = file_overdue(20, ago=timedelta(hours=2, minutes=5))
    asleep = file_overdue(5, ago=timedelta(minutes=30))
    before = stories(asleep)
    fleet.worker(clock_wrong_by=wrong_by)
    fleet.beat()
    fleet.wait_until(lambda: overdue() == 0)
    check()
    check_all_alike(late)
    assert stories(asleep) == before
    lateness = TicketEvent.objects.filter(kind=EventKind.BREACHED).values_list(
        "data__late_seconds", flat=True
    )
    assert all(0 <= seconds < HOUR for seconds in lateness)


@pytest.mark.django_db(transaction=True)
def test_b19_a_database_clock_that_steps_back_undoes_and_doubles_nothing(
    people: dict[str, User],
) -> None:
    tickets = file_overdue(10)
    sweep()
    done = stories(tickets)
    fired = set(Timer.objects.filter(state=Timer.State.FIRED).values_list("pk", "fired_at"))
    with clock.shifted(timedelta(minutes=-10)):
        assert sweep().seen == 0
    assert sweep().seen == 0
    assert stories(tickets) == done
    assert fired == set(Timer.objects.filter(state=Timer.State.FIRED).values_list("pk", "fired_at"))
    check()
