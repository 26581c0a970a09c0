"""Beats and workers come, go, double and die: each missed promise is dealt with exactly once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from people.models import User
from tests.faults.backlog import file_overdue, let_leases_run_out, overdue
from tests.faults.checker import check, check_all_alike
from tests.faults.conftest import Fleet
from tickets.models import EventKind, TicketEvent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def test_b1_two_beats_and_three_workers_escalate_each_of_500_once(
    people: dict[str, User], fleet: Fleet
) -> None:
    tickets = file_overdue(500)
    fleet.beat("beat-1"), fleet.beat("beat-2")
    for number in (1, 2, 3):
        fleet.worker(f"worker-{number}")
    fleet.wait_until(lambda: overdue() == 0)
    assert TicketEvent.objects.filter(kind=EventKind.BREACHED).count() == 500
    check()
    assert len(check_all_alike(tickets)["escalations"]) == 1


def test_b2_after_half_an_hour_without_a_beat_all_fire_once_and_the_lateness_is_on_record(
    people: dict[str, User], fleet: Fleet
) -> None:
    tickets = file_overdue(40, ago=timedelta(hours=2, minutes=30))
    fleet.worker()
    beat = fleet.beat()
    fleet.wait_until(lambda: overdue() == 0)
    beat.kill()
    tickets += file_overdue(40, ago=timedelta(hours=2, minutes=30))
    fleet.beat()
    fleet.wait_until(lambda: overdue() == 0)
    check()
    check_all_alike(tickets)
    breaches = TicketEvent.objects.filter(kind=EventKind.BREACHED)
    assert min(breaches.values_list("data__late_seconds", flat=True)) >= 30 * 60


def test_b3_a_worker_killed_in_the_middle_leaves_nothing_half_done(
    people: dict[str, User], fleet: Fleet
) -> None:
    tickets = file_overdue(250)
    doomed = fleet.worker("doomed")
    fleet.beat()
    fleet.wait_until(lambda: overdue() < 240)
    doomed.kill()
    assert overdue() > 0, "the kill came too late to prove anything"
    let_leases_run_out()
    fleet.worker("heir")
    fleet.wait_until(lambda: overdue() == 0)
    check()
    check_all_alike(tickets)


def test_long_work_keeps_no_wake_up_waiting(people: dict[str, User], fleet: Fleet) -> None:
    """The one process for everything else is busy for long; the sweep has a queue and a worker."""
    tickets = file_overdue(20)
    worker = fleet.worker("worker", "-Q", "celery", "-I", "tests.faults.poison")
    fleet.send("poison.long_work")
    fleet.wait_until(lambda: worker.says("long work has begun"))
    fleet.worker("sweeper", "-Q", "sweep")
    fleet.beat()
    fleet.wait_until(lambda: overdue() == 0)
    check()
    check_all_alike(tickets)
