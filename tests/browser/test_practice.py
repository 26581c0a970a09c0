"""The tour by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from desk.practice import Tour
from people.models import User
from tests.support.keyboard import Keyboard
from tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_tour_is_taken_by_keyboard(
    new_page: Callable[[], Page], officer: User, language: str
) -> None:
    User.objects.update(language=language)
    page = new_page()
    keys = Keyboard(page)
    keys.sign_in("dimas")
    keys.tab_to('.tour-offer button[value="begin"]', most=60)
    keys.press("Enter")
    now = page.locator("#tour-now")
    expect(now).to_be_focused()
    keys.press("j", "Enter")
    expect(page.locator("#subject")).to_be_visible()
    expect(now).to_be_focused()
    keys.press("Tab", "Enter")
    expect(page.locator(".tour-steps .is-done")).to_have_count(2)
    for key, place in (("r", ".msg-us"), ("n", ".msg-note")):
        keys.press(key)
        expect(page.locator("#compose")).to_be_focused()
        keys.type("Kami periksa.")
        keys.press("Control+Enter")
        expect(page.locator(place)).to_contain_text("Kami periksa.")
        expect(now).to_be_focused()
    keys.press("e")
    page.wait_for_url("**/eskalasikan/")
    keys.tab_to("textarea[name=summary]")
    keys.type("Akun diambil alih.")
    keys.press("Control+Enter")
    expect(page.locator(".tour-steps .is-done")).to_have_count(5)
    keys.press("c")
    expect(page.locator("#close_root_cause")).to_be_focused()
    keys.type("SIM swap")
    keys.tab_to("#close_solution")
    keys.type("Dipulihkan.")
    keys.tab_to("input[name=confirmation]")
    keys.press("Space", "Control+Enter")
    expect(page.locator(".tour-steps .is-done")).to_have_count(6)
    assert keys.pointers == 0
    assert Tour(User.objects.get(pk=officer.pk)).is_finished
    assert not Ticket.objects.exists()
