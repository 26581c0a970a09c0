"""One ticket is one problem: what is split off, since when it counts, who is told, what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, Refusal
from people.actors import Actor
from sla.models import Clock
from sla.services import audit_deadlines, sweep
from tests.support.public import PNG
from tests.support.stages import Stage, fresh
from tickets.models import Message, OutgoingMail, Ticket, TicketLink
from tickets.selectors import conversation
from tickets.services import (
    add_customer_message,
    add_internal_note,
    handle_ticket,
    merge_into,
    reply_to_customer,
    split_ticket,
)

pytestmark = pytest.mark.django_db
PARCEL = "Satu lagi, paket saya INV/20261117/9 belum sampai padahal sudah seminggu."


@pytest.fixture
def ticket(stage: Stage) -> Ticket:
    return stage.handled()


def says(ticket: Ticket, body: str = PARCEL, **more: Any) -> Message:
    customer = Actor(customer=ticket.customer)
    return add_customer_message(actor=customer, ticket_id=ticket.pk, body=body, **more)


def split(stage: Stage, ticket: Ticket, *messages: Message, by: str = "dimas", **more: Any) -> Any:
    chosen = [message.pk for message in messages]
    return split_ticket(actor=stage.actor(by), ticket_id=ticket.pk, messages=chosen, **more)


def test_the_words_become_a_ticket_and_stay_where_they_are(stage: Stage, ticket: Ticket) -> None:
    files = [SimpleUploadedFile("resi.png", PNG)]
    said = says(ticket, files=files)
    made = split(stage, ticket, said, reason="Dua masalah.")
    assert (made.customer, made.channel, made.language) == (
        ticket.customer,
        ticket.channel,
        ticket.language,
    )
    assert made.category != ticket.category
    assert made.team.code == "cs_order"
    assert made.subject.startswith("Satu lagi, paket saya")
    (copy,) = made.messages.all()
    assert (copy.body, copy.sent_at, copy.kind) == (said.body, said.sent_at, "customer")
    old, new = said.attachments.get(), copy.attachments.get()
    assert (new.name, new.sha256) == (old.name, old.sha256)
    assert new.file.name != old.file.name
    old.file.delete(save=False)
    assert new.file.open().read() == PNG
    assert said.pk in conversation(ticket, internal=False).values_list("pk", flat=True)
    link = TicketLink.objects.get(kind="split_from")
    assert (link.from_ticket, link.to_ticket) == (made, ticket)
    told = ticket.events.get(kind="split")
    assert told.data == {"ticket": made.pk, "number": made.number, "messages": [said.pk]}
    assert told.note.text == "Dua masalah."
    assert made.events.get(kind="split_off").data["number"] == ticket.number
    classified = made.events.get(kind="classified")
    assert classified.classification.reasons


def test_it_counts_from_when_the_customer_wrote_the_first_words(
    stage: Stage, ticket: Ticket
) -> None:
    said = says(ticket)
    with clock.shifted(timedelta(hours=3)):
        made = split(stage, ticket, said)
    assert made.received_at == said.sent_at
    clocks = {each.metric: each for each in Clock.objects.filter(ticket=made)}
    assert set(clocks) == {"first_response", "resolution"}
    assert {each.started_at for each in clocks.values()} == {said.sent_at}
    assert list(audit_deadlines()) == []


def test_an_answer_among_them_is_its_first_response(stage: Stage, ticket: Ticket) -> None:
    said = says(ticket)
    with clock.shifted(timedelta(minutes=30)):
        reply = reply_to_customer(
            actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Paket kami lacak."
        )
    with clock.shifted(timedelta(hours=9)):
        later = says(ticket, "Bagaimana paketnya?")
        made = split(stage, ticket, said, reply, later)
        assert fresh(made).first_response_at == reply.sent_at
        first = Clock.objects.get(ticket=made, metric="first_response")
        assert first.state == "met"
        assert list(audit_deadlines()) == []
        sweep()
        assert not made.events.filter(kind="breached").exists()
        assert list(audit_deadlines()) == []
    kinds = list(made.events.order_by("id").values_list("kind", flat=True))
    assert kinds == ["received", "classified", "replied", "customer_wrote", "split_off"]
    assert OutgoingMail.objects.filter(ticket=made, template="reply").count() == 0


def test_what_alerts_a_team_does_so_from_the_split_words(stage: Stage) -> None:
    ticket = stage.classified(description="Paket saya belum sampai.", subject="Paket")
    handle_ticket(actor=stage.actor("sari"), ticket_id=ticket.pk)
    said = says(ticket, "Akun saya juga dibobol orang, saldo dicuri, email diganti!")
    with clock.shifted(timedelta(minutes=20)):
        reply = reply_to_customer(
            actor=stage.actor("sari"), ticket_id=ticket.pk, body="Kami amankan."
        )
    with clock.shifted(timedelta(minutes=40)):
        made = split(stage, ticket, said, reply, by="sari")
        assert made.events.filter(kind="alerted").exists()
        assert list(audit_deadlines()) == []


def test_the_customer_is_told_once_by_letter(stage: Stage, ticket: Ticket) -> None:
    said = says(ticket)
    OutgoingMail.objects.all().delete()
    made = split(stage, ticket, said, subject="Paket belum sampai")
    mail = OutgoingMail.objects.get()
    assert (mail.template, mail.ticket, mail.recipient) == ("split", made, made.customer.email)
    assert made.subject == "Paket belum sampai"


def test_one_message_may_tell_of_two_problems(stage: Stage, ticket: Ticket) -> None:
    first = ticket.messages.get()
    made = split(stage, ticket, first)
    assert made.messages.get().body == first.body
    assert fresh(ticket).is_open


def test_notes_go_along_and_stay_internal(stage: Stage, ticket: Ticket) -> None:
    said = says(ticket)
    note = add_internal_note(actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Kurir lambat.")
    made = split(stage, ticket, said, note)
    assert conversation(made, internal=False).count() == 1
    assert conversation(made, internal=True).count() == 2


def test_what_was_merged_in_can_be_split_off_again(stage: Stage, ticket: Ticket) -> None:
    double = stage.classified(description=PARCEL, order_number="")
    merge_into(actor=stage.actor("sari"), ticket_id=double.pk, number=ticket.number)
    made = split(stage, ticket, double.messages.get())
    assert made.description == PARCEL
    assert TicketLink.objects.get(kind="split_from").to_ticket == ticket


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        ([], "no_message"),
        (["note"], "no_customer_words"),
        (["reply", "note"], "no_customer_words"),
        (["said", "foreign"], "unknown_message"),
        (range(1, 102), "too_many"),
    ],
)
def test_what_is_refused(stage: Stage, ticket: Ticket, chosen: Any, code: str) -> None:
    act = {"actor": stage.actor("dimas"), "ticket_id": ticket.pk}
    there = {
        "said": says(ticket).pk,
        "note": add_internal_note(**act, body="Catatan").pk,
        "reply": reply_to_customer(**act, body="Kami periksa.").pk,
        "foreign": stage.classified().messages.get().pk,
    }
    ids = [there.get(each, each) for each in chosen]
    before = Ticket.objects.count()
    with pytest.raises(InvalidInput) as refusal:
        split_ticket(**act, messages=ids)
    assert refusal.value.code == code
    assert "messages" in refusal.value.fields
    assert Ticket.objects.count() == before


def test_the_very_same_messages_are_not_split_twice(stage: Stage, ticket: Ticket) -> None:
    said, more = says(ticket), says(ticket, "Dan kurirnya marah-marah.")
    made = split(stage, ticket, said)
    with pytest.raises(Refusal) as refusal:
        split(stage, ticket, said)
    assert refusal.value.code == "already_split"
    assert made.number in str(refusal.value)
    assert split(stage, ticket, said, more).messages.count() == 2


def test_a_closed_a_merged_and_a_foreign_ticket_are_left_alone(
    stage: Stage, ticket: Ticket
) -> None:
    said = says(ticket)
    with pytest.raises(NotAllowed):
        split(stage, ticket, said, by="ayu")
    with pytest.raises(NotAllowed):
        split(stage, ticket, said, by="farah")
    with pytest.raises(Conflict):
        split(stage, ticket, said, expected_version=ticket.version)
    merge_into(actor=stage.actor("dimas"), ticket_id=ticket.pk, number=stage.classified().number)
    with pytest.raises(Refusal) as refusal:
        split(stage, ticket, said)
    assert refusal.value.code == "merged"
    closed = stage.closed()
    with pytest.raises(Refusal) as refusal:
        split(stage, closed, closed.messages.get())
    assert refusal.value.code == "wrong_state"
