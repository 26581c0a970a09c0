"""Redis loses everything, or is away: wake-ups are lost, work is not."""

from __future__ import annotations

import signal

import pytest
import redis
from kombu import Connection

from helpdesk.celery import PERIODIC, app
from helpdesk.embedded import processes
from helpdesk.embedded.valkey import Valkey
from people.models import User
from sla.services import sweep
from tests.faults.backlog import file_overdue, overdue
from tests.faults.checker import check, check_all_alike
from tests.faults.conftest import Fleet
from tickets.models import OutgoingMail
from tickets.services import deliver_owed_mail

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def test_b7_two_hundred_wake_ups_lost_with_the_broker_are_not_missed(
    people: dict[str, User], valkey: Valkey, fleet: Fleet
) -> None:
    tickets = file_overdue(100)
    broker = redis.Redis.from_url(valkey.url)
    with Connection(fleet.broker) as line:
        for _number in range(100):
            for name in ("sla.tasks.sweep_deadlines", "tickets.tasks.deliver_mail"):
                app.send_task(name, connection=line)
    assert [broker.llen(queue.name) for queue in app.conf.task_queues] == [100, 100]
    broker.flushall()
    # Two wake-ups of the beat later:
    for _beat in range(2):
        sweep()
        deliver_owed_mail(limit=1000)
    check()
    check_all_alike(tickets)
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {"sent"}


def test_b7_beat_and_worker_find_a_broker_again_that_was_killed(
    people: dict[str, User], valkey: Valkey, fleet: Fleet
) -> None:
    tickets = file_overdue(60)
    fleet.worker()
    fleet.beat()
    fleet.wait_until(lambda: overdue() < 60)
    pid = valkey.pid()
    assert pid
    assert processes.end(pid, signal.SIGKILL, within=5)
    tickets += file_overdue(20)
    valkey.ensure()
    fleet.wait_until(lambda: overdue() == 0)
    check()
    check_all_alike(tickets)


def test_every_wake_up_is_free_of_content() -> None:
    """What may be lost with the broker must carry nothing."""
    for entry in app.conf.beat_schedule.values():
        assert not entry.get("args")
        assert not entry.get("kwargs")
    assert len(PERIODIC) == len(app.conf.beat_schedule)
