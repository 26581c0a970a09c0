"""What somebody hears who does not see the page: where the focus goes, and what is said, once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from people.actors import of_user
from people.models import User
from tests.support.keyboard import Keyboard
from tickets.services import add_internal_note

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[[str], Page]

# Each text that a live region comes to say, in order.
LISTEN = """
() => {
  window.said = [];
  const regions = document.querySelectorAll("[role=status], [role=alert], [aria-live]");
  for (const region of regions) {
    new MutationObserver(() => {
      const text = region.textContent.trim().replace(/\\s+/g, " ");
      if (text) window.said.push(text);
    }).observe(region, { childList: true, characterData: true, subtree: true });
  }
}
"""


def _on_body(page: Page) -> bool:
    return bool(page.evaluate("document.activeElement === document.body"))


@pytest.fixture
def opened(sign_in: SignIn, file_ticket: Any) -> Page:
    ticket = file_ticket()
    page = sign_in("dimas")
    page.goto(f"/meja/{ticket.number}/")
    page.keyboard.press("a")
    expect(page.locator(".stages li.now:nth-child(3)")).to_be_visible()
    return page


def test_the_focus_stays_on_the_ticket_after_a_transition(opened: Page) -> None:
    expect(opened.locator("#subject")).to_be_focused()


def test_sending_is_said_once_and_keeps_the_focus_on_the_ticket(opened: Page) -> None:
    opened.evaluate(LISTEN)
    opened.keyboard.press("r")
    opened.keyboard.type("Kami periksa.")
    opened.keyboard.press("Control+Enter")
    expect(opened.locator(".msg-us")).to_be_visible()
    expect(opened.locator("#toasts")).to_contain_text("Balasan terkirim")
    opened.wait_for_timeout(300)
    expect(opened.locator("#subject")).to_be_focused()
    said = [text for text in opened.evaluate("window.said") if "Balasan terkirim" in text]
    assert len(said) == 1


def test_a_closed_dialog_gives_the_focus_back(opened: Page) -> None:
    Keyboard(opened).tab_to('[data-dialog="do-close"]', most=80)
    opened.keyboard.press("Enter")
    expect(opened.locator("#close_root_cause")).to_be_focused()
    opened.keyboard.press("Escape")
    expect(opened.locator("#do-close")).to_be_hidden()
    expect(opened.locator('[data-dialog="do-close"]:focus')).to_have_count(1)


def test_a_refused_dialog_leads_to_what_is_wrong(opened: Page) -> None:
    opened.keyboard.press("c")
    expect(opened.locator("#close_root_cause")).to_be_focused()
    opened.keyboard.press("Control+Enter")
    expect(opened.locator("#do-close .err").first).to_be_visible()
    expect(opened.locator("#close_root_cause")).to_be_focused()
    expect(opened.locator("#close_root_cause")).to_have_attribute("aria-invalid", "true")


def test_the_palette_gives_the_focus_back(opened: Page) -> None:
    opened.locator("#thread").focus()
    opened.keyboard.press("Control+/")
    expect(opened.locator("#palette-ask")).to_be_focused()
    for _press in range(6):
        opened.keyboard.press("Tab")
        outside = "!document.activeElement.closest('#palette') && document.activeElement !== document.body"
        assert not opened.evaluate(outside)
    opened.locator("#palette-ask").focus()
    opened.keyboard.press("ArrowDown")
    chosen = opened.locator('#palette [aria-selected="true"]').get_attribute("id")
    expect(opened.locator("#palette-ask")).to_have_attribute("aria-activedescendant", chosen or "")
    opened.keyboard.press("Escape")
    expect(opened.locator("#thread")).to_be_focused()


def test_news_takes_no_focus_and_is_said_once(
    opened: Page, supervisor: User, file_ticket: Any
) -> None:
    ticket = opened.locator(".conv").get_attribute("data-ticket")
    opened.keyboard.press("n")
    expect(opened.locator("#compose")).to_be_focused()
    opened.evaluate(LISTEN)
    note = add_internal_note(
        actor=of_user(supervisor), ticket_id=int(ticket or 0), body="Tolong cek."
    )
    for _again in range(2):
        opened.evaluate(
            "() => document.dispatchEvent(new CustomEvent('tuntas:live',"
            " { detail: { events: [], reset: true } }))"
        )
        expect(opened.locator(f"#message-{note.pk}")).to_be_visible()
    opened.wait_for_timeout(500)
    expect(opened.locator("#compose")).to_be_focused()
    said = [text for text in opened.evaluate("window.said") if "Pesan baru" in text]
    assert len(said) <= 1


def test_tab_goes_through_the_desk_in_the_order_of_the_eye(opened: Page) -> None:
    opened.evaluate("document.activeElement.blur()")
    opened.evaluate("window.getSelection().removeAllRanges()")
    opened.keyboard.press("Escape")
    opened.locator(".skip").focus()
    met: list[str] = []
    for _press in range(120):
        place = opened.evaluate(
            """() => ['.rail', '.views', '.list', '.composer', '.conv', '.side']
            .find((css) => document.activeElement.closest(css)) ?? ''"""
        )
        if place and (not met or met[-1] != place):
            met.append(place)
        if place == ".side":
            break
        opened.keyboard.press("Tab")
    assert met == [".rail", ".views", ".list", ".conv", ".composer", ".side"]


def test_a_ticket_chosen_from_the_list_is_where_the_focus_goes(
    sign_in: SignIn, file_ticket: Any
) -> None:
    file_ticket()
    page = sign_in("dimas")
    page.goto("/meja/?view=team:cs_account")
    Keyboard(page).go_to_row()
    page.wait_for_timeout(200)
    assert not _on_body(page)


def test_what_is_said_is_polite(opened: Page) -> None:
    loud = opened.locator('[aria-live="assertive"]').count()
    assert loud == 0
    assert opened.locator("#toasts").get_attribute("aria-live") == "polite"
