"""An officer answers with a macro, by keyboard alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SignIn
from tests.cast import FileTicket
from tickets.models import Macro, MacroUse

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_macro_is_found_filled_in_and_sent_by_keyboard(
    sign_in: SignIn, file_ticket: FileTicket, people: Any
) -> None:
    ticket = file_ticket()
    page = sign_in("dimas")
    page.goto(f"/meja/{ticket.number}/")
    page.keyboard.press("m")
    search = page.get_by_role("combobox", name="Cari makro")
    expect(search).to_be_focused()
    page.keyboard.type("bukti")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    text = page.locator("#compose")
    expect(text).to_be_focused()
    expect(text).to_have_value(re.compile(re.escape(ticket.order_number)))
    expect(page.locator("[data-macro-does]")).to_have_text("menunggu pelanggan")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".msg-us")).to_contain_text("mohon kirim foto")
    ticket.refresh_from_db()
    assert ticket.waiting_for_customer_since is not None
    assert MacroUse.objects.count() == 1


def test_switching_to_a_note_drops_the_macros_steps(
    sign_in: SignIn, file_ticket: FileTicket, people: Any
) -> None:
    ticket = file_ticket()
    page = sign_in("dimas")
    page.goto(f"/meja/{ticket.number}/")
    page.locator("#compose").click()
    page.keyboard.press("/")
    page.get_by_role("option").filter(has_text="Minta bukti").click()
    expect(page.locator("[data-macro-used]")).to_be_visible()
    page.locator("label", has=page.locator("#mode-note")).click()
    expect(page.locator("[data-macro-used]")).to_be_hidden()
    page.locator("#compose").press("Control+Enter")
    expect(page.locator(".msg-note")).to_be_visible()
    assert not MacroUse.objects.exists()
    assert not ticket.messages.filter(kind="reply").exists()


def test_the_library_keeps_a_new_one(sign_in: SignIn, people: Any) -> None:
    page = sign_in("dimas")
    page.goto("/makro/")
    page.get_by_role("link", name="Makro baru").click()
    page.get_by_label("Teks bahasa Indonesia").fill("Halo {nama}")
    page.get_by_role("button", name="Simpan makro").click()
    expect(page.get_by_text("Beri nama.").first).to_be_visible()
    page.get_by_label("Nama").fill("Salam saya")
    page.get_by_label("Teks bahasa Indonesia").fill("Halo {customer_name}")
    page.get_by_role("button", name="Simpan makro").click()
    expect(page.get_by_role("rowheader", name="Salam saya")).to_be_visible()
    assert Macro.objects.get(name="Salam saya").owner is not None
