"""The list in a real browser: place, choice and focus stay; names while an @ is typed; saved views."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from desk.models import SavedView
from people.actors import of_user
from people.models import User
from tickets.models import Notice
from tickets.services import handle_ticket

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[[str], Page]


def test_place_choice_and_focus_stay_when_a_row_changes(
    sign_in: SignIn, file_ticket: Any, officer: User
):
    tickets = [file_ticket() for _number in range(3)]
    page = sign_in("sari")
    page.goto("/meja/?view=all")
    rows = page.locator("#rows a.row")
    expect(rows).to_have_count(3)
    before = [row.get_attribute("data-number") for row in rows.all()]
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    second, third = (page.locator(f'#rows a[data-number="{number}"]') for number in before[1:])
    expect(second).to_be_focused()
    changed = next(ticket for ticket in tickets if ticket.number == before[1])
    handle_ticket(actor=of_user(officer), ticket_id=changed.pk)
    page.evaluate("htmx.trigger(document.body, 'queue-changed')")
    expect(page.locator(f"#row-{changed.pk}")).to_contain_text("Ditangani")
    expect(second).to_be_focused()
    expect(page.locator(f"#row-{changed.pk} input")).to_be_checked()
    assert [row.get_attribute("data-number") for row in rows.all()] == before
    page.keyboard.press("j")
    expect(third).to_be_focused()


def test_a_colleague_is_mentioned_by_keys_alone(
    sign_in: SignIn, file_ticket: Any, supervisor: User
):
    ticket = file_ticket()
    page = sign_in("dimas")
    page.goto(f"/meja/{ticket.number}/")
    page.keyboard.press("n")
    page.keyboard.type("Mohon dilihat @sar")
    option = page.get_by_role("option", name=supervisor.full_name)
    expect(option).to_be_visible()
    expect(page.locator("#compose")).to_have_attribute("aria-activedescendant", "mention-0")
    # Not only there, but in sight: nothing clips or covers it.
    assert option.evaluate(
        "(node) => { const box = node.getBoundingClientRect(); return node.contains("
        "document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)); }"
    )
    page.keyboard.press("Enter")
    expect(page.locator("#compose")).to_have_value(f"Mohon dilihat @{supervisor.full_name} ")
    expect(option).to_be_hidden()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".msg-note")).to_contain_text(supervisor.full_name)
    assert Notice.objects.get(mention=True).recipient == supervisor
    other = sign_in("sari")
    other.goto("/meja/?view=mentioned")
    expect(other.locator("#rows a.row")).to_contain_text("Anda disebut")


def test_a_view_is_saved_and_used(sign_in: SignIn, file_ticket: Any):
    ticket = file_ticket()
    page = sign_in("dimas")
    page.goto("/meja/?view=team:cs_account&priority=URGENT")
    page.get_by_role("link", name="Simpan sebagai tampilan").click()
    expect(page.get_by_role("checkbox", name="URGENT")).to_be_checked()
    page.get_by_label("Nama tampilan").fill("Mendesak")
    page.get_by_label("Urutan").select_option("newest")
    page.get_by_role("button", name="Simpan tampilan").click()
    expect(page.locator("#rows a.row")).to_contain_text(ticket.subject)
    view = SavedView.objects.get()
    expect(page.locator(f"#count-saved-{view.pk}")).to_have_text("1")
