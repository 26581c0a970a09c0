"""The way in by number and contact: one neutral answer, limits by address and by number."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.support.public import comparable, words
from tickets.numbers import new_number
from tickets.views.public_find import TRIES_BY_ADDRESS, TRIES_BY_NUMBER

pytestmark = pytest.mark.django_db


def ask(client: Client, number: str, contact: str, **headers: str):
    return client.post("/lacak/", {"number": number, "contact": contact}, **headers)


@pytest.mark.parametrize("shape", [str, str.lower, lambda n: n.replace("-", " "), lambda n: n[4:]])
def test_number_and_contact_open_the_ticket(visitor, file_ticket, shape):
    ticket = file_ticket()
    response = ask(visitor, shape(ticket.number), "ratna@demo.tuntas.id")
    assert response.status_code == 302
    assert words(visitor.get(response["Location"])).count(ticket.number)


def test_the_phone_number_opens_it_too(visitor, file_ticket):
    assert ask(visitor, file_ticket().number, "0812 5550 1234").status_code == 302


def test_unknown_number_wrong_contact_and_nonsense_get_the_same_answer(visitor, file_ticket):
    real = file_ticket().number
    answers = set()
    for number in (real, new_number(), "nonsense"):
        response = ask(visitor, number, "other@example.com")
        assert response.status_code == 400
        answers.add(comparable(response).replace(number, ""))
    assert len(answers) == 1


@pytest.mark.parametrize("contact", ["", " ", "@", "08", "ratna@demo.tuntas.id\x00", "x" * 300])
def test_no_shape_of_contact_opens_it(visitor, file_ticket, contact):
    assert ask(visitor, file_ticket().number, contact).status_code == 400


def test_many_tries_from_one_address_rest(visitor):
    for _try in range(TRIES_BY_ADDRESS):
        ask(visitor, new_number(), "a@example.com")
    response = ask(visitor, new_number(), "a@example.com")
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


def test_many_tries_at_one_number_rest_from_every_address(file_ticket):
    number = file_ticket().number
    for host in range(TRIES_BY_NUMBER):
        ask(Client(), number, f"a{host}@example.com", REMOTE_ADDR=f"198.51.100.{host}")
    response = ask(Client(), number, "ratna@demo.tuntas.id", REMOTE_ADDR="198.51.100.99")
    assert response.status_code == 429


def test_an_expired_form_keeps_what_was_typed():
    strict = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    response = ask(strict, "TUN-2222-2222", "wati@example.com")
    assert response.status_code == 403
    assert 'value="wati@example.com"' in response.content.decode()
