"""An officer settles what looks the same: kept apart by a press, merged by a key."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from desk.demo.people import make_people
from people.actors import VISITOR, Actor
from people.models import Customer
from tests.browser.conftest import SignIn
from tickets.models import NotAlike, Ticket
from tickets.services import Report, receive_ticket

ORDER = "INV/20261117/MPL/77"


@pytest.fixture
def three(transactional_db: None) -> tuple[Ticket, Ticket, Ticket]:
    """Two of Ratna's over two channels, and a stranger's that names her order."""
    make_people()
    ratna = Actor(customer=Customer.objects.get(user__email__startswith="ratna"))
    words = "Paket blender saya hilang di gudang"

    def filed(actor: Actor, **said: str) -> Ticket:
        report = Report(description=words, **said)
        return receive_ticket(actor=actor, report=report, even_if_open=True).ticket

    return (
        filed(ratna, channel="web", order_number=ORDER),
        filed(ratna, channel="live_chat", order_number=ORDER),
        filed(VISITOR, channel="web", email="suami@example.com", order_number=ORDER),
    )


def test_kept_apart_by_a_press_and_merged_by_a_key(
    three: tuple[Ticket, Ticket, Ticket], sign_in: SignIn
) -> None:
    older, newer, strangers = three
    page = sign_in("sari")
    page.goto(f"/meja/{newer.number}/?view=all")
    rows = page.locator("[id^=alike-] li")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text=older.number)).to_contain_text("pesanan yang sama, orang yang sama")
    expect(
        rows.filter(has_text=strangers.number).get_by_role("button", name="Gabungkan")
    ).to_have_count(0)

    rows.filter(has_text=strangers.number).get_by_role("button", name="Bukan ganda").click()
    expect(rows).to_have_count(1)
    assert NotAlike.objects.count() == 1

    page.keyboard.press("Shift+J")
    expect(page.locator("#toasts")).to_contain_text("Digabungkan")
    newer.refresh_from_db()
    assert newer.links_out.get(kind="merged_into").to_ticket == older
