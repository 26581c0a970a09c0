"""Two senders at once: one digest for one person, every letter once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections

from helpdesk.common import clock
from tests.support.smtp import mail_server
from tickets.models import OutgoingMail, TicketEvent
from tickets.services import deliver_owed_mail

pytestmark = pytest.mark.django_db(transaction=True)
SENDERS = 4


def test_four_senders_make_one_digest(file_ticket):
    ticket = file_ticket()
    OutgoingMail.objects.all().delete()
    past = clock.now() - timedelta(minutes=1)
    events = TicketEvent.objects.bulk_create(
        TicketEvent(ticket=ticket, at=past, kind="breached", actor_label="sweep")
        for _ in range(600)
    )
    # More than one sender claims at a time, and every third is a customer's letter.
    OutgoingMail.objects.bulk_create(
        OutgoingMail(
            ticket=ticket,
            event=event,
            template="notice" if place % 3 else "acknowledgement",
            recipient="lead@example.com" if place % 3 else f"{place}@example.com",
            next_try_at=past,
        )
        for place, event in enumerate(events)
    )
    start = Barrier(SENDERS)
    sent: list[int] = []

    def send(connection) -> None:
        start.wait()
        while count := deliver_owed_mail(connection=connection):
            sent.append(count)
        connections.close_all()

    with mail_server() as server:
        threads = [Thread(target=send, args=(server.connection(),)) for _ in range(SENDERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        got = Counter(message["To"] for message in server.messages)
    assert got["lead@example.com"] == 1
    assert set(got.values()) == {1}
    assert len(got) == 201
    assert sum(sent) == 600
    assert not OutgoingMail.objects.exclude(state="sent").exists()
