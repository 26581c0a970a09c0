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
    fleet.worker(host=fleet.host(wrong_by=wrong_by))
    fleet.beat()
    fleet.wait_until(lambda: overdue() == 0)
    check()
    check_all_alike(late)
    assert stories(asleep) == before
    assert_none_early()


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
@pytest.mark.parametrize("step", [HOUR, -HOUR])
def test_b18_a_step_of_the_clock_on_the_host_of_beat_and_worker_silences_nobody(
    people: dict[str, User], fleet: Fleet, step: int
) -> None:
    """What NTP does to a clock that was wrong for long, while both run and before beat starts anew."""
    host = fleet.host()
    late = file_overdue(10, ago=timedelta(hours=2, minutes=5))
    asleep = file_overdue(5, ago=timedelta(minutes=30))
    before = stories(asleep)
    fleet.worker(host=host)
    beat = fleet.beat(host=host)
    fleet.wait_until(lambda: overdue() == 0)

    host.set_clock(step)
    late += file_overdue(10, ago=timedelta(hours=2, minutes=5))
    fleet.wait_until(lambda: overdue() == 0, seconds=60)

    beat.kill()
    fleet.beat(host=host)
    late += file_overdue(10, ago=timedelta(hours=2, minutes=5))
    fleet.wait_until(lambda: overdue() == 0, seconds=60)
    check()
    check_all_alike(late)
    assert stories(asleep) == before
    assert_none_early()


def assert_none_early() -> None:
    lateness = TicketEvent.objects.filter(kind=EventKind.BREACHED).values_list(
        "data__late_seconds", flat=True
    )
    assert lateness
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
