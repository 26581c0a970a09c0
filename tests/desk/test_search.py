"""The queue's search box: straight to a number, results while typing, marked and escaped."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from people.actors import of_user
from tickets.models import Ticket
from tickets.services import add_internal_note, assign_ticket, index_marked

pytestmark = pytest.mark.django_db
QUEUE = "/meja/"
TYPING = "/meja/cari/"


@pytest.fixture
def hacked(file_ticket: Any) -> Ticket:
    ticket: Ticket = file_ticket(order_number="INV/9/CARI")
    index_marked()
    return ticket


def text(client: Client, path: str, **query: str) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_results_show_state_priority_team_and_marked_words(desk: Client, hacked: Ticket) -> None:
    for path in (QUEUE, TYPING):
        shown = text(desk, path, q="akun dibajak")
        assert f'data-number="{hacked.number}"' in shown
        assert "<mark>akun dibobol</mark>" in shown
        assert "Regu Akun" in shown or hacked.team.name in shown
        assert "URGENT" in shown
        assert "1 tiket ditemukan" in shown


def test_the_results_stay_beside_the_ticket_that_is_opened(desk: Client, hacked: Ticket) -> None:
    shown = text(desk, f"/meja/{hacked.number}/", q="dibobol")
    assert "1 tiket ditemukan" in shown
    assert "<mark>" in shown
    assert 'aria-current="true"' in shown


def test_words_from_outside_are_escaped(desk: Client, file_ticket: Any) -> None:
    file_ticket(
        subject="<b>akun</b> <script>alert(1)</script>", description="akun <img src=x> dibobol"
    )
    index_marked()
    shown = text(desk, TYPING, q="akun")
    assert "<script>alert" not in shown
    assert "<img" not in shown
    assert "<mark>akun</mark>" in shown
    assert "&lt;b&gt;" in shown


def test_a_note_is_shown_as_internal(desk: Client, hacked: Ticket, supervisor: Any) -> None:
    add_internal_note(actor=of_user(supervisor), ticket_id=hacked.pk, body="Diduga orang dalam.")
    index_marked()
    shown = text(desk, TYPING, q="orang dalam")
    assert 'class="excerpt of-note"' in shown
    assert "Catatan internal" in shown


def test_a_slip_is_said_and_can_be_insisted_on(desk: Client, hacked: Ticket) -> None:
    shown = text(desk, TYPING, q="vuocher")
    assert "Menampilkan hasil untuk <b>voucher</b>" in shown
    assert "?q=%22vuocher%22" in shown
    assert "Tidak ditemukan" in text(desk, TYPING, q='"vuocher"')


@pytest.mark.parametrize("typed", ["inv/9/cari", "INV/9/CARI"])
def test_the_only_order_leads_straight_to_its_ticket(
    desk: Client, hacked: Ticket, typed: str
) -> None:
    answer = desk.get(QUEUE, {"q": typed})
    assert (answer.status_code, answer["Location"]) == (302, f"/meja/{hacked.number}/")


def test_an_order_of_two_tickets_is_a_list(desk: Client, hacked: Ticket, file_ticket: Any) -> None:
    file_ticket(order_number="INV/9/CARI")
    index_marked()
    assert "2 tiket ditemukan" in text(desk, QUEUE, q="INV/9/CARI")


def test_further_pages_follow_without_a_second_head(desk: Client, file_ticket: Any) -> None:
    numbers = {file_ticket().number for _n in range(28)}
    index_marked()
    first = text(desk, TYPING, q="akun")
    place = first.split("place=")[1].split('"')[0]
    second = text(desk, TYPING, q="akun", place=place)
    assert "list-head" in first
    assert "list-head" not in second
    seen = [number for number in numbers if number in first or number in second]
    assert set(seen) == numbers
    assert "place=" not in second


def test_an_emptied_box_leads_back_to_the_queue(desk: Client) -> None:
    assert desk.get(TYPING, {"q": "  "})["HX-Redirect"] == QUEUE


@pytest.mark.parametrize(
    ("typed", "said"),
    [("x" * 5000, "terlalu panjang"), ("status:entah", "diterima"), ("a\x00b", "NUL"), ("zzyzx", "Tidak ditemukan")],
)  # fmt: skip
def test_what_cannot_be_found_says_why_or_how_else(desk: Client, typed: str, said: str) -> None:
    assert said in text(desk, QUEUE, q=typed)
    assert said in text(desk, TYPING, q=typed)


@pytest.mark.parametrize("place", ["x", "1.2.3", "9.9.99.9", "-1.1.1.1", "1.1.1.999999999999"])
def test_a_broken_place_is_the_first_page(desk: Client, hacked: Ticket, place: str) -> None:
    assert hacked.number in text(desk, TYPING, q="akun", place=place)


def test_the_search_page_stays_within_its_queries(
    desk: Client, officer: Any, file_ticket: Any, django_assert_max_num_queries: Any
) -> None:
    for _number in range(6):
        assign_ticket(actor=of_user(officer), ticket_id=file_ticket().pk, assignee=officer)
    index_marked()
    text(desk, TYPING, q="akun dibajak refund")
    with django_assert_max_num_queries(14):
        text(desk, TYPING, q="akun dibobol")
