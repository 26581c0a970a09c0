"""Timers that raise, kill their process, or never end: counted, parked, and nobody else is hurt."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.common import clock
from people.models import User
from sla.models import Timer
from sla.services.sweep import MAX_ATTEMPTS
from tests.faults.backlog import file_overdue, let_leases_run_out, overdue
from tests.faults.checker import check, check_all_alike
from tests.faults.conftest import Fleet

POISONS = ("raises", "kills", "loops")


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_b23_three_kinds_of_poison_are_parked_and_their_neighbours_fire(
    people: dict[str, User], fleet: Fleet
) -> None:
    tickets = file_overdue(30)
    now = clock.now()
    for number, harm in enumerate(POISONS):
        Timer.objects.create(
            kind=f"poison.{harm}",
            subject_type="poison",
            subject_id=number,
            due_at=now - timedelta(days=1),
            urgency=0,
            armed_at=now,
        )
    fleet.worker("worker", "-I", "tests.faults.poison")

    def over() -> bool:
        let_leases_run_out()
        # The same two limits as a beat gives, sooner.
        fleet.wake("sla.tasks.sweep_deadlines", soft_time_limit=2, time_limit=5)
        return overdue() == 0

    fleet.wait_until(over)
    poison = Timer.objects.filter(subject_type="poison")
    assert poison.filter(state=Timer.State.PARKED, attempts=MAX_ATTEMPTS).count() == len(POISONS)
    assert not poison.filter(last_error="").exists()
    check(parked=len(POISONS))
    check_all_alike(tickets)
