"""What may be the same, beside the ticket: linked, merged or kept apart in one press."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from people.models import User
from tests.cast import FileTicket
from tickets.models import NotAlike, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(file_ticket: FileTicket) -> tuple[Ticket, Ticket]:
    return file_ticket(order_number="A1"), file_ticket(order_number="B2", channel="live_chat")


@pytest.fixture
def lead(sign_in: Any, supervisor: User) -> Client:
    client: Client = sign_in(supervisor)
    return client


def shown(client: Client, ticket: Ticket) -> str:
    return str(client.get(f"/meja/{ticket.number}/serupa/").content.decode())


def test_it_says_why_and_offers_what_is_possible(lead: Client, pair: tuple[Ticket, Ticket]) -> None:
    older, newer = pair
    page = shown(lead, newer)
    assert older.number in page
    assert "orang yang sama" in page
    assert "Gabungkan ke sana" in page
    assert "Gabungkan ke sini" in shown(lead, older)
    assert f"/meja/{newer.number}/serupa/" in lead.get(f"/meja/{newer.number}/").content.decode()


def test_linked_or_merged_in_one_press(lead: Client, pair: tuple[Ticket, Ticket]) -> None:
    older, newer = pair
    typed = {"kind": "duplicate", "number": older.number}
    assert lead.post(f"/meja/{newer.number}/link/", typed).status_code == 302
    assert newer.links_out.get().kind == "duplicate"
    assert older.number not in shown(lead, newer)
    typed = {"numbers": older.number, "keep": "other"}
    assert lead.post(f"/meja/{newer.number}/merge/", typed).status_code == 302
    newer.refresh_from_db()
    assert newer.state == "closed"
    assert newer.links_out.filter(kind="merged_into").get().to_ticket == older


def test_kept_apart_in_one_press(lead: Client, pair: tuple[Ticket, Ticket]) -> None:
    older, newer = pair
    answer = lead.post(f"/meja/{newer.number}/serupa/bukan/", {"number": older.number})
    assert older.number not in answer.content.decode().split("toast")[0]
    assert NotAlike.objects.count() == 1
    page = lead.get(f"/meja/{older.number}/").content.decode()
    assert f"Bukan masalah yang sama dengan {newer.number}" in page
    for odd in ("", "TUN-2222-2222", newer.number):
        assert lead.post(f"/meja/{newer.number}/serupa/bukan/", {"number": odd}).status_code == 200


def test_who_may(
    lead: Client, desk: Client, sign_in: Any, admin: User, seller: User, pair: tuple[Ticket, Ticket]
) -> None:
    address = f"/meja/{pair[0].number}/serupa/"
    assert desk.get(address).status_code in (200, 404)
    assert sign_in(admin).get(address).status_code == 403
    assert sign_in(seller).get(address).status_code == 403
    assert sign_in(admin).post(f"{address}bukan/", {"number": pair[1].number}).status_code == 403
    assert lead.get("/meja/TUN-2222-2222/serupa/").status_code == 404
