"""The desk in a real browser: keys, drafts, countdowns, and rows that wait."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tickets.models import Message, Ticket

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[[str], Page]
QUEUE = "/meja/?view=team:cs_account"


def test_a_ticket_is_taken_noted_and_answered_by_keys_alone(sign_in: SignIn, file_ticket: Any):
    ticket = file_ticket()
    page = sign_in("dimas")
    page.goto(QUEUE)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#subject")).to_have_text(ticket.subject)
    page.keyboard.press("a")
    expect(page.locator(".stages .now b")).to_have_text("Ditangani")
    page.keyboard.press("n")
    page.keyboard.type("catatan untuk regu")
    page.reload()
    expect(page.locator("#compose")).to_have_value("catatan untuk regu")
    expect(page.locator("#mode-note")).to_be_checked()
    page.locator("#compose").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".msg-note")).to_contain_text("catatan untuk regu")
    expect(page.locator("#compose")).to_have_value("")
    page.locator("#subject").focus()
    page.keyboard.press("r")
    page.keyboard.type("Kami periksa sekarang.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".msg-us")).to_contain_text("Kami periksa sekarang.")
    kinds = list(ticket.messages.order_by("id").values_list("kind", flat=True))
    assert kinds == [Message.Kind.CUSTOMER, Message.Kind.NOTE, Message.Kind.REPLY]


def test_a_countdown_changes_shape_when_its_time_passes(sign_in: SignIn, file_ticket: Any):
    page = sign_in("dimas")
    ticket = file_ticket(received_at=timezone.now() - timedelta(hours=2) + timedelta(seconds=8))
    page.goto(f"/meja/{ticket.number}/")
    timer = page.locator(".side [data-timer]").first
    expect(timer).to_have_class("timer is-80")
    expect(timer.locator("[data-remaining]")).to_contain_text("d lagi")
    expect(timer).to_have_class("timer is-late", timeout=20_000)
    expect(timer.locator("[data-remaining]")).to_contain_text("lewat")
    expect(timer.locator("use")).to_have_attribute("href", re.compile("#late$"))


def test_new_tickets_wait_until_asked_for(sign_in: SignIn, file_ticket: Any):
    first = file_ticket()
    page = sign_in("dimas")
    page.goto(QUEUE)
    expect(page.locator("#rows a.row")).to_have_count(1)
    second = file_ticket()
    page.evaluate("htmx.trigger(document.body, 'queue-changed')")
    fresh = page.get_by_role("button", name="Ada 1 tiket baru")
    expect(fresh).to_be_visible()
    expect(page.locator("#rows a.row")).to_have_count(1)
    fresh.click()
    expect(page.locator("#rows a.row")).to_have_count(2)
    assert {first.number, second.number} == {
        row.get_attribute("data-number") for row in page.locator("#rows a.row").all()
    }


def test_a_form_that_comes_back_stays_open_with_its_words(sign_in: SignIn, file_ticket: Any):
    ticket = file_ticket()
    page = sign_in("dimas")
    page.goto(f"/meja/{ticket.number}/")
    page.keyboard.press("a")
    expect(page.locator(".stages .now b")).to_have_text("Ditangani")
    page.locator("#subject").focus()
    page.keyboard.press("c")
    dialog = page.locator("#do-close")
    page.locator("#close_root_cause").fill("SIM swap")
    dialog.get_by_role("button", name="Tutup tiket").click()
    expect(dialog.locator(".err")).to_have_count(2)
    expect(page.locator("#close_root_cause")).to_have_value("SIM swap")
    assert Ticket.objects.get(pk=ticket.pk).state == "handled"


def test_an_expired_session_keeps_what_was_typed(sign_in: SignIn, file_ticket: Any):
    ticket = file_ticket()
    page = sign_in("dimas")
    page.goto(f"/meja/{ticket.number}/")
    page.locator("#compose").fill("balasan yang panjang")
    page.context.clear_cookies(name="sessionid")
    page.locator("#compose").press("Control+Enter")
    page.wait_for_url("**/masuk/**")
    page.get_by_label("E-mail").fill("dimas@demo.tuntas.id")
    page.get_by_label("Kata sandi").fill("tuntas-demo")
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url(f"**/meja/{ticket.number}/**")
    expect(page.locator("#compose")).to_have_value("balasan yang panjang")
