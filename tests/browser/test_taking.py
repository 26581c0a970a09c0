"""Status and 'take the next one' by keys alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from people.actors import of_user
from people.models import StatusChange, User
from tickets.models import Ticket
from tickets.services import add_internal_note

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[[str], Page]


def test_away_and_back_by_keys(sign_in: SignIn, officer: User) -> None:
    page = sign_in("dimas")
    page.goto("/meja/")
    page.keyboard.press("s")
    expect(page.locator("#account-menu")).to_be_visible()
    expect(page.get_by_role("button", name="Tersedia", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Status: sedang pergi")
    expect(page.locator(".rail .is-away")).to_be_visible()
    assert StatusChange.objects.get().user == officer


def test_one_key_takes_and_opens_the_next(sign_in: SignIn, file_ticket: Any, officer: User) -> None:
    first, second = file_ticket(), file_ticket()
    page = sign_in("dimas")
    page.goto("/meja/")
    page.keyboard.press("b")
    expect(page.locator("#subject")).to_be_visible()
    expect(page.locator("#toasts")).to_contain_text("paling dekat tenggat di regu Anda")
    expect(page).to_have_url(re.compile(first.number))
    # On a phone the list is folded away: after the answer the ticket itself offers the next one.
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("#compose").fill("Kami periksa.")
    page.get_by_role("button", name="Kirim").click()
    offer = page.locator("#thread").get_by_role("button", name="Ambil berikutnya")
    expect(offer).to_be_visible()
    # It stays when what others do is drawn.
    add_internal_note(actor=of_user(officer), ticket_id=first.pk, body="Sudah dicek.")
    page.evaluate(
        "document.dispatchEvent(new CustomEvent('tuntas:live', { detail: { events: [], reset: true } }))"
    )
    expect(page.locator(".msg-note")).to_contain_text("Sudah dicek.")
    offer.click()
    page.wait_for_url(lambda url: second.number in url)
    assert Ticket.objects.filter(assignee=officer).count() == 2


def test_whoever_is_away_is_asked_back(sign_in: SignIn, file_ticket: Any) -> None:
    ticket = file_ticket()
    page = sign_in("dimas")
    page.goto("/meja/")
    page.keyboard.press("s")
    page.get_by_role("button", name="Di luar sif").click()
    expect(page.locator("#toasts")).to_contain_text("Status: di luar sif")
    page.keyboard.press("b")
    expect(page.get_by_text("Status Anda di luar sif. Tetap ambil tiket?")).to_be_visible()
    page.get_by_role("button", name="Saya kembali").click()
    page.wait_for_url(lambda url: ticket.number in url)
    assert StatusChange.objects.latest("pk").status == "available"
