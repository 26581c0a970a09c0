"""Taking a reply back at the very instant at which it leaves: one of both, never neither or twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Event
from time import sleep
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from helpdesk.common import clock
from helpdesk.common.errors import Conflict
from people.actors import Actor
from sla.services import audit_deadlines, sweep
from tests.support.stages import Stage, fresh
from tickets.models import Draft, KeptFile, OutgoingReply
from tickets.services import (
    Written,
    add_customer_message,
    discard_draft,
    send_reply,
    send_waiting_reply,
    take_back_reply,
)
from tickets.services.drafts import drop_draft

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
AtOnce = Callable[..., list[Any]]
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32


def swept() -> None:
    with clock.shifted(timedelta(seconds=11)):
        sweep()


@pytest.mark.parametrize("round_", range(3))
def test_it_is_sent_or_a_draft_again(stage: Stage, at_once: AtOnce, round_: int) -> None:
    ticket = stage.handled()
    dimas = stage.actor("dimas")
    reply = send_reply(Written(body="Satu."), actor=dimas, ticket_id=ticket.pk, undo_seconds=10)
    which: dict[str, Any] = {"ticket_id": ticket.pk, "outgoing_id": reply.pk}
    results = at_once(
        [
            partial(take_back_reply, actor=stage.actor("dimas"), **which),
            swept,
            partial(send_waiting_reply, actor=stage.actor("dimas"), **which),
            partial(take_back_reply, actor=stage.actor("dimas"), **which),
            partial(
                add_customer_message,
                actor=Actor(customer=ticket.customer),
                ticket_id=ticket.pk,
                body="Bagaimana?",
            ),
            swept,
        ]
    )
    assert all(
        isinstance(result, Conflict) for result in results if isinstance(result, Exception)
    ), results
    sent = ticket.messages.filter(kind="reply").count()
    reply.refresh_from_db()
    assert (sent, reply.state) in ((1, "sent"), (0, "taken_back"))
    assert Draft.objects.count() == (reply.state == "taken_back")
    assert ticket.outgoing_mails.filter(template="reply").count() == sent
    assert fresh(ticket).reply_leaves_at is None
    assert list(audit_deadlines()) == []


def test_one_submission_many_times_at_once_is_one_reply(stage: Stage, at_once: AtOnce) -> None:
    ticket = stage.handled()
    written = Written(body="Satu.", submission_key="k1")
    results = at_once(
        [
            partial(
                send_reply,
                written,
                actor=stage.actor("dimas"),
                ticket_id=ticket.pk,
                undo_seconds=10,
            )
            for _time in range(6)
        ]
    )
    assert len({result.pk for result in results}) == 1
    assert OutgoingReply.objects.get().state == "waiting"
    swept()
    assert ticket.messages.filter(kind="reply").count() == 1


def test_a_draft_thrown_away_on_another_page_takes_no_file_of_the_reply(
    stage: Stage, at_once: AtOnce
) -> None:
    """The reply holds the files when the other page comes for them; it must find them gone."""
    ticket, dimas = stage.handled(), stage.actor("dimas")
    reply = send_reply(
        Written(body="Satu.", files=[SimpleUploadedFile("bukti.png", PNG, "image/png")]),
        actor=dimas,
        ticket_id=ticket.pk,
        undo_seconds=10,
    )
    take_back_reply(actor=dimas, ticket_id=ticket.pk, outgoing_id=reply.pk)
    kept, begun = KeptFile.objects.get(), Event()
    author = kept.user

    def send() -> None:
        with transaction.atomic():
            send_reply(
                Written(body="Satu.", kept=[kept.key]),
                actor=stage.actor("dimas"),
                ticket_id=ticket.pk,
                undo_seconds=0,
            )
            begun.set()
            _until_somebody_waits()
            drop_draft(author, ticket.pk, Draft.Mode.REPLY)

    def discard() -> None:
        begun.wait(timeout=20)
        discard_draft(actor=stage.actor("dimas"), number=ticket.number, mode="reply")

    at_once([send, discard])
    assert ticket.attachments.get().file.read() == PNG


def _until_somebody_waits() -> None:
    with connection.cursor() as cursor:
        for _time in range(200):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            sleep(0.02)
    raise AssertionError("nobody waits")
