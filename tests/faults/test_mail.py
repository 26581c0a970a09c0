"""The mail server is away, fails half way, comes back: each letter once."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from helpdesk.common import clock
from people.models import User
from sla.services import sweep
from tests.faults.backlog import file_overdue
from tests.faults.checker import check
from tests.faults.conftest import AtOnce
from tests.faults.smtp import mail_server
from tickets.models import OutgoingMail
from tickets.services import deliver_owed_mail
from tickets.services.letters import message_id

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def backend(port: int) -> BaseEmailBackend:
    return get_connection(
        "django.core.mail.backends.smtp.EmailBackend", host="127.0.0.1", port=port, timeout=10
    )


@pytest.fixture(autouse=True)
def _owed(people: dict[str, User]) -> None:
    """What ten breached tickets owe: letters to the customer, and to the desk what fits one digest."""
    file_overdue(10)
    sweep()
    check()


def messages() -> dict[str, int]:
    """Each message that all this mail went as, once. Every mail must have been sent."""
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {OutgoingMail.State.SENT}
    mails = list(OutgoingMail.objects.all())
    alone = {message_id(mail.uuid) for mail in mails if mail.template == "acknowledgement"}
    found = {message_id(mail.sent_as) for mail in mails}
    assert len(alone) == 10
    assert alone < found
    return dict.fromkeys(found, 1)


def a_day_of_tries(port: int) -> None:
    for hour in range(0, 25, 3):
        with clock.shifted(timedelta(hours=hour)):
            deliver_owed_mail(limit=1000, connection=backend(port))


def test_b28_a_day_without_a_mail_server_loses_no_letter_and_doubles_none() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        a_day_of_tries(closed.getsockname()[1])
    assert not OutgoingMail.objects.exclude(state=OutgoingMail.State.PENDING).exists()
    assert not OutgoingMail.objects.filter(last_error="").exists()
    with mail_server() as server, clock.shifted(timedelta(days=2)):
        deliver_owed_mail(limit=1000, connection=backend(server.port))
        deliver_owed_mail(limit=1000, connection=backend(server.port))
    assert server.taken == messages()


def test_b28_a_server_that_breaks_off_gets_the_rest_later() -> None:
    with mail_server() as server:
        server.breaks_after = 4
        deliver_owed_mail(limit=1000, connection=backend(server.port))
        assert len(server.taken) == 4
        server.breaks_after = None
        a_day_of_tries(server.port)
    assert server.taken == messages()


@pytest.mark.parametrize("swallowed", range(9, 11), ids=["a letter", "the digest"])
def test_b28_what_a_server_took_without_saying_so_comes_again_under_the_same_number(
    swallowed: int,
) -> None:
    """Nobody can know whether it was taken; the same Message-ID lets the reader's server drop it."""
    with mail_server() as server:
        server.breaks_after, server.swallows = swallowed, True
        deliver_owed_mail(limit=1000, connection=backend(server.port))
        taken = sum(server.taken.values())
        server.breaks_after = None
        a_day_of_tries(server.port)
    assert set(server.taken) == set(messages())
    assert sum(server.taken.values()) == len(messages()) + taken - swallowed


def test_b28_four_senders_at_once_send_each_letter_once(at_once: AtOnce) -> None:
    with mail_server() as server:
        at_once([lambda: deliver_owed_mail(limit=7, connection=backend(server.port))] * 4)
        a_day_of_tries(server.port)
    assert server.taken == messages()
