"""The page of a ticket: whole to its customer, silent about what is internal."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.core import signing

from helpdesk.common import clock
from people.actors import Actor
from tests.support.public import link, picture, words
from tickets.models import Attachment
from tickets.services import (
    add_customer_message,
    add_internal_note,
    ask_confirmation,
    reply_to_customer,
)
from tickets.tracking import MAX_AGE_SECONDS, SALT

pytestmark = pytest.mark.django_db
CANARY = "kenari-catatan-rahasia"


def test_the_page_tells_number_promise_stages_and_words(visitor, stage):
    ticket = stage.handled()
    page = words(visitor.get(link(ticket)))
    for expected in (ticket.number, ticket.subject[:20], "At the latest", "Handled", "by Dimas"):
        assert expected in page
    assert "Pratama" not in page


def test_headers_keep_the_link_to_itself(visitor, file_ticket):
    response = visitor.get(link(file_ticket()))
    assert "no-store" in response["Cache-Control"]
    # Not 'no-referrer': with it browsers send 'Origin: null' and every form of the page fails.
    assert response["Referrer-Policy"] == "strict-origin"
    assert "noindex" in response["X-Robots-Tag"]


@pytest.mark.parametrize("verb", ["", "balas", "konfirmasi", "buka-lagi", "survei"])
def test_forged_and_expired_links_get_one_neutral_answer(visitor, file_ticket, verb):
    ticket = file_ticket()
    forged = signing.dumps(ticket.pk, salt="another")
    good = link(ticket, verb)
    pages = [
        visitor.get(good.replace(good.split("/")[2], token))
        for token in (forged, "abc", "MQ:1:x", "%00", "ü")
    ]
    assert {response.status_code for response in pages} == {404}
    assert "This link does not work any more" in words(pages[0])
    assert ticket.number not in "".join(words(page) for page in pages)


def test_a_link_expires(visitor, file_ticket, monkeypatch):
    ticket = file_ticket()
    age = {"last minute": MAX_AGE_SECONDS - 60, "too old": MAX_AGE_SECONDS + 60}
    status = {}
    for name, seconds in age.items():
        with monkeypatch.context() as earlier:
            made = time.time() - seconds
            earlier.setattr("time.time", lambda made=made: made)
            token = signing.TimestampSigner(salt=SALT).sign_object(ticket.pk)
        status[name] = visitor.get(f"/lacak/{token}/").status_code
    assert status == {"last minute": 200, "too old": 404}


def test_notes_and_their_files_stay_inside(visitor, stage):
    ticket = stage.monitored()
    note = add_internal_note(
        actor=stage.actor("farah"),
        ticket_id=ticket.pk,
        body=CANARY,
        files=[picture(f"{CANARY}.png")],
    )
    page = visitor.get(link(ticket)).content.decode()
    assert CANARY not in page
    key = note.attachments.get().key
    assert visitor.get(f"{link(ticket)}lampiran/{key}/").status_code == 404


def test_files_are_downloads_of_this_ticket_alone(visitor, file_ticket, customer):
    ticket, other = file_ticket(), file_ticket()
    message = add_customer_message(
        actor=Actor(customer=customer), ticket_id=ticket.pk, body="ini buktinya", files=[picture()]
    )
    key = message.attachments.get().key
    assert f"lampiran/{key}/" in visitor.get(link(ticket)).content.decode()
    response = visitor.get(f"{link(ticket)}lampiran/{key}/")
    assert response.status_code == 200
    assert response["Content-Disposition"] == 'attachment; filename="bukti.png"'
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert visitor.get(f"{link(other)}lampiran/{key}/").status_code == 404
    assert visitor.get(f"/lacak/abc/lampiran/{key}/").status_code == 404


def test_a_lost_file_is_missing_not_a_crash(visitor, file_ticket, customer):
    ticket = file_ticket(files=[picture()])
    attachment = Attachment.objects.get()
    attachment.file.storage.delete(attachment.file.name)
    assert visitor.get(f"{link(ticket)}lampiran/{attachment.key}/").status_code == 404


def test_the_turn_is_the_customers_after_a_question(visitor, stage):
    ticket = stage.handled()
    reply_to_customer(
        actor=stage.actor("dimas"),
        ticket_id=ticket.pk,
        body="Mohon kirim KTP.",
        wait_for_customer=True,
    )
    assert "We are waiting for your answer" in words(visitor.get(link(ticket)))


def test_late_news_is_said_to_be_late(visitor, file_ticket):
    ticket = file_ticket()
    with clock.shifted(timedelta(hours=3)):
        assert "Our news for you is late" in words(visitor.get(link(ticket)))


def test_the_proposed_solution_is_shown_and_the_root_cause_is_not(visitor, stage):
    ticket = stage.handled()
    ask_confirmation(
        actor=stage.actor("dimas"),
        ticket_id=ticket.pk,
        root_cause=CANARY,
        solution="Saldo kembali.",
    )
    page = words(visitor.get(link(ticket)))
    assert "Saldo kembali." in page
    assert "Is your problem solved?" in page
    assert CANARY not in page


def test_the_name_on_record_is_not_told_to_whoever_typed_the_contact(
    visitor, file_ticket, customer
):
    page = words(visitor.get(link(file_ticket())))
    assert customer.name not in page
    assert customer.email not in page


def test_queries_do_not_grow_with_the_conversation(
    visitor, stage, customer, django_assert_max_num_queries
):
    ticket = stage.handled()
    for number in range(12):
        add_customer_message(
            actor=Actor(customer=customer),
            ticket_id=ticket.pk,
            body=f"pesan {number}",
            files=[picture()],
        )
        reply_to_customer(actor=stage.actor("dimas"), ticket_id=ticket.pk, body=f"jawab {number}")
    with django_assert_max_num_queries(14):
        assert visitor.get(link(ticket)).status_code == 200
