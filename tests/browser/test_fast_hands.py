"""Keys pressed faster than the answers come: each in its turn, on what it was meant for."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from people.models import User
from tickets.models import MacroUse, Message, Ticket

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[[str], Page]

# Every request of the page waits this long before it leaves.
SLOW = """
const later = 300;
const send = XMLHttpRequest.prototype.send;
XMLHttpRequest.prototype.send = function (...all) { setTimeout(() => send.apply(this, all), later); };
const ask = window.fetch;
window.fetch = async (...all) => {
  await new Promise((done) => setTimeout(done, later));
  return ask(...all);
};
"""
QUEUE = "/meja/?view=team:cs_account"
CLASSIFIED, HANDLED, CLOSED = (f".stages li.now:nth-child({stage})" for stage in (2, 3, 6))


def _press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


@pytest.fixture
def slow(sign_in: SignIn, file_ticket: Any) -> Page:
    """The queue with two tickets, on a slow line."""
    page = sign_in("dimas")
    page.add_init_script(SLOW)
    for _ticket in range(2):
        file_ticket()
    page.goto(QUEUE)
    return page


def test_two_tickets_without_waiting_once(slow: Page, officer: User) -> None:
    numbers = [row.get_attribute("data-number") for row in slow.locator("#rows a.row").all()]
    _press(slow, "j", "Enter", "a", "r")
    slow.keyboard.type("Kami cek jam 8.")
    _press(slow, "Control+Enter", "c")
    slow.keyboard.type("SIM swapp")
    _press(slow, "Backspace", "Tab")
    slow.keyboard.type("Akun pulih.")
    _press(slow, "Tab", "Space", "Control+Enter", "j", "Enter", "a", "n")
    slow.keyboard.type("Mirip tadi.")
    _press(slow, "Control+Enter")
    expect(slow.locator(".msg-note")).to_contain_text("Mirip tadi.", timeout=30_000)
    first, second = (Ticket.objects.get(number=number) for number in numbers)
    closure = first.closing_forms.get()
    assert (closure.root_cause, closure.solution) == ("SIM swap", "Akun pulih.")
    assert first.state == "closed"
    assert (second.state, second.assignee) == ("handled", officer)
    said = dict(Message.objects.values_list("kind", "body"))
    assert (said["reply"], said["note"]) == ("Kami cek jam 8.", "Mirip tadi.")


def test_a_macro_is_typed_for_before_the_list_is_there(slow: Page) -> None:
    _press(slow, "j", "Enter", "a", "m")
    slow.keyboard.type("bukti")
    _press(slow, "Enter", "Control+Enter")
    expect(slow.locator(".msg-us")).to_contain_text("mohon kirim foto")
    assert MacroUse.objects.count() == 1


def test_a_letter_chooses_in_a_dialog_that_was_on_its_way(slow: Page) -> None:
    _press(slow, "j", "Enter", "a", "i", "Tab", "h")
    expect(slow.locator("#reclassify_priority")).to_have_value("HIGH")


@pytest.mark.parametrize("status", [500, 0])
def test_what_followed_a_failure_is_forgotten(slow: Page, status: int) -> None:
    _press(slow, "j", "Enter")
    expect(slow.locator(CLASSIFIED)).to_be_visible()
    slow.route(
        "**/meja/TUN-*/handle/**",
        lambda route: route.fulfill(status=status) if status else route.abort(),
    )
    _press(slow, "a", "c")
    expect(slow.locator("#toasts .toast")).to_be_visible()
    expect(slow.locator("#pane")).not_to_have_attribute("aria-busy", "true")
    assert slow.locator("dialog[open]").count() == 0
    _press(slow, "n")
    expect(slow.locator("#compose")).to_be_focused()


def test_escape_forgets_what_is_held(slow: Page) -> None:
    _press(slow, "j", "Enter", "a", "c", "Escape")
    expect(slow.locator(CLASSIFIED)).to_be_visible()
    assert Ticket.objects.filter(state="classified").count() == 2


def test_an_older_picture_never_covers_a_newer_one(sign_in: SignIn, file_ticket: Any) -> None:
    ticket = file_ticket()
    page = sign_in("dimas")
    page.goto(f"/meja/{ticket.number}/")
    page.evaluate(
        """() => {
        const seen = () => document.querySelector(".stages li.now b").textContent;
        document.addEventListener("tuntas:drawn", () => {
            document.body.dataset.drawn = [document.body.dataset.drawn ?? "", seen()].join(" ");
        });
        const ask = window.fetch;
        window.fetch = async (...all) => {
            const answer = await ask(...all);
            await new Promise((done) => setTimeout(done, 700));
            return answer;
        };
        const detail = { events: [], reset: true };
        document.dispatchEvent(new CustomEvent("tuntas:live", { detail }));
        }"""
    )
    page.wait_for_timeout(300)
    page.keyboard.press("a")
    expect(page.locator(HANDLED)).to_be_visible()
    expect(page.locator("body")).to_have_attribute("data-drawn", re.compile("^( Ditangani)+$"))
