"""Status and 'take the next one' on the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from people.actors import of_user
from people.models import StatusChange
from people.services import set_status
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
TAKE, STATUS = "/meja/berikutnya/", "/status/"


def test_it_opens_what_was_taken_and_says_why(desk, officer, file_ticket):
    ticket = file_ticket()
    assert 'data-key="b"' in desk.get("/meja/").content.decode()
    page = desk.post(f"{TAKE}?view=team:cs_account", follow=True)
    assert page.redirect_chain[0][0] == f"/meja/{ticket.number}/?view=team%3Acs_account"
    text = page.content.decode()
    assert "paling dekat tenggat di regu Anda: " in text
    assert "diambil sebagai tiket berikutnya" in text
    assert Ticket.objects.get().assignee == officer
    page = desk.post(TAKE, follow=True)
    assert "Tidak ada tiket di regu Anda yang menunggu petugas" in page.content.decode()


def test_who_may_not(desk, sign_in, specialist, admin, customer_user, client, file_ticket):
    file_ticket()
    assert desk.get(TAKE).status_code == 405
    assert client.post(TAKE).status_code == 302
    for person in (specialist, admin, customer_user):
        assert sign_in(person).post(TAKE).status_code == 403
    assert 'data-key="b"' not in sign_in(specialist).get("/meja/").content.decode()
    assert Ticket.objects.get().assignee is None


def test_whoever_is_away_is_asked_back(desk, officer, file_ticket):
    file_ticket()
    desk.post(STATUS, {"status": "away"})
    page = desk.post(TAKE)
    assert page.status_code == 409
    assert "Status Anda sedang pergi. Tetap ambil tiket?" in page.content.decode()
    assert Ticket.objects.get().assignee is None
    desk.post(TAKE, {"available": "1"})
    assert Ticket.objects.get().assignee == officer
    assert [row.status for row in StatusChange.objects.all()] == ["away", "available"]


def test_taking_all_the_same_changes_no_status(desk, officer, file_ticket):
    file_ticket()
    desk.post(STATUS, {"status": "off"})
    desk.post(TAKE, {"even_if_away": "1"})
    assert Ticket.objects.get().assignee == officer
    assert StatusChange.objects.get().status == "off"


def test_away_for_half_an_hour_from_the_menu(desk, officer):
    page = desk.post(STATUS, {"status": "away-30", "next": "/meja/?view=late"}, follow=True)
    assert page.redirect_chain[-1][0] == "/meja/?view=late"
    change = StatusChange.objects.get()
    assert timedelta(minutes=29) < change.until - timezone.now() < timedelta(minutes=31)
    assert "Status: sedang pergi sampai" in page.content.decode()


@pytest.mark.parametrize("next_url", ["https://evil.example/", "//evil.example", "javascript:1"])
@pytest.mark.parametrize("status", ["", "asleep", "available-30x", "\x00", "off-30"])
def test_strange_words_go_back_to_the_queue(desk, status, next_url):
    answer = desk.post(STATUS, {"status": status, "next": next_url})
    assert (answer.status_code, answer["Location"]) == (302, "/meja/")


def test_only_supervisors_set_anothers(desk, sign_in, supervisor, other_officer, customer_user):
    form = {"status": "off", "person": other_officer.pk}
    assert desk.post(STATUS, form).status_code == 403
    assert sign_in(customer_user).post(STATUS, {"status": "off"}).status_code == 403
    assert sign_in(supervisor).post(STATUS, form).status_code == 302
    assert StatusChange.objects.get().set_by == supervisor


def test_whoever_assigns_sees_who_is_there(sign_in, supervisor, officer, file_ticket):
    ticket = file_ticket()
    set_status(actor=of_user(officer), status="away")
    for address in (
        f"/meja/{ticket.number}/?do=assign",
        f"/meja/massal/?verb=assign&numbers={ticket.number}",
    ):
        text = sign_in(supervisor).get(address).content.decode()
        assert f"{officer.full_name}, 0 terbuka (sedang pergi)" in text
        assert f"{supervisor.full_name}, 0 terbuka<" in text
