"""The sweep among failing handlers, busy tickets and dead workers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from itertools import pairwise
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.common import clock
from sla import timers
from sla.models import SweepPulse, Timer
from sla.services import sweep
from sla.services.sweep import LEASE, MAX_ATTEMPTS
from tests.support.stages import Stage

pytestmark = pytest.mark.django_db

Fired = list[int]


@pytest.fixture
def fired(monkeypatch: pytest.MonkeyPatch) -> Fired:
    """Timers of kind 'test.ok' about subject 'test'; their subjects' ids as they fire."""
    seen: Fired = []
    monkeypatch.setitem(timers._lockers, "test", lambda pk: pk or None)
    monkeypatch.setitem(timers._handlers, "test.ok", lambda timer, pk, now: seen.append(pk))
    return seen


def arm(subject: int, kind: str = "test.ok", *, overdue: float = 1, **fields: Any) -> Timer:
    now = clock.now()
    return Timer.objects.create(
        kind=kind,
        subject_type="test",
        subject_id=subject,
        due_at=now - timedelta(seconds=overdue),
        armed_at=now,
        **fields,
    )


def test_it_fires_what_is_due_and_nothing_else(fired: Fired) -> None:
    arm(1)
    arm(2, overdue=-60)
    assert sweep().fired == 1
    assert fired == [1]
    assert sweep().fired == 0


def test_the_urgent_comes_first_then_the_oldest(fired: Fired) -> None:
    arm(1, overdue=10, urgency=3)
    arm(2, overdue=5, urgency=0)
    arm(3, overdue=9, urgency=0)
    sweep()
    assert fired == [3, 2, 1]


def test_it_stops_at_its_limit(fired: Fired) -> None:
    for subject in range(1, 8):
        arm(subject)
    assert sweep(limit=3).fired == 3
    assert sweep().fired == 4


def test_nothing_due_costs_three_statements(fired: Fired) -> None:
    sweep()
    with CaptureQueriesContext(connection) as seen:
        sweep()
    assert len(seen) <= 3


def test_it_leaves_a_sign_of_life(fired: Fired) -> None:
    sweep()
    first = SweepPulse.objects.get().beat_at
    arm(1)
    sweep()
    assert SweepPulse.objects.get().beat_at > first


def test_the_command_sweeps_once(fired: Fired) -> None:
    arm(1)
    out = StringIO()
    call_command("sweep", stdout=out)
    assert "fired 1" in out.getvalue()


def test_a_poison_timer_is_retried_parked_and_holds_up_nobody(
    fired: Fired, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def poison(timer: Timer, pk: int, now: object) -> None:
        Timer.objects.filter(pk=timer.pk).update(last_error="half done")
        raise ValueError("broken")

    monkeypatch.setitem(timers._handlers, "test.poison", poison)
    bad = arm(1, "test.poison", overdue=60)
    for subject in range(2, 6):
        arm(subject)
    report = sweep()
    assert (report.fired, report.failed) == (4, 1)
    assert fired == [2, 3, 4, 5]
    waits = []
    for attempt in range(1, MAX_ATTEMPTS + 1):
        bad.refresh_from_db()
        assert bad.attempts == attempt
        assert bad.last_error == "ValueError: broken"
        if attempt == MAX_ATTEMPTS:
            break
        assert bad.leased_until
        waits.append(bad.leased_until)
        with clock.at(bad.leased_until - timedelta(seconds=1)):
            assert sweep().failed == 0
        with clock.at(bad.leased_until):
            assert sweep().failed == 1
    assert bad.state == Timer.State.PARKED
    gaps = [later - earlier for earlier, later in pairwise(waits)]
    assert gaps == sorted(gaps)
    assert "timer parked" in caplog.text
    with clock.shifted(timedelta(days=1)):
        assert sweep().seen == 0


def test_an_unknown_kind_is_parked_not_lost(fired: Fired) -> None:
    timer = arm(1, "test.nobody")
    for days in range(MAX_ATTEMPTS):
        with clock.shifted(timedelta(days=days)):
            sweep()
    timer.refresh_from_db()
    assert (timer.state, timer.attempts) == ("parked", MAX_ATTEMPTS)
    assert "KeyError" in timer.last_error


def test_a_busy_subject_is_left_alone_and_tried_soon_again(fired: Fired) -> None:
    busy = arm(0)
    arm(2)
    report = sweep()
    assert (report.fired, report.skipped) == (1, 1)
    busy.refresh_from_db()
    assert (busy.state, busy.attempts) == ("armed", 0)
    assert busy.leased_until
    assert busy.leased_until < clock.now() + timedelta(seconds=2)


def test_what_is_disarmed_after_the_claim_does_not_fire(
    fired: Fired, monkeypatch: pytest.MonkeyPatch
) -> None:
    def disarm_on_locking(pk: int) -> int:
        Timer.objects.filter(subject_id=pk).update(state=Timer.State.CANCELLED)
        return pk

    monkeypatch.setitem(timers._lockers, "test", disarm_on_locking)
    arm(1)
    assert sweep().fired == 0
    assert fired == []


def dies(*_args: object) -> None:
    """What SIGKILL looks like from inside: nothing after it runs, not even an except clause."""
    raise KeyboardInterrupt


class TestDeadWorker:
    @pytest.fixture
    def killed(self, fired: Fired, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
        monkeypatch.setitem(timers._handlers, "test.killer", dies)

        def sweep_until_killed() -> None:
            with pytest.raises(KeyboardInterrupt):
                sweep()

        return sweep_until_killed

    def test_its_lease_is_respected_then_taken_over(
        self, fired: Fired, killed: Callable[[], None]
    ) -> None:
        killer = arm(1, "test.killer", overdue=60)
        arm(2)
        killed()
        with clock.shifted(LEASE - timedelta(seconds=5)):
            assert sweep().seen == 0
        Timer.objects.filter(pk=killer.pk).update(state="cancelled")
        with clock.shifted(LEASE + timedelta(seconds=1)):
            assert sweep().fired == 1
        assert fired == [2]

    def test_a_timer_that_kills_each_worker_is_parked_and_takes_no_neighbour_along(
        self, fired: Fired, killed: Callable[[], None]
    ) -> None:
        killer = arm(1, "test.killer", overdue=60)
        for subject in range(2, 8):
            arm(subject)
        for times in range(MAX_ATTEMPTS):
            with clock.shifted((LEASE + timedelta(seconds=1)) * times):
                killed()
        with clock.shifted((LEASE + timedelta(seconds=1)) * MAX_ATTEMPTS):
            sweep()
        killer.refresh_from_db()
        assert killer.state == "parked"
        assert "worker died" in killer.last_error
        assert fired == [2, 3, 4, 5, 6, 7]


def test_a_real_ticket_that_somebody_works_on_waits(stage: Stage) -> None:
    """Locked by another connection: the sweep passes over it, the others fire."""
    from sla.handlers import lock_ticket_unless_busy

    ticket = stage.classified()
    assert lock_ticket_unless_busy(ticket.pk) == ticket
    assert lock_ticket_unless_busy(0) is None
