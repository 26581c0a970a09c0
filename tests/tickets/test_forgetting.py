"""What is kept for ninety days and then no longer, and what stays of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from helpdesk.common import clock
from tests.support.stages import Stage
from tickets.models import BulkItem, BulkJob, Draft, KeptFile, OutgoingReply
from tickets.services import (
    Order,
    Written,
    forgetting,
    save_draft,
    send_reply,
    start_bulk_job,
    take_back_reply,
    work_on_bulk_jobs,
)
from tickets.tasks import forget_the_past

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32


def after(days: int) -> Any:
    return clock.shifted(timedelta(days=days))


def written() -> Written:
    return Written("Kami periksa.", files=[SimpleUploadedFile("bukti.png", PNG, "image/png")])


def tagged(stage: Stage, count: int = 3) -> BulkJob:
    ids = [stage.handled().pk for _each in range(count)]
    order = Order("tag", parts={"tags": ["vip"]})
    return start_bulk_job(actor=stage.actor("dimas"), order=order, ticket_ids=ids, confirmed=True)


def test_orders_on_many_go_with_their_rows_and_leave_what_they_did(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "BATCH", 2)
    old = tagged(stage)
    work_on_bulk_jobs()
    ticket = old.items.all()[0].ticket
    with after(89):
        assert forget_the_past() == 0
    with after(50):
        young = tagged(stage, 1)
        work_on_bulk_jobs()
    with after(91):
        assert forget_the_past() == 4
        assert forget_the_past() == 0
    assert list(BulkJob.objects.all()) == [young]
    assert BulkItem.objects.count() == 1
    assert ticket is not None
    assert ticket.events.filter(kind="tagged").exists()


def test_one_that_is_at_work_is_left_alone(stage: Stage) -> None:
    job = tagged(stage)
    with after(91):
        assert forget_the_past() == 0
        work_on_bulk_jobs()
    assert job.items.filter(state="done").count() == 3


def test_replies_that_left_are_messages_alone(stage: Stage) -> None:
    ticket, dimas = stage.handled(), stage.actor("dimas")
    send_reply(written(), actor=dimas, ticket_id=ticket.pk, undo_seconds=0)
    waiting = send_reply(written(), actor=dimas, ticket_id=ticket.pk, undo_seconds=10)
    with after(91):
        assert forget_the_past() == 1
    assert list(OutgoingReply.objects.all()) == [waiting]
    assert ticket.attachments.get().file.read() == PNG


def test_drafts_left_lying_go_with_their_files(
    stage: Stage, django_capture_on_commit_callbacks: Any
) -> None:
    ticket, other, dimas = stage.handled(), stage.handled(), stage.actor("dimas")
    reply = send_reply(written(), actor=dimas, ticket_id=ticket.pk, undo_seconds=10)
    take_back_reply(actor=dimas, ticket_id=ticket.pk, outgoing_id=reply.pk)
    stored = KeptFile.objects.get().file
    with after(60):
        save_draft(actor=dimas, number=other.number, mode="note", body="Nanti.")
    with after(91), django_capture_on_commit_callbacks(execute=True):
        assert forget_the_past() == 2
    assert Draft.objects.get().ticket == other
    assert not KeptFile.objects.exists()
    assert not stored.storage.exists(stored.name)
