"""SIGKILL at every step of a sender, and a receiver that is away: no event is lost."""

from __future__ import annotations

import signal
from collections.abc import Callable
from datetime import timedelta

import pytest

from helpdesk.common import clock
from people.actors import of_user
from people.models import User
from tests.faults.programs import Programs
from tests.support.receiver import Receiver, receiver
from tickets.models import Ticket, WebhookDelivery
from tickets.webhooks import verbs
from tickets.webhooks.owing import owe_deliveries
from tickets.webhooks.sending import send_owed

__all__ = ["receiver"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
WORK = "tests.faults.deaths:webhooks_until_step"
LATER = timedelta(minutes=3)
STRIDE = 3


def test_b29_whichever_step_is_a_senders_last_each_event_arrives(
    admin: User, file_ticket: Callable[..., Ticket], programs: Programs, receiver: Receiver
) -> None:
    verbs.create_webhook(actor=of_user(admin), url=receiver.url, events=["received", "closed"])

    def ticket_and_sender(fatal: int) -> tuple[str, int, list[str]]:
        number = file_ticket().number
        program = programs.fork(f"webhooks-{fatal}", WORK, fatal)
        code = programs.launcher.wait(program.pid)
        return number, code, program.log.read_text().splitlines()

    whole, code, steps = ticket_and_sender(0)
    assert code == 0
    struck = [whole]
    past = timedelta()
    for fatal in range(1, len(steps) + 1, STRIDE):
        number, code, made = ticket_and_sender(fatal)
        # The first one of all also makes the row of how far the events are read.
        assert code == -signal.SIGKILL or len(made) < fatal, made[-3:]
        struck.append(number)
        past += LATER  # its leases run out
        with clock.shifted(past):
            owe_deliveries(patience=60)
            send_owed()
    came = [(got.document["data"]["ticket"], got.headers["webhook-id"]) for got in receiver.got]
    assert {number for number, _id in came} == set(struck)
    # Sent twice perhaps, under one id: a receiver tells it by that.
    assert len(set(came)) == len(struck)
    assert WebhookDelivery.objects.exclude(state="delivered").count() == 0


def test_two_senders_at_once_share_the_work(
    admin: User, file_ticket: Callable[..., Ticket], programs: Programs, receiver: Receiver
) -> None:
    verbs.create_webhook(actor=of_user(admin), url=receiver.url, events=["received"])
    numbers = {file_ticket().number for _time in range(6)}
    running = [programs.fork(f"sender-{place}", WORK, 0) for place in range(3)]
    assert [programs.launcher.wait(each.pid) for each in running] == [0, 0, 0]
    with clock.shifted(LATER):
        owe_deliveries(patience=60)
        send_owed()
    came = [got.document["data"]["ticket"] for got in receiver.got]
    assert sorted(came) == sorted(numbers)
