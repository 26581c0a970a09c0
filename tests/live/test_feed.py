"""No event is passed over because its transaction was still under way when others were read."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections, transaction

from desk.live.feed import Feed
from people.actors import of_user
from people.models import User
from tests.cast import FileTicket
from tickets.models import Ticket
from tickets.services import add_internal_note

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_event_whose_transaction_is_the_newest_is_waited_for(
    file_ticket: FileTicket, officer: User
) -> None:
    ticket = file_ticket()
    written, may_commit = threading.Event(), threading.Event()

    def notes(ticket: Ticket) -> None:
        try:
            with transaction.atomic():
                add_internal_note(actor=of_user(officer), ticket_id=ticket.pk, body="Sebentar.")
                written.set()
                assert may_commit.wait(30)
        finally:
            connections.close_all()

    feed = Feed()
    feed.read()
    writer = threading.Thread(target=notes, args=[ticket])
    writer.start()
    assert written.wait(30)
    # Each look could take the mark for settled: nothing else has ended since the writer began.
    assert [feed.read() for _look in range(4)] == [[]] * 4
    may_commit.set()
    writer.join(30)
    assert not connection.in_atomic_block
    assert [event.kind for event in feed.read()] == ["noted"]
    assert feed.read() == []
