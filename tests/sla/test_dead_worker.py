"""What a worker leaves behind that died in the middle of a batch, and in which order it comes again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from helpdesk.common import clock
from sla import timers
from sla.models import Timer
from sla.services import claims, sweep
from sla.services.sweep import LEASE, MAX_ATTEMPTS
from tests.sla.staged_timers import Fired, all_fired, arm, fired

__all__ = ["fired"]
pytestmark = pytest.mark.django_db


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
        for pk in range(2, 8):
            arm(pk)
        for times in range(MAX_ATTEMPTS):
            with clock.shifted((LEASE + timedelta(seconds=1)) * times):
                killed()
        with clock.shifted((LEASE + timedelta(seconds=1)) * MAX_ATTEMPTS):
            sweep()
        killer.refresh_from_db()
        assert (killer.state, killer.attempts) == ("parked", MAX_ATTEMPTS)
        assert "worker died" in killer.last_error
        assert all_fired(2, 3, 4, 5, 6, 7)

    def test_the_least_tried_come_first_afterwards(
        self, fired: Fired, killed: Callable[[], None]
    ) -> None:
        """Alone for the first time, the killer dies first; then it waits behind all it took along."""
        arm(1, "test.killer", overdue=60)
        for pk in range(2, 8):
            arm(pk)
        for times in range(4):
            with clock.shifted((LEASE + timedelta(seconds=1)) * times):
                killed()
        assert all_fired(2, 3, 4, 5, 6, 7)

    def test_each_death_leaves_fewer_suspects(
        self, fired: Fired, killed: Callable[[], None]
    ) -> None:
        """Of a whole batch, then of ten, then one alone."""
        killer = arm(1, "test.killer", overdue=60)
        for pk in range(2, 32):
            arm(pk)
        killed()
        assert attempts() == [1] * 31
        with clock.shifted(LEASE + timedelta(seconds=1)):
            killed()
        assert attempts() == [1] * 21 + [2] * 10
        with clock.shifted((LEASE + timedelta(seconds=1)) * 2):
            killed()
        assert attempts() == [1] * 11 + [2] * 9 + [3]
        with clock.shifted((LEASE + timedelta(seconds=1)) * 3):
            killed()
        assert attempts() == [4]
        killer.refresh_from_db()
        assert killer.state == Timer.State.ARMED

    def test_an_order_to_stop_is_no_failure_of_the_handler(
        self, fired: Fired, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class TimeIsUp(Exception):
            pass

        def loops(*_arguments: object) -> None:
            raise TimeIsUp

        monkeypatch.setitem(timers._handlers, "test.killer", loops)
        timer = arm(1, "test.killer")
        with pytest.raises(TimeIsUp):
            sweep(stopped_by=TimeIsUp)
        timer.refresh_from_db()
        assert (timer.state, timer.attempts, timer.last_error) == ("armed", 1, "")
        with clock.shifted(LEASE / 2):
            assert sweep().seen == 0
        with clock.shifted(LEASE + timedelta(seconds=1)):
            assert sweep().failed == 1


def attempts() -> list[int]:
    """Of all that have not fired."""
    armed = Timer.objects.filter(state=Timer.State.ARMED).order_by("attempts")
    return list(armed.values_list("attempts", flat=True))


def test_a_dead_workers_batch_comes_again_by_urgency_among_the_fresh(fired: Fired) -> None:
    ran_out = clock.now() - timedelta(seconds=1)
    for pk in range(1, 131):
        arm(pk, urgency=2, overdue=60)
    for pk in range(201, 226):
        arm(pk, urgency=1, attempts=1, leased_until=ran_out)
    for pk in range(301, 306):
        arm(pk, urgency=2, attempts=1, leased_until=ran_out)
    arm(401, urgency=0)
    assert sweep().fired == 161
    assert fired[0] == 401
    assert set(fired[1:26]) == set(range(201, 226))
    assert set(fired[26:31]) == set(range(301, 306))
    assert set(fired[31:]) == set(range(1, 131))


def test_what_two_sweeps_find_at_once_one_of_them_has(
    fired: Fired, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taken by another between the look and the claim: the less urgent come nevertheless."""
    taken = [
        arm(pk, attempts=1, urgency=1, leased_until=clock.now() - timedelta(seconds=1)).pk
        for pk in range(1, 15)
    ]
    arm(20)
    look = claims.tried_before

    def look_and_lose(*args: Any, **kwargs: Any) -> Any:
        found = look(*args, **kwargs)
        Timer.objects.filter(pk__in=taken).update(attempts=2)
        return found

    monkeypatch.setattr(claims, "tried_before", look_and_lose)
    assert sweep().fired == 1
    assert fired == [20]


def test_what_was_tried_before_neither_holds_up_the_fresh_nor_is_held_up(fired: Fired) -> None:
    for pk in range(1, 151):
        arm(pk, urgency=0, overdue=60)
    ran_out = clock.now() - timedelta(seconds=1)
    arm(500, urgency=3, attempts=2, leased_until=ran_out)
    arm(501, urgency=0, attempts=2, leased_until=ran_out)
    assert sweep(limit=102).fired == 102
    assert fired[-1] in range(1, 151)
    assert fired.index(501) == 100
    assert sweep().fired == 50
    assert all_fired(500, 501)
