"""The search box in a real browser: found while typing, by keys alone, said aloud, clean for axe."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import AXE, found_everywhere
from tickets.services import index_marked

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[[str], Page]


def test_a_ticket_is_found_while_typing_and_opened_by_keys_alone(
    sign_in: SignIn, file_ticket: Any
) -> None:
    hacked, other = file_ticket(), file_ticket(subject="voucher akun hilang")
    index_marked()
    page = sign_in("dimas")
    page.goto("/meja/")
    page.keyboard.press("/")
    # At once: a pause between two letters would ask twice, and draw anew under the arrows.
    page.keyboard.insert_text("akun dibajak")
    expect(page.locator("#rows a.row")).to_have_count(2)
    expect(page.locator("#found-said")).to_have_text("2 tiket ditemukan")
    expect(page.locator("#rows mark").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("input[type=search]")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#subject")).to_be_visible()
    expect(page).to_have_url(re.compile(f"/meja/({hacked.number}|{other.number})/"))
    page.reload()
    expect(page.locator("#rows a.row")).to_have_count(2)


def test_a_number_and_enter_open_its_ticket(sign_in: SignIn, file_ticket: Any) -> None:
    ticket = file_ticket()
    page = sign_in("dimas")
    page.goto("/meja/")
    page.keyboard.press("/")
    page.keyboard.type(ticket.number.replace("-", " ").lower())
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/meja/{ticket.number}/")
    expect(page.locator("#subject")).to_have_text(ticket.subject)


def test_axe_finds_nothing_in_the_results(
    sign_in: SignIn, file_ticket: Any, browser: Browser, live_server: Any
) -> None:
    file_ticket()
    index_marked()
    signed_in = sign_in("sari").context.storage_state()
    # axe measures with inline styles, which our policy rightly refuses.
    context = browser.new_context(
        base_url=live_server.url,
        storage_state=signed_in,
        bypass_csp=True,
        reduced_motion="reduce",
    )
    page = context.new_page()
    problems = []
    for query in ("akun", "vuocher", "zzyzx", "status:entah"):
        page.goto(f"/meja/?q={query}")
        for summary in page.locator("#list-head summary").all():
            summary.click()
        page.evaluate(AXE)
        problems += [f"{query} {each}" for each in found_everywhere(page)]
    context.close()
    assert not problems, "\n".join(problems)
