"""The sweep among failing handlers, busy tickets and dead workers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from io import StringIO
from itertools import pairwise
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.common import clock
from helpdesk.common.versioned import forget_cached_rules
from people.models import Team
from sla import timers
from sla.models import ClockEvent, SlaPolicy, SweepPulse, SweepRun, Timer
from sla.services import disarm, sweep
from sla.services.sweep import MAX_ATTEMPTS
from tests.sla.staged_timers import Fired, all_fired, arm, fired, lock_all_but_zero
from tests.support.stages import Stage, fresh

__all__ = ["fired"]
pytestmark = pytest.mark.django_db


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
    for pk in range(1, 8):
        arm(pk)
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
    def poison(timer: Timer, row: Team, now: object) -> None:
        Timer.objects.filter(pk=timer.pk).update(last_error="half done")
        raise ValueError("broken")

    monkeypatch.setitem(timers._handlers, "test.poison", poison)
    bad = arm(1, "test.poison", overdue=60)
    for pk in range(2, 6):
        arm(pk)
    report = sweep()
    assert (report.fired, report.failed) == (4, 1)
    assert set(fired) == {2, 3, 4, 5}
    assert all_fired(2, 3, 4, 5)
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
    def disarm_on_locking(ids: Iterable[int]) -> dict[int, Team]:
        Timer.objects.filter(subject_id__in=ids).update(state=Timer.State.CANCELLED)
        return lock_all_but_zero(ids)

    monkeypatch.setitem(timers._lockers, "test", disarm_on_locking)
    arm(1)
    assert sweep().fired == 0
    assert fired == []


def test_two_timers_of_one_subject_fire_one_after_the_other(fired: Fired) -> None:
    first = arm(1, overdue=20)
    arm(2, overdue=10)
    second = arm(1, "test.poison", overdue=5)
    report = sweep()
    assert (report.fired, report.failed) == (2, 1)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("fired", "armed")


def test_the_first_of_two_may_disarm_the_second(
    fired: Fired, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        timers._handlers, "test.poison", lambda timer, row, now: disarm("test", row.pk, "test.ok")
    )
    arm(1, "test.poison", overdue=20)
    arm(1, overdue=5)
    arm(2)
    report = sweep()
    assert (report.fired, report.skipped) == (2, 1)
    assert fired == [2]


def test_a_handler_may_arm_its_own_kind_again(
    fired: Fired, monkeypatch: pytest.MonkeyPatch
) -> None:
    def again(timer: Timer, row: Team, now: datetime) -> None:
        timers.arm("test.ok", "test", row.pk, now + timedelta(hours=1), at=now)
        timers.arm("test.ok", "test", row.pk, now + timedelta(hours=2), at=now)

    monkeypatch.setitem(timers._handlers, "test.ok", again)
    arm(1)
    arm(2)
    assert sweep().fired == 2
    for pk in (1, 2):
        states = Timer.objects.filter(subject_id=pk).order_by("due_at").values_list("state")
        assert [state for (state,) in states] == ["fired", "cancelled", "armed"]


def test_a_sweep_that_finds_something_leaves_a_row_that_its_timers_name(fired: Fired) -> None:
    oldest = arm(1, overdue=60)
    arm(2)
    sweep()
    run = SweepRun.objects.get()
    assert (run.fired, run.failed, run.skipped) == (2, 0, 0)
    assert run.oldest_due_at == oldest.due_at
    assert run.ended_at
    assert set(run.timers.values_list("subject_id", flat=True)) == {1, 2}
    sweep()
    assert SweepRun.objects.count() == 1


def test_a_timer_of_no_urgency_that_is_claimed_is_refused() -> None:
    with pytest.raises(ValueError, match="urgency"):
        timers.arm("test.ok", "test", 1, clock.now(), urgency=7)


def test_a_real_ticket_that_somebody_works_on_waits(stage: Stage) -> None:
    """Locked by another connection: the sweep passes over it, the others fire."""
    ticket = stage.classified()
    assert timers.locker_of("ticket")([0, ticket.pk]) == {ticket.pk: ticket}


def test_what_is_closed_between_claim_and_lock_does_not_fire(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket, other = stage.handled(), stage.handled()
    lock = timers.locker_of("ticket")

    def close_first(ids: list[int]) -> dict[int, Any]:
        if fresh(ticket).is_open:
            stage.close(ticket)
        return lock(ids)

    monkeypatch.setitem(timers._lockers, "ticket", close_first)
    with clock.at(ticket.received_at + timedelta(hours=1, minutes=30)):
        report = sweep()
    assert (report.fired, report.failed) == (1, 0)
    assert not ticket.events.filter(kind="warned").exists()
    assert other.events.filter(kind="warned").count() == 1


def test_a_policy_changed_after_the_claim_changes_no_running_promise(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = stage.handled()
    before = SlaPolicy.in_force()
    body = {**before.body, "customer_silence_hours": 1}
    lock = timers.locker_of("ticket")

    def publish_first(ids: list[int]) -> dict[int, Any]:
        SlaPolicy.publish(body)
        forget_cached_rules()
        return lock(ids)

    monkeypatch.setitem(timers._lockers, "ticket", publish_first)
    with clock.at(ticket.received_at + timedelta(hours=2, seconds=5)):
        assert sweep(limit=1).fired == 1
    missed = ClockEvent.objects.get(ticket=ticket, kind="breached")
    begun = ClockEvent.objects.get(ticket=ticket, kind="started", metric="next_update")
    assert missed.policy_version == before.version
    assert begun.policy_version == before.version + 1


def test_a_lock_that_is_not_to_be_had_is_no_handlers_fault(
    fired: Fired, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody indexes a table: nothing is counted against the timers, and all fire afterwards."""

    def held(timer: Timer, row: Team, now: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'held' USING ERRCODE = '55P03'; END $$")

    monkeypatch.setitem(timers._handlers, "test.poison", held)
    for pk in range(1, 5):
        arm(pk, "test.poison")
    assert (sweep().skipped, Timer.objects.exclude(last_error="").count()) == (4, 0)
    assert set(Timer.objects.values_list("state", "attempts")) == {("armed", 0)}
    monkeypatch.setitem(timers._handlers, "test.poison", timers._handlers["test.ok"])
    with clock.shifted(timedelta(seconds=2)):
        assert sweep().fired == 4
