"""Several workers sweep, one of them dies: every missed promise is dealt with exactly once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count

from escalation.models import Escalation
from helpdesk.common import clock, writes
from people.models import User
from sla.models import ClockEvent, SweepRun, Timer
from sla.services import audit_deadlines, sweep
from tests.concurrency.backlog import file_overdue
from tickets.models import Notice, OutgoingMail, Ticket, TicketEvent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 4
TICKETS = 2_000
Worker = subprocess.Popen[bytes]


@pytest.fixture
def workers() -> Iterator[list[Worker]]:
    """Processes of their own, as in production; they find the test's database in DATABASE_URL."""
    command = [sys.executable, "manage.py", "sweep", "--every", "0.2", "--lease", "8"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "helpdesk.settings_test"}
    started = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        for _number in range(WORKERS)
    ]
    yield started
    for worker in started:
        worker.kill()
        worker.wait()


def overdue() -> int:
    return Timer.objects.filter(state=Timer.State.ARMED, due_at__lte=clock.now()).count()


def wait_until(done: Callable[[], bool], *, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, f"still {overdue()} timers after {seconds} s"
        time.sleep(0.1)


def test_four_workers_and_one_killed_half_way_escalate_each_ticket_once(
    people: dict[str, User], workers: list[Worker]
) -> None:
    file_overdue(TICKETS, now=clock.now())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    wait_until(lambda: overdue() <= TICKETS // 2, seconds=150)
    workers[0].send_signal(signal.SIGKILL)
    workers[0].wait()
    assert overdue() > 0, "the kill came too late to prove anything"
    wait_until(lambda: overdue() == 0, seconds=150)
    # A killed worker's last timer may have been committed by nobody but it.
    check_each_exactly_once(TICKETS)
    assert all(worker.poll() is None for worker in workers[1:]), "a worker died by itself"


def test_two_sweeps_at_once_share_the_work(
    people: dict[str, User], at_once: Callable[..., list[Any]]
) -> None:
    file_overdue(60, now=clock.now())
    reports = at_once([sweep, sweep, sweep])
    reports.append(sweep())
    assert sum(report.fired for report in reports) == 60
    assert sum(report.failed for report in reports) == 0
    check_each_exactly_once(60)


def test_sweeps_that_claim_timers_of_the_same_tickets_do_not_wait_for_each_other(
    people: dict[str, User], at_once: Callable[..., list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two promises of each ticket are overdue; small batches mix them among four sweeps."""
    monkeypatch.setattr(sys.modules[sweep.__module__], "BATCH", 7)
    tickets = file_overdue(40, now=clock.now(), ago=timedelta(hours=25))
    reports = at_once([sweep] * 4)
    wait_until(lambda: not sweep().seen and not overdue(), seconds=20)
    assert sum(report.failed for report in reports) == 0
    for metric in ("first_response", "resolution"):
        missed = ClockEvent.objects.filter(kind="breached", metric=metric)
        assert sorted(missed.values_list("ticket_id", flat=True)) == sorted(tickets)
    assert not Timer.objects.exclude(last_error="").exists()
    assert Ticket.objects.filter(team__code="operations").count() == 40
    assert list(audit_deadlines()) == []


def test_the_batch_of_a_sweep_that_dies_is_undone_and_then_done_once(
    people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after its last write and before its commit: as late as a death can come."""
    file_overdue(20, now=clock.now())
    child = os.fork()
    if not child:
        connection.connection = None  # the parent's; it must not be used nor closed here
        writes.Gathering.write = die_after(writes.Gathering.write)  # type: ignore[method-assign]
        sweep(lease=timedelta(seconds=2))
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert overdue() == 20
    assert TicketEvent.objects.filter(kind="breached").count() == 0
    assert set(Timer.objects.filter(attempts=1).values_list("state", flat=True)) == {"armed"}
    wait_until(lambda: not sweep().seen and not overdue(), seconds=20)
    check_each_exactly_once(20)
    died = SweepRun.objects.order_by("id")[0]
    assert died.ended_at is None


def die_after(write: Callable[[Any], None]) -> Callable[[Any], None]:
    def write_and_die(gathering: Any) -> None:
        write(gathering)
        os.kill(os.getpid(), signal.SIGKILL)

    return write_and_die


def check_each_exactly_once(count: int) -> None:
    assert Ticket.objects.filter(state="escalated", team__code="fraud").count() == count
    fired = Timer.objects.filter(kind="sla.first_response")
    assert set(fired.values_list("state", flat=True)) == {"fired"}
    assert fired.count() == count
    assert not Timer.objects.exclude(last_error="").exists()
    for kind in ("breached", "escalated"):
        per_ticket = TicketEvent.objects.filter(kind=kind).values("ticket").annotate(n=Count("pk"))
        assert [row["n"] for row in per_ticket] == [1] * count, kind
    escalations = Escalation.objects.values("ticket").annotate(n=Count("pk"))
    assert [row["n"] for row in escalations] == [1] * count
    # The squad's lead hears of the breach, the specialist of the escalation: once each.
    told = Notice.objects.values("recipient__email").annotate(n=Count("pk"))
    assert {row["recipient__email"]: row["n"] for row in told} == {
        "sari@demo.tuntas.id": count,
        "farah@demo.tuntas.id": count,
    }
    assert OutgoingMail.objects.filter(template="escalation").count() == count
    assert list(audit_deadlines()) == []


def test_a_locked_ticket_holds_up_nobody_and_is_not_forgotten(people: dict[str, User]) -> None:
    import psycopg2

    tickets = file_overdue(20, now=clock.now())
    parameters = connection.get_connection_params()
    parameters.pop("cursor_factory", None)
    parameters.pop("context", None)
    other = psycopg2.connect(**parameters)
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT 1 FROM tickets_ticket WHERE id = %s FOR UPDATE", [tickets[7]])
            report = sweep()
        assert (report.fired, report.failed) == (19, 0)
        assert report.skipped >= 1
        assert Ticket.objects.get(pk=tickets[7]).state == "classified"
        other.rollback()
    finally:
        other.close()
    wait_until(lambda: sweep().fired == 1, seconds=5)
    check_each_exactly_once(20)
