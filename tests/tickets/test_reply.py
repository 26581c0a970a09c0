"""Answering the customer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, WrongState
from people.actors import Actor
from sla.services import audit_deadlines
from tests.support.stages import CLOSING, Stage, fresh
from tickets.models import Ticket
from tickets.selectors import newest_message
from tickets.services import (
    add_customer_message,
    add_internal_note,
    ask_confirmation,
    reply_to_customer,
)

pytestmark = pytest.mark.django_db

WORDS = "Terima kasih, kami periksa sekarang."
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32


def metrics(ticket: Ticket) -> dict[str, str]:
    return {clock.metric: clock.state for clock in ticket.clocks.order_by("id")}


def test_it_takes_on_a_classified_ticket_and_stops_the_first_response(stage: Stage) -> None:
    ticket = stage.classified()
    with clock.shifted(timedelta(minutes=10)):
        message = reply_to_customer(actor=stage.actor("dimas"), ticket_id=ticket.pk, body=WORDS)
    after = fresh(ticket)
    assert (after.state, after.assignee) == ("handled", stage.actor("dimas").user)
    assert after.first_response_at == message.sent_at
    assert metrics(after) == {
        "first_response": "met",
        "resolution": "running",
        "next_update": "running",
    }
    assert after.next_due_at == message.sent_at + timedelta(hours=24) or (
        after.next_due_kind == "resolution"
    )
    event = after.events.last()
    assert (event.kind, event.data["first"], event.data["waiting"]) == ("replied", True, False)
    mail = after.outgoing_mails.get(template="reply")
    assert (mail.event, mail.recipient) == (event, after.customer.email)
    assert list(audit_deadlines()) == []


def test_a_second_reply_renews_the_next_update(stage: Stage) -> None:
    ticket = stage.handled()
    reply_to_customer(actor=stage.actor("dimas"), ticket_id=ticket.pk, body=WORDS)
    with clock.shifted(timedelta(hours=3)):
        second = reply_to_customer(actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Lagi.")
    updates = ticket.clocks.filter(metric="next_update").order_by("id")
    assert [c.state for c in updates] == ["met", "running"]
    assert updates[1].due_at == second.sent_at + timedelta(hours=24)
    assert fresh(ticket).first_response_at < second.sent_at


def test_waiting_for_the_customer_pauses_the_resolution_alone(stage: Stage) -> None:
    ticket = stage.handled()
    reply_to_customer(
        actor=stage.actor("dimas"),
        ticket_id=ticket.pk,
        body="Mohon fotonya.",
        wait_for_customer=True,
    )
    after = fresh(ticket)
    assert after.waiting_for_customer_since
    assert metrics(after) == {"first_response": "met", "resolution": "paused"}
    assert after.next_due_at is None
    assert list(audit_deadlines()) == []


def test_a_reply_during_an_open_question_leaves_the_ball_with_the_customer(stage: Stage) -> None:
    ticket = stage.handled()
    ask_confirmation(actor=stage.actor("dimas"), ticket_id=ticket.pk, **CLOSING)
    reply_to_customer(actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Mohon jawabannya.")
    after = fresh(ticket)
    assert after.waiting_for_customer_since
    assert metrics(after)["resolution"] == "paused"
    assert list(audit_deadlines()) == []


def test_the_same_submission_is_one_reply_with_one_mail(stage: Stage) -> None:
    ticket = stage.handled()
    both = [
        reply_to_customer(
            actor=stage.actor("dimas"),
            ticket_id=ticket.pk,
            body=WORDS,
            submission_key="k1",
            expected_version=ticket.version,
        )
        for _time in range(2)
    ]
    assert both[0] == both[1]
    assert fresh(ticket).outgoing_mails.filter(template="reply").count() == 1


def test_the_same_key_with_other_words_is_a_conflict(stage: Stage) -> None:
    ticket = stage.handled()
    dimas = stage.actor("dimas")
    reply_to_customer(actor=dimas, ticket_id=ticket.pk, body=WORDS, submission_key="k1")
    with pytest.raises(Conflict):
        reply_to_customer(actor=dimas, ticket_id=ticket.pk, body="Lain.", submission_key="k1")


def test_an_old_version_is_a_conflict_and_nothing_is_kept(stage: Stage) -> None:
    ticket = stage.handled()
    reply_to_customer(actor=stage.actor("sari"), ticket_id=ticket.pk, body="Sebentar.")
    with pytest.raises(Conflict):
        reply_to_customer(
            actor=stage.actor("dimas"),
            ticket_id=ticket.pk,
            body=WORDS,
            expected_version=ticket.version,
        )
    assert [m.body for m in ticket.messages.filter(kind="reply")] == ["Sebentar."]


def test_a_reply_stops_before_it_crosses_anothers(stage: Stage) -> None:
    ticket = stage.handled()
    seen = newest_message(ticket)
    answer = {"actor": stage.actor("dimas"), "ticket_id": ticket.pk, "body": WORDS}
    add_internal_note(actor=stage.actor("sari"), ticket_id=ticket.pk, body="Catatan saja.")
    reply_to_customer(**answer, seen=seen)  # a note crosses nothing
    reply_to_customer(**answer, seen=seen)  # nor does one's own reply
    between = reply_to_customer(actor=stage.actor("sari"), ticket_id=ticket.pk, body="Sebentar.")
    with pytest.raises(Conflict) as stopped:
        reply_to_customer(**answer, seen=seen)
    assert stopped.value.code == "reply_crossed"
    assert ticket.messages.filter(body=WORDS).count() == 2
    reply_to_customer(**answer, seen=between.pk)
    assert ticket.messages.filter(body=WORDS).count() == 3


def test_a_reply_stops_before_it_crosses_the_customers_words(stage: Stage) -> None:
    ticket = stage.handled()
    seen = newest_message(ticket)
    wrote = Actor(customer=ticket.customer)
    add_customer_message(actor=wrote, ticket_id=ticket.pk, body="Sudah saya bayar.")
    with pytest.raises(Conflict):
        reply_to_customer(
            actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Silakan bayar.", seen=seen
        )


def test_the_same_submission_again_crosses_nothing(stage: Stage) -> None:
    ticket = stage.handled()
    seen = newest_message(ticket)
    answer = {"actor": stage.actor("dimas"), "ticket_id": ticket.pk, "body": WORDS}
    first = reply_to_customer(**answer, seen=seen, submission_key="k1")
    reply_to_customer(actor=stage.actor("sari"), ticket_id=ticket.pk, body="Sebentar.")
    assert reply_to_customer(**answer, seen=seen, submission_key="k1") == first


def test_legal_never_talks_to_the_customer(stage: Stage) -> None:
    ticket = stage.escalated(to="legal")
    with pytest.raises(NotAllowed):
        reply_to_customer(actor=stage.actor("leo"), ticket_id=ticket.pk, body=WORDS)
    assert reply_to_customer(actor=stage.actor("dimas"), ticket_id=ticket.pk, body=WORDS)


def test_a_specialist_answers_while_the_ticket_is_theirs(stage: Stage) -> None:
    ticket = stage.escalated()
    reply_to_customer(actor=stage.actor("farah"), ticket_id=ticket.pk, body=WORDS)
    after = fresh(ticket)
    assert (after.state, after.first_response_at is not None) == ("escalated", True)


def test_secrets_in_a_reply_are_masked(stage: Stage) -> None:
    ticket = stage.handled()
    message = reply_to_customer(
        actor=stage.actor("dimas"), ticket_id=ticket.pk, body="PIN Anda 482913 sudah diganti."
    )
    assert "482913" not in message.body
    assert message.masked == ["pin"]


def test_a_file_goes_with_it(stage: Stage, settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = str(tmp_path)  # type: ignore[attr-defined]
    ticket = stage.handled()
    message = reply_to_customer(
        actor=stage.actor("dimas"),
        ticket_id=ticket.pk,
        body=WORDS,
        files=[SimpleUploadedFile("bukti.png", PNG)],
    )
    assert message.attachments.get().name == "bukti.png"
    assert fresh(ticket).events.last().data["files"] == 1


@pytest.mark.parametrize("body", ["", " \n ", "\u200b", "a\x00"])
def test_empty_or_broken_words_are_refused(stage: Stage, body: str) -> None:
    ticket = stage.handled()
    with pytest.raises(InvalidInput) as refused:
        reply_to_customer(actor=stage.actor("dimas"), ticket_id=ticket.pk, body=body)
    assert "body" in refused.value.fields
    assert fresh(ticket).version == ticket.version


def test_a_closed_ticket_takes_no_reply(stage: Stage) -> None:
    ticket = stage.closed()
    with pytest.raises(WrongState):
        reply_to_customer(actor=stage.actor("dimas"), ticket_id=ticket.pk, body=WORDS)
