"""Contact data are shown by one key and a reason, for this view of the page alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.cast import FileTicket
from tests.support.stages import Stage
from tickets.models import DataLook
from tickets.survey_links import survey_token

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_contact_is_shown_by_keyboard_and_masked_again(
    sign_in: SignIn, file_ticket: FileTicket, people: Any
) -> None:
    ticket = file_ticket()
    page = sign_in("dimas")
    page.goto(f"/meja/{ticket.number}/")
    email = page.locator("#data-email")
    expect(email).to_contain_text("ra***@demo.tuntas.id")
    page.keyboard.press("Shift+E")
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


def test_orders_come_by_themselves_and_go_into_the_reply_by_a_key(
    sign_in: SignIn, file_ticket: FileTicket, people: Any
) -> None:
    ticket = file_ticket(order_number="INV/20261117/MPL/77")
    page = sign_in("dimas")
    page.goto(f"/meja/{ticket.number}/")
    own = page.locator(".order.is-own")
    expect(own).to_contain_text("INV/20261117/MPL/77")
    page.keyboard.press("Shift+P")
    expect(page.locator("#compose")).to_have_value(re.compile(r"Pesanan INV/20261117/MPL/77: .+"))


def test_a_mark_takes_one_press_from_the_letter(
    new_page: Callable[[], Page], people: Any, file_ticket: FileTicket
) -> None:
    ticket = Stage(people, file_ticket).closed()
    token = survey_token(ticket.closing_forms.get())
    page = new_page()
    page.goto(f"/nilai/{token}/4/")
    expect(page.get_by_role("radio", checked=True)).to_have_value("4")
    assert not ticket.surveys.exists()
    page.get_by_role("button", name="Kirim nilai").click()
    expect(page.get_by_role("status").first).to_contain_text("4 dari 5")
    assert ticket.surveys.get().score == 4
    page.get_by_label("Komentar Anda").fill("Cepat sekali.")
    page.get_by_role("button", name="Ubah jawaban").click()
    expect(page.get_by_label("Komentar Anda")).to_have_value("Cepat sekali.")
    assert ticket.surveys.get().comment == "Cepat sekali."
