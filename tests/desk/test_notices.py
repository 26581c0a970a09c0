from __future__ import annotations

import pytest

from people.actors import Actor, of_user
from tickets.models import Notice
from tickets.services import add_customer_message, handle_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(officer, file_ticket):
    """A ticket of Dimas on which the customer has just written."""
    ticket = file_ticket()
    handle_ticket(actor=of_user(officer), ticket_id=ticket.pk)
    add_customer_message(actor=Actor(customer=ticket.customer), ticket_id=ticket.pk, body="halo?")
    return ticket


def test_news_are_listed_until_read(desk, officer, answered):
    page = desk.get("/pemberitahuan/").content.decode()
    assert answered.number in page
    assert "badge-number" in page
    desk.post("/pemberitahuan/dibaca/", {"ticket": answered.number})
    assert not Notice.objects.filter(recipient=officer, read_at=None).exists()
    assert "badge-number" not in desk.get("/pemberitahuan/").content.decode()


def test_nobody_marks_anothers_notices(sign_in, officer, other_officer, answered):
    sign_in(other_officer).post("/pemberitahuan/dibaca/", {"ticket": answered.number})
    assert Notice.objects.filter(recipient=officer, read_at=None).exists()


def test_reading_by_get_is_refused(desk):
    assert desk.get("/pemberitahuan/dibaca/").status_code == 405
