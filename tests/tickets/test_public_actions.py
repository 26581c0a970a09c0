"""What the customer does by the link: works, wrong state, repeated, and nothing typed is lost."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.support.public import KEY, link, picture, words
from tests.support.stages import CLOSING, fresh
from tickets.models import Message, SatisfactionSurvey
from tickets.services import ask_confirmation

pytestmark = pytest.mark.django_db
SAID = {"body": "Ini tambahan dari saya.", "submission_key": KEY}


@pytest.fixture
def asked(stage):
    ticket = stage.handled()
    ask_confirmation(actor=stage.actor("dimas"), ticket_id=ticket.pk, **CLOSING)
    return fresh(ticket)


def test_a_message_is_added_once_with_its_files(visitor, file_ticket):
    ticket = file_ticket()
    for _again in range(2):
        response = visitor.post(link(ticket, "balas"), {**SAID, "files": [picture()]}, follow=True)
    said = ticket.messages.get(submission_key=f"web:{KEY}")
    assert (said.kind, said.attachments.count()) == (Message.Kind.CUSTOMER, 1)
    assert "Your message is sent." in words(response)


def test_a_secret_in_a_message_is_masked_and_told(visitor, file_ticket):
    ticket = file_ticket()
    response = visitor.post(link(ticket, "balas"), {"body": "PIN saya 123456"}, follow=True)
    assert "was masked" in words(response)
    assert "123456" not in response.content.decode()


def test_an_empty_message_is_refused_beside_the_field(visitor, file_ticket):
    response = visitor.post(link(file_ticket(), "balas"), {"body": " "})
    assert response.status_code == 400
    assert "Write something first." in words(response)


def test_a_message_on_a_closed_ticket_is_refused_and_kept_to_copy(visitor, stage):
    ticket = stage.closed()
    response = visitor.post(link(ticket, "balas"), SAID)
    assert response.status_code == 409
    assert SAID["body"] in words(response)
    assert not ticket.messages.filter(body=SAID["body"]).exists()


@pytest.mark.parametrize(("answer", "confirmation"), [("yes", "confirmed"), ("no", "disputed")])
def test_the_question_is_answered(visitor, asked, answer, confirmation):
    visitor.post(link(asked, "konfirmasi"), {"holds": answer, "words": "begitu"})
    assert asked.closing_forms.get().confirmation == confirmation
    assert asked.events.last().kind == confirmation
    again = visitor.post(link(asked, "konfirmasi"), {"holds": answer, "words": "lagi"})
    assert again.status_code == 409
    assert "lagi" in words(again)


def test_no_answer_is_no_answer(visitor, asked):
    response = visitor.post(link(asked, "konfirmasi"), {"holds": "maybe"})
    assert response.status_code == 400
    assert fresh(asked).confirmation_asked_at


def test_nothing_asked_nothing_confirmed(visitor, file_ticket):
    assert visitor.post(link(file_ticket(), "konfirmasi"), {"holds": "yes"}).status_code == 409


def test_closed_it_can_be_opened_again_with_a_reason(visitor, stage):
    ticket = stage.closed()
    assert "Open the ticket again" in words(visitor.get(link(ticket)))
    assert visitor.post(link(ticket, "buka-lagi"), {"reason": ""}).status_code == 400
    response = visitor.post(link(ticket, "buka-lagi"), {"reason": "Masih dibobol"}, follow=True)
    assert fresh(ticket).state == "handled"
    assert "You opened the ticket again." in words(response)
    assert visitor.post(link(ticket, "buka-lagi"), {"reason": "Masih"}).status_code == 409


def test_after_the_window_it_cannot(visitor, stage):
    from datetime import timedelta

    from helpdesk.common import clock

    ticket = stage.closed()
    with clock.shifted(timedelta(days=8)):
        assert "The time to open it again has passed" in words(visitor.get(link(ticket)))
        response = visitor.post(link(ticket, "buka-lagi"), {"reason": "Masih dibobol"})
    assert response.status_code == 409
    assert fresh(ticket).state == "closed"


def test_the_mark_can_be_changed_for_some_days(visitor, stage):
    from datetime import timedelta

    from helpdesk.common import clock

    ticket = stage.closed()
    assert visitor.post(link(ticket, "survei"), {"score": "9"}).status_code == 400
    visitor.post(link(ticket, "survei"), {"score": "4", "comment": "cepat"})
    assert "You gave our help 4 of 5" in words(visitor.get(link(ticket)))
    assert visitor.post(link(ticket, "survei"), {"score": "3"}).status_code == 302
    with clock.shifted(timedelta(days=8)):
        assert visitor.post(link(ticket, "survei"), {"score": "1"}).status_code == 409
    assert SatisfactionSurvey.objects.get().score == 3


def test_an_open_ticket_has_no_survey(visitor, file_ticket):
    assert visitor.post(link(file_ticket(), "survei"), {"score": "4"}).status_code == 409


@pytest.mark.parametrize("verb", ["balas", "konfirmasi", "buka-lagi", "survei"])
def test_looking_never_does_anything(visitor, stage, verb):
    ticket = stage.closed()
    response = visitor.get(link(ticket, verb), {"reason": "x", "score": "5", "body": "x"})
    assert response.status_code == 302
    assert (fresh(ticket).version, ticket.events.count()) == (ticket.version, ticket.events.count())


def test_ids_in_the_body_are_not_believed(visitor, file_ticket, other_customer):
    from people.actors import Actor

    mine = file_ticket()
    foreign = file_ticket(actor=Actor(customer=other_customer))
    visitor.post(
        link(mine, "balas"),
        {**SAID, "ticket": foreign.pk, "ticket_id": foreign.pk, "customer": other_customer.pk},
    )
    assert foreign.messages.count() == 1
    assert mine.messages.last().customer == mine.customer


@pytest.mark.parametrize("verb", ["balas", "konfirmasi", "buka-lagi", "survei"])
def test_an_expired_form_does_nothing_and_keeps_the_words(stage, verb):
    ticket = stage.closed()
    strict = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    typed = "kata yang sudah saya ketik"
    body = {"body": typed, "words": typed, "reason": typed, "comment": typed, "score": "3"}
    response = strict.post(link(ticket, verb), body)
    assert response.status_code == 403
    assert typed in response.content.decode()
    assert fresh(ticket).state == "closed"
