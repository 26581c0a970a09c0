"""After a long outage: the urgent first, in the order of their moments, in bounded batches."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from people.models import User
from sla.models import Timer
from sla.services import sweep
from tests.faults.backlog import copies_of, file_one, overdue
from tests.faults.checker import check, check_all_alike

HOURS = {"URGENT": 3, "HIGH": 7, "MEDIUM": 25, "LOW": 49}
LATER = (0, 1, 2)
TICKETS, BATCH = 2_000, 250


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_b22_two_thousand_overdue_fire_urgent_first_each_once(people: dict[str, User]) -> None:
    groups = {
        (priority, later): copies_of(
            file_one(ago=timedelta(hours=HOURS[priority] + later), priority=priority),
            TICKETS // (len(HOURS) * len(LATER)),
        )
        for priority, later in product(HOURS, LATER)
    }
    waiting = overdue()
    assert waiting >= TICKETS
    while waiting:
        before = set(_order(Timer.State.FIRED))
        report = sweep(limit=BATCH)
        assert 0 < report.fired <= BATCH
        fired = [key for key in _order(Timer.State.FIRED) if key not in before]
        left = _order(Timer.State.ARMED)
        assert not left or max(fired) < min(left)
        waiting -= report.fired
    assert overdue() == 0
    check()
    for tickets in groups.values():
        check_all_alike(tickets)


def _order(state: str) -> list[tuple[int, object, int]]:
    """What was or is due, in the order in which it ought to fire."""
    found = Timer.objects.filter(kind="sla.first_response", state=state)
    return list(found.values_list("urgency", "due_at", "pk"))
