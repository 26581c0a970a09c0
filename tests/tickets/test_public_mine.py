from __future__ import annotations

import pytest

from people.actors import Actor
from tests.support.public import words
from tickets.views.public_mine import PAGE

pytestmark = pytest.mark.django_db


def test_my_tickets_and_nobody_elses(as_user, customer_user, file_ticket, other_customer):
    mine, foreign = file_ticket(), file_ticket(actor=Actor(customer=other_customer))
    page = words(as_user(customer_user).get("/tiket-saya/"))
    assert mine.number in page
    assert foreign.number not in page


def test_older_ones_follow(as_user, customer_user, file_ticket):
    tickets = [file_ticket() for _number in range(PAGE + 1)]
    client = as_user(customer_user)
    first = words(client.get("/tiket-saya/"))
    assert tickets[-1].number in first
    assert tickets[0].number not in first
    assert tickets[0].number in words(client.get("/tiket-saya/", {"before": tickets[1].pk}))


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "\x00", "²"])
def test_nonsense_shows_the_first_page(as_user, customer_user, file_ticket, before):
    ticket = file_ticket()
    assert ticket.number in words(as_user(customer_user).get("/tiket-saya/", {"before": before}))


def test_a_stranger_is_asked_to_sign_in(visitor, db):
    response = visitor.get("/tiket-saya/")
    assert response["Location"] == "/masuk/?next=/tiket-saya/"


def test_the_desk_has_its_own_pages(as_user, officer):
    assert as_user(officer).get("/tiket-saya/").status_code == 403
