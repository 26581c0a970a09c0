"""Keys in a real browser: pressed, changed, switched off; and the command palette."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from people.models import User
from tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[[str], Page]


def _open_palette(page: Page) -> None:
    page.keyboard.press("Control+/")
    expect(page.locator("#palette-ask")).to_be_focused()


def test_a_changed_key_works_and_is_shown(sign_in: SignIn, file_ticket: Any) -> None:
    ticket = file_ticket()
    page = sign_in("dimas")
    page.goto("/tombol/?change=reply")
    expect(page.locator("#new_key")).to_be_focused()
    page.keyboard.press("9")
    expect(page.locator("#new_key")).to_have_value("9")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#key-reply kbd")).to_have_text("9")
    page.goto(f"/meja/{ticket.number}/")
    page.keyboard.press("a")
    expect(page.locator(".stages .now b")).to_have_text("Ditangani")
    page.keyboard.press("r")
    expect(page.locator("#compose")).not_to_be_focused()
    page.keyboard.press("9")
    expect(page.locator("#compose")).to_be_focused()


def test_a_pair_goes_to_a_page_that_has_no_link_here(sign_in: SignIn, people: Any) -> None:
    page = sign_in("dimas")
    page.goto("/meja/")
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.wait_for_url("**/makro/")


def test_switched_off_letters_press_nothing(sign_in: SignIn, file_ticket: Any) -> None:
    ticket = file_ticket()
    page = sign_in("dimas")
    page.goto(f"/meja/{ticket.number}/")
    page.keyboard.press("?")
    page.get_by_role("button", name="Matikan huruf tunggal").press("Enter")
    expect(page.locator(".toast")).to_contain_text("Huruf tunggal dimatikan")
    for key in ("a", "r", "c", "?", "/"):
        page.keyboard.press(key)
    assert page.evaluate("document.querySelector('dialog[open]')") is None
    assert Ticket.objects.get(pk=ticket.pk).state == "classified"
    _open_palette(page)
    page.keyboard.type("ambil")
    page.keyboard.press("Enter")
    expect(page.locator(".stages .now b")).to_have_text("Ditangani")


def test_the_palette_opens_at_once_and_does_what_may_be_done(
    sign_in: SignIn, file_ticket: Any
) -> None:
    ticket = file_ticket()
    page = sign_in("dimas")
    page.goto(f"/meja/{ticket.number}/")
    # The best of five: another process may take the core meanwhile.
    took = page.evaluate(
        """() => Math.min(...[1, 2, 3, 4, 5].map(() => {
        const begun = performance.now();
        document.dispatchEvent(new CustomEvent("tuntas:command", { detail: "palette" }));
        const ended = performance.now();
        document.getElementById("palette").close();
        return ended - begun;
        }))"""
    )
    assert took < 100
    _open_palette(page)
    assert page.locator("#palette-list .opt").count() > 10
    ask = page.locator("#palette-ask")
    page.keyboard.type("resolve")
    first = page.locator("#palette-list .opt").first
    expect(first).to_have_attribute("aria-disabled", "true")
    expect(first).to_contain_text("perlu ditangani dulu")
    expect(ask).to_have_attribute("aria-activedescendant", first.get_attribute("id") or "")
    page.keyboard.press("Enter")
    expect(page.locator("#palette-said")).to_contain_text("Terkunci")
    ask.fill("")
    page.keyboard.type("amb")
    expect(page.locator('#palette-list [aria-selected="true"] kbd')).to_have_text("A")
    page.keyboard.press("Enter")
    expect(page.locator(".stages .now b")).to_have_text("Ditangani")
    _open_palette(page)
    page.keyboard.type("catatan")
    page.keyboard.press("Enter")
    expect(page.locator("#mode-note")).to_be_checked()
    expect(page.locator("#compose")).to_be_focused()
    _open_palette(page)
    expect(page.locator("#palette-list .opt").first).to_contain_text("Catatan internal")


def test_the_palette_finds_people_macros_views_and_tickets(
    sign_in: SignIn, file_ticket: Any, people: dict[str, User]
) -> None:
    one, other = file_ticket(), file_ticket(subject="paket belum sampai")
    page = sign_in("sari")
    page.goto(f"/meja/{one.number}/")
    page.goto(f"/meja/{other.number}/")
    _open_palette(page)
    page.keyboard.type("dimas")
    expect(page.locator("#palette-list .opt").first).to_contain_text("Dimas")
    page.keyboard.press("Enter")
    chosen = page.locator("#assign_assignee option:checked")
    expect(chosen).to_contain_text(people["dimas"].full_name)
    expect(page.locator("#do-assign button[type=submit]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Ditugaskan")
    _open_palette(page)
    page.keyboard.type("bukti")
    page.locator("#palette-list .opt", has_text="Minta bukti").first.wait_for()
    page.keyboard.press("Enter")
    expect(page.locator("[data-macro-used]")).to_be_visible()
    expect(page.locator("#compose")).to_be_focused()
    _open_palette(page)
    page.keyboard.type(one.number.lower())
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/meja/{one.number}/**")
    _open_palette(page)
    page.keyboard.type("belum sampai")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/meja/{other.number}/**")
    _open_palette(page)
    page.keyboard.type("belum ditugaskan")
    expect(page.locator("#palette-list .opt").first).to_have_text("Belum ditugaskan")
    page.keyboard.press("Enter")
    page.wait_for_url("**view=unassigned**")


def test_the_palette_fits_a_phone(sign_in: SignIn, people: Any) -> None:
    page = sign_in("sari")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/meja/")
    page.get_by_role("button", name="menu akun").click()
    page.locator("#account-menu [data-palette]").click()
    box = page.locator("#palette").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()


def test_a_folded_column_keeps_its_keys(sign_in: SignIn, file_ticket: Any) -> None:
    ticket = file_ticket()
    page = sign_in("dimas")
    page.set_viewport_size({"width": 700, "height": 800})
    page.goto(f"/meja/{ticket.number}/")
    page.keyboard.press("i")
    expect(page.locator("#do-reclassify")).to_be_visible()
