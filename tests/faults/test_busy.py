"""A ticket that somebody holds while its moment passes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import psycopg2
import pytest
from django.db import connection, connections, transaction

from helpdesk.common import clock
from helpdesk.common.errors import Refusal
from helpdesk.embedded.processes import wait_until
from people.models import User
from sla.models import Metric
from sla.services import audit_deadlines, sweep
from tests.faults.backlog import drain, file_overdue, overdue
from tests.faults.checker import check, check_all_alike
from tests.faults.conftest import AtOnce
from tests.support.stages import Stage, fresh
from tickets.models import EventKind, Ticket
from tickets.services import reply_to_customer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
LIMIT = 30


@contextmanager
def another_session() -> Iterator[Any]:
    parameters = connection.get_connection_params()
    link = psycopg2.connect(
        **{
            name: parameters[name]
            for name in parameters
            if name not in ("cursor_factory", "context")
        }
    )
    try:
        yield link
    finally:
        link.close()


def test_b15_a_locked_ticket_holds_up_nobody_and_fires_at_the_next_sweep(
    people: dict[str, User],
) -> None:
    tickets = file_overdue(100)
    with another_session() as other, other.cursor() as cursor:
        cursor.execute("SELECT 1 FROM tickets_ticket WHERE id = %s FOR UPDATE", [tickets[7]])
        report = sweep()
        assert (report.fired, report.failed) == (99, 0)
        assert overdue() == 1
        assert Ticket.objects.get(pk=tickets[7]).state == "classified"
    drain(sweep)
    check()
    check_all_alike(tickets)


def test_b15_a_forgotten_transaction_is_ended_by_the_database(people: dict[str, User]) -> None:
    with connection.cursor() as cursor:
        for limit in ("idle_in_transaction_session_timeout", "statement_timeout", "lock_timeout"):
            cursor.execute(f"SELECT setting::int FROM pg_settings WHERE name = '{limit}'")
            assert 0 < cursor.fetchone()[0] <= 60_000, limit
    tickets = file_overdue(3)
    with another_session() as forgotten, forgotten.cursor() as cursor:
        cursor.execute("SET idle_in_transaction_session_timeout = '100ms'")
        forgotten.commit()
        cursor.execute("SELECT 1 FROM tickets_ticket WHERE id = %s FOR UPDATE", [tickets[1]])
        assert wait_until(lambda: not _sessions_idle_in_transaction(), 20)
        drain(sweep)
    check()
    check_all_alike(tickets)


def _sessions_idle_in_transaction() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND state = 'idle in transaction'"
        )
        count: int = cursor.fetchone()[0]
        return count


def _somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


class Due:
    """One ticket at the very instant at which its first response is due."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.ticket = stage, stage.handled()
        self.first = self.ticket.clocks.get(metric=Metric.FIRST_RESPONSE)
        # The warnings are over; what stands is the deadline.
        with clock.at(self.at - timedelta(seconds=1)):
            drain(sweep)

    @property
    def at(self) -> datetime:
        moment: datetime = self.first.due_at
        return moment

    def reply(self) -> None:
        reply_to_customer(
            actor=self.stage.actor("dimas"), ticket_id=self.ticket.pk, body="Kami cek sekarang."
        )

    def breaches(self) -> int:
        return self.ticket.events.filter(kind=EventKind.BREACHED).count()

    def state(self) -> str:
        self.first.refresh_from_db()
        return str(self.first.state)


@pytest.fixture
def due(stage: Stage) -> Due:
    return Due(stage)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


def test_b17_a_reply_at_the_due_instant_that_commits_first_is_in_time(
    due: Due, pool: ThreadPoolExecutor
) -> None:
    replied, may_commit = Event(), Event()

    def reply() -> None:
        try:
            with transaction.atomic():
                due.reply()
                replied.set()
                assert may_commit.wait(LIMIT)
        finally:
            connections.close_all()

    with clock.at(due.at):
        writing = pool.submit(reply)
        assert replied.wait(LIMIT)
        assert sweep().fired == 0
        may_commit.set()
        writing.result(LIMIT)
        drain(sweep)
    assert (due.state(), due.breaches(), due.first.met_at) == ("met", 0, due.at)
    assert due.ticket.escalations.count() == 0
    with clock.at(due.at):
        check()


def test_b17_a_reply_at_the_due_instant_that_comes_after_the_sweep_is_late(
    due: Due, pool: ThreadPoolExecutor
) -> None:
    missed, may_commit = Event(), Event()

    def sweep_slowly() -> int:
        def pause(execute: Any, sql: str, *rest: Any) -> Any:
            if sql.startswith('INSERT INTO "escalation_escalation"'):
                missed.set()
                assert may_commit.wait(LIMIT)
            return execute(sql, *rest)

        try:
            with connection.execute_wrapper(pause):
                return sweep().fired
        finally:
            connections.close_all()

    def reply() -> None:
        try:
            due.reply()
        finally:
            connections.close_all()

    with clock.at(due.at):
        sweeping = pool.submit(sweep_slowly)
        assert missed.wait(LIMIT)
        writing = pool.submit(reply)
        assert wait_until(_somebody_waits_for_a_lock, LIMIT)
        may_commit.set()
        assert sweeping.result(LIMIT) == 1
        writing.result(LIMIT)
        drain(sweep)
    assert (due.state(), due.breaches(), due.first.met_at) == ("breached", 1, due.at)
    assert fresh(due.ticket).events.filter(kind=EventKind.REPLIED).count() == 1
    with clock.at(due.at):
        check()


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1)])
def test_b17_a_reply_at_the_due_instant_and_a_sweep_at_once_agree(
    stage: Stage, at_once: AtOnce, late: timedelta
) -> None:
    """Answered by the deadline and committed first, it is kept; else missed; never both, never twice."""
    for _round in range(6):
        ticket = stage.handled()
        with clock.at(ticket.received_at + timedelta(hours=2) + late):
            reply, report = at_once(
                [
                    lambda pk=ticket.pk: reply_to_customer(
                        actor=stage.actor("dimas"), ticket_id=pk, body="Kami cek."
                    ),
                    sweep,
                ]
            )
            assert not isinstance(reply, Refusal)
            assert report.failed == 0
            # Whatever the sweep passed over because the officer was at it.
            with clock.shifted(timedelta(0)):
                sweep()
        first = ticket.clocks.get(metric="first_response")
        missed = ticket.events.filter(kind="breached", data__metric="first_response").count()
        assert first.met_at is not None
        assert missed == (first.state == "breached") == (first.breached_at is not None)
        if late:
            assert missed == 1
        assert ticket.escalations.count() == missed
        assert list(audit_deadlines()) == []
