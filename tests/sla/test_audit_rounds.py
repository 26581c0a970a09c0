"""The nightly check in slices: it goes on where it was, once a night, by one worker at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from helpdesk.common import clock
from helpdesk.common.alone import NotAlone, alone, still_alone
from sla.models import AuditRound, Clock
from sla.services import audit, audit_rounds
from sla.services.audit_rounds import audit_slice, night_before
from tests.concurrency.conftest import at_once
from tests.support.stages import Stage
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def tickets(stage: Stage) -> list[Ticket]:
    return [stage.classified(), stage.closed(), stage.handled(), stage.escalated()]


@pytest.fixture
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ticket a slice."""
    monkeypatch.setattr(audit, "WINDOW", 1)
    monkeypatch.setattr(audit_rounds, "SLICE_SECONDS", 0)


def spoil(ticket: Ticket) -> None:
    found = Clock.objects.get(ticket=ticket, metric="resolution")
    Clock.objects.filter(pk=found.pk).update(due_at=found.due_at + timedelta(hours=1))


def test_slices_add_up_to_a_round(tickets: list[Ticket], small_slices: None) -> None:
    spoil(tickets[2])
    seen = []
    for _slice in range(len(tickets) + 1):
        found = audit_slice()
        assert found is not None
        seen.append((found.last_ticket, found.tickets, found.ended_at is not None))
    ids = [ticket.pk for ticket in tickets]
    assert seen == [
        (ids[0], 1, False),
        (ids[1], 1, False),
        (ids[2], 2, False),
        (ids[3], 3, False),
        (ids[3], 3, True),
    ]
    stored = AuditRound.objects.get()
    assert stored.differences == len(stored.found) > 0
    assert {each["ticket"] for each in stored.found} == {tickets[2].number}
    assert audit_slice() is None


def test_what_was_left_on_a_closed_ticket_is_found_on_the_way(tickets: list[Ticket]) -> None:
    Clock.objects.filter(ticket=tickets[1], metric="resolution").update(state="running")
    found = audit_slice()
    assert found is not None
    assert [each["ticket"] for each in found.found] == [tickets[1].number]


def test_a_round_begins_each_night(tickets: list[Ticket]) -> None:
    first = audit_slice()
    assert first is not None
    assert audit_slice() is None
    with clock.shifted(timedelta(days=1)):
        second = audit_slice()
        assert second is not None
        assert second.pk != first.pk
        assert audit_slice() is None
    with clock.shifted(timedelta(days=100)):
        audit_slice()
        assert not AuditRound.objects.filter(pk=first.pk).exists()


def test_the_night_begins_at_one_in_jakarta() -> None:
    at_one = datetime(2026, 11, 30, 18, tzinfo=UTC)
    assert night_before(at_one) == at_one
    assert night_before(at_one - timedelta(seconds=1)) == at_one - timedelta(days=1)


def test_a_worker_that_dies_costs_no_more_than_its_part(
    tickets: list[Ticket], small_slices: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit_slice()

    def dies(ids: list[int]) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(audit, "_seen_twice", dies)
        with pytest.raises(KeyboardInterrupt):
            audit_slice()
    assert AuditRound.objects.get().last_ticket == tickets[0].pk
    found = audit_slice()
    assert found is not None
    assert found.last_ticket == tickets[1].pk


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_one_worker_at_a_time(stage: Stage) -> None:
    for _n in range(3):
        stage.classified()
    at_once([audit_slice] * 3)
    assert AuditRound.objects.get().tickets == 3


@pytest.mark.django_db(transaction=True)
def test_a_lost_connection_ends_the_work() -> None:
    """Django would open a new one without a word, and without the lock."""
    with alone(1) as mine:
        assert mine
        still_alone()
        connection.close()
        Ticket.objects.exists()
        with pytest.raises(NotAlone):
            still_alone()
    with pytest.raises(NotAlone):
        still_alone()
