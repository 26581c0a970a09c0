"""The composer in a real browser: taking back, drafts, quotes, and files by picker, drop and paste."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tickets.models import Draft, OutgoingReply

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("people"),
]
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
GIVE = """(box, [how, base64]) => {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], "image.png", { type: "image/png" }));
  const event = how === "paste"
    ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
    : new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
  box.dispatchEvent(event);
}"""


@pytest.fixture
def ten_seconds(settings: Any) -> None:
    settings.UNDO_SEND_SECONDS = 10


def open_ticket(sign_in: SignIn, ticket: Any) -> Page:
    page = sign_in("dimas")
    page.goto(f"/meja/{ticket.number}/?view=unassigned")
    return page


@pytest.mark.usefixtures("ten_seconds")
def test_z_takes_the_reply_back_whole(sign_in: SignIn, file_ticket: Any):
    ticket = file_ticket()
    page = open_ticket(sign_in, ticket)
    text = page.locator("#compose")
    text.fill("Kami periksa sekarang.")
    text.evaluate(GIVE, ["paste", PIXEL])
    text.press("Control+Enter")
    expect(page.locator("#leaving")).to_contain_text("Kami periksa sekarang.")
    expect(page.locator(".toast.undo")).to_be_visible()
    expect(text).to_have_value("")
    assert not ticket.messages.filter(kind="reply").exists()
    expect(page.locator("#subject")).to_be_focused()
    page.keyboard.press("z")
    expect(text).to_have_value("Kami periksa sekarang.")
    expect(page.locator(".toast.undo")).to_have_count(0)
    expect(page.locator("#compose_files_chosen [data-kept]")).to_contain_text("tangkapan-layar")
    assert OutgoingReply.objects.get().state == "taken_back"
    assert not ticket.messages.filter(kind="reply").exists()


def test_when_the_seconds_are_over_it_leaves(sign_in: SignIn, file_ticket: Any, settings: Any):
    settings.UNDO_SEND_SECONDS = 2
    ticket = file_ticket()
    page = open_ticket(sign_in, ticket)
    page.locator("#compose").fill("Sudah selesai.")
    page.locator("#compose").press("Control+Enter")
    expect(page.locator("#leaving")).to_be_visible()
    expect(page.locator("#leaving")).to_have_count(0, timeout=10_000)
    expect(page.locator(".toast.undo")).to_have_count(0)
    expect(page.locator(".msg-us .said").last).to_have_text("Sudah selesai.")
    assert ticket.messages.filter(kind="reply").count() == 1


def test_a_draft_is_there_on_another_machine_and_gone_once_sent(sign_in: SignIn, file_ticket: Any):
    ticket = file_ticket()
    page = open_ticket(sign_in, ticket)
    with page.expect_response("**/draf/"):
        page.locator("#compose").fill("Sedang saya tulis")
    expect(page.locator("[data-draft-note]")).to_be_visible()
    expect(page.locator("[data-draft-note]")).to_have_text("Draf tersimpan")
    other = open_ticket(sign_in, ticket)
    expect(other.locator("#compose")).to_have_value("Sedang saya tulis")
    expect(other.locator(f"#row-{ticket.pk}")).to_contain_text("Draf Anda menunggu di sini")
    with other.expect_response("**/draf/"):
        other.locator("#compose").fill("Lebih baru")
    page.locator("#compose").press_sequentially("!")
    expect(page.locator("[data-draft-stale]")).to_be_visible()
    assert Draft.objects.get().body == "Lebih baru"
    page.locator("[data-draft-theirs]").click()
    expect(page.locator("#compose")).to_have_value("Lebih baru")
    page.locator("#compose").press("Control+Enter")
    expect(page.locator("#compose")).to_have_value("")
    assert not Draft.objects.exists()


def test_a_message_is_quoted_with_its_author(sign_in: SignIn, file_ticket: Any):
    page = open_ticket(sign_in, file_ticket())
    message = page.locator("#thread .msg").first
    message.hover()
    message.get_by_role("button", name="Kutip").click()
    expect(page.locator("#compose")).to_have_value(re.compile("^> "))
    text = page.locator("#compose").input_value()
    assert "WIB:" in text.splitlines()[0]
    assert all(line.startswith(">") for line in text.strip().splitlines())
    page.locator("#compose").fill("")
    page.locator("#thread").focus()
    page.keyboard.press("Shift+G")
    expect(page.locator("#compose")).to_have_value(text)


@pytest.mark.parametrize("how", ["paste", "drop"])
def test_files_are_shown_and_can_be_removed(sign_in: SignIn, file_ticket: Any, how: str):
    ticket = file_ticket()
    page = open_ticket(sign_in, ticket)
    text, chosen = page.locator("#compose"), page.locator("#compose_files_chosen li")
    for _time in range(2):
        text.evaluate(GIVE, [how, PIXEL])
    expect(chosen).to_have_count(2)
    expect(chosen.first.locator("img")).to_be_visible()
    chosen.first.get_by_role("button").click()
    expect(chosen).to_have_count(1)
    text.fill("Ini buktinya.")
    text.press("Control+Enter")
    expect(page.locator(".msg-us .thumb img")).to_be_visible()
    assert ticket.attachments.count() == 1
