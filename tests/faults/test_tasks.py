"""Every periodic task run twice, and twice at once: the second run changes nothing."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from helpdesk.celery import PERIODIC, app
from helpdesk.common import clock
from people.models import User
from sla.services import sweep
from tests.faults.backlog import drain, file_overdue, let_leases_run_out
from tests.faults.checker import check, stories
from tests.faults.conftest import AtOnce
from tickets.models import OutgoingMail
from tickets.services.letters import message_id

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


@pytest.fixture(autouse=True, scope="module")
def _known_tasks() -> None:
    app.loader.import_default_modules()


def run(name: str) -> Any:
    return app.tasks[name]()


def sent() -> Counter[str]:
    return Counter(message.extra_headers["Message-ID"] for message in mail.outbox)


@pytest.mark.parametrize("name", sorted({task for task, *_rest in PERIODIC.values()}))
def test_b6_a_task_that_runs_twice_and_twice_at_once_works_once(
    people: dict[str, User], at_once: AtOnce, name: str
) -> None:
    tickets = file_overdue(12, ago=timedelta(hours=3))
    at_once([lambda: run(name)] * 2)
    # What one of the two had locked, the other passed over for a second.
    let_leases_run_out()
    run(name)
    done, letters = stories(tickets), sent()
    run(name)
    at_once([lambda: run(name)] * 2)
    assert stories(tickets) == done
    assert sent() == letters
    assert set(letters.values()) <= {1}


def test_b6_all_tasks_at_once_leave_a_whole_record(
    people: dict[str, User], at_once: AtOnce
) -> None:
    file_overdue(12)
    names = [task for task, *_rest in PERIODIC.values()] * 2
    at_once([lambda name=name: run(name) for name in names])
    drain(sweep)
    for name in names:
        run(name)
    check()
    with clock.shifted(timedelta(minutes=10)):  # a second digest rests after the first
        run("tickets.tasks.deliver_mail")
    mails = OutgoingMail.objects.all()
    assert sent() == dict.fromkeys({message_id(mail.sent_as) for mail in mails}, 1)
    assert {mail.state for mail in mails} == {OutgoingMail.State.SENT}
