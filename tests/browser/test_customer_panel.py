"""Contact data are shown by one key and a reason, for this view of the page alone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SignIn
from tests.cast import FileTicket
from tickets.models import DataLook

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_contact_is_shown_by_keyboard_and_masked_again(
    sign_in: SignIn, file_ticket: FileTicket, people: Any
) -> None:
    ticket = file_ticket()
    page = sign_in("dimas")
    page.goto(f"/meja/{ticket.number}/")
    email = page.locator("#data-email")
    expect(email).to_contain_text("ra***@demo.tuntas.id")
    page.keyboard.press("v")
    first = page.get_by_role("button", name="Menelepon pelanggan")
    expect(first.first).to_be_focused()
    page.keyboard.press("Enter")
    expect(email).to_contain_text("ratna@demo.tuntas.id")
    expect(page.locator("#data-phone")).to_contain_text("0812-****-234")
    look = DataLook.objects.get()
    assert (look.user.full_name, look.reason) == ("Dimas Pratama", "call_back")
    page.reload()
    expect(page.locator("#data-email")).to_contain_text("ra***@demo.tuntas.id")
    assert "ratna@demo.tuntas.id" not in page.content()
