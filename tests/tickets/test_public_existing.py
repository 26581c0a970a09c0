"""An open ticket about the same problem: shown to those who have proven it, never to a stranger."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from helpdesk.common import clock
from tests.support.public import complaint, words
from tickets.models import OutgoingMail, Ticket

pytestmark = pytest.mark.django_db
AGAIN = {"submission_key": "", "description": "Masih belum sampai juga."}


@pytest.fixture
def filed(visitor) -> Ticket:
    visitor.post("/lapor/", complaint())
    return Ticket.objects.get()


def test_the_browser_that_filed_it_is_offered_the_ticket(visitor, filed):
    response = visitor.post("/lapor/", complaint(**AGAIN))
    assert response.status_code == 409
    assert f"Open {filed.number}" in words(response)
    assert "Masih belum sampai juga." in response.content.decode()
    assert Ticket.objects.count() == 1


def test_a_stranger_who_types_the_contact_learns_neither_number_nor_words(filed):
    stranger = Client(headers={"Accept-Language": "en"})
    response = stranger.post("/lapor/", complaint(**AGAIN))
    page = response.content.decode()
    assert "There is an open ticket about this problem" in words(response)
    assert filed.number not in page
    assert "/lacak/" not in page.replace('href="/lacak/"', "")
    assert filed.description not in page
    assert Ticket.objects.count() == 1


def test_the_link_goes_to_the_contact_on_record_once_an_hour(filed):
    stranger = Client()
    with clock.shifted(timedelta(hours=2)):
        for _attempt in range(4):
            stranger.post("/lapor/", complaint(**AGAIN))
    mail = OutgoingMail.objects.get(template="existing")
    assert (mail.recipient, mail.ticket) == ("wati@example.com", filed)


def test_another_problem_becomes_another_ticket(visitor, filed):
    response = visitor.post("/lapor/", complaint(**AGAIN, even_if_open="1"))
    assert response.status_code == 302
    assert Ticket.objects.count() == 2


def test_signed_in_as_that_customer_it_is_shown(as_user, customer_user, file_ticket):
    ticket = file_ticket(order_number="INV/1")
    response = as_user(customer_user).post("/lapor/", complaint(order_number="INV/1"))
    assert f"Open {ticket.number}" in words(response)


def test_signed_in_as_somebody_else_it_is_not(as_user, seller, visitor, filed):
    client = as_user(seller)
    response = client.post("/lapor/", complaint(**AGAIN))
    assert response.status_code == 302
    assert Ticket.objects.exclude(pk=filed.pk).get().customer != filed.customer
