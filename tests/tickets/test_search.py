"""Finding tickets by their words: who finds what, in which words, and what nobody may find."""

from __future__ import annotations

from typing import Any

import pytest

from people.actors import Actor, of_user
from tests.cast import FileTicket
from tickets.models import Ticket
from tickets.search.finding import Found, search_tickets
from tickets.services import (
    index_marked,
)

pytestmark = pytest.mark.django_db

REFUND = "Uang saya belum dikembalikan, sudah 5 hari sejak retur disetujui."


def found(actor: Actor, text: str, **options: Any) -> Found:
    index_marked()
    return search_tickets(actor, text, internal=actor.at_desk, **options)


@pytest.fixture
def dimas(officer: Any) -> Actor:
    return of_user(officer)


@pytest.fixture
def sari(supervisor: Any) -> Actor:
    return of_user(supervisor)


@pytest.fixture
def refund(file_ticket: FileTicket) -> Ticket:
    return file_ticket(
        subject="Pengembalian dana macet", description=REFUND, order_number="INV/77/A"
    )


@pytest.mark.parametrize(
    "text",
    [
        "pengembalian", "dikembalikan", "kembalikan", "refund", "REFUND", "uang kembali", "dana",
        "pengemb", "pengmebalian dana", "pengembalian dana macte", "refnd", "ratna", "ratna@demo.tuntas.id",
        "INV/77/A", "inv77a", '"belum dikembalikan"', "retur -penipuan", "status:diklasifikasi refund",
        "status:classified refund", "status:terbuka refund", "dari:ratna", "pesanan:inv-77-a",
        "order:INV77A", "prioritas:MEDIUM refund", "kanal:web refund", "tim:cs_payment", "sejak:2020-01-01",
        "uangku blm dibalikin retur", "dana, macet!",
    ],
)  # fmt: skip
def test_the_same_ticket_is_found_in_many_words(refund: Ticket, sari: Actor, text: str) -> None:
    assert refund.pk in found(sari, text).ids
