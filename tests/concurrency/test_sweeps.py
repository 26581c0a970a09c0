"""Several sweeps at once share the work; what faults do to them is in tests/faults."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from people.models import User
from sla.models import ClockEvent
from sla.services import sweep
from tests.faults.backlog import drain, file_overdue
from tests.faults.checker import check, check_all_alike
from tickets.models import Ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
AtOnce = Callable[..., list[Any]]


def test_two_sweeps_at_once_share_the_work(people: dict[str, User], at_once: AtOnce) -> None:
    tickets = file_overdue(60)
    reports = at_once([sweep, sweep, sweep])
    reports.append(sweep())
    assert sum(report.fired for report in reports) == 60
    assert sum(report.failed for report in reports) == 0
    check()
    check_all_alike(tickets)


def test_sweeps_that_claim_timers_of_the_same_tickets_do_not_wait_for_each_other(
    people: dict[str, User], at_once: AtOnce, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two promises of each ticket are overdue; small batches mix them among four sweeps."""
    monkeypatch.setattr(sys.modules[sweep.__module__], "BATCH", 7)
    tickets = file_overdue(40, ago=timedelta(hours=25))
    reports = at_once([sweep] * 4)
    drain(sweep)
    assert sum(report.failed for report in reports) == 0
    for metric in ("first_response", "resolution"):
        missed = ClockEvent.objects.filter(kind="breached", metric=metric)
        assert sorted(missed.values_list("ticket_id", flat=True)) == sorted(tickets)
    assert Ticket.objects.filter(team__code="operations").count() == 40
    check()
