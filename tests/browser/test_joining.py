"""Splitting, linking and watching with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from people.actors import Actor
from tests.support.stages import Stage, stage
from tickets.models import TicketLink, Watch
from tickets.services import add_customer_message

__all__ = ["stage"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_split_link_and_watch_by_keys(stage: Stage, sign_in: Callable[[str], Page]) -> None:
    ticket, other = stage.handled(), stage.classified()
    customer = Actor(customer=ticket.customer)
    add_customer_message(actor=customer, ticket_id=ticket.pk, body="Paket saya belum sampai.")
    page = sign_in("dimas")
    page.goto(f"/meja/{ticket.number}/")

    page.keyboard.press("y")
    dialog = page.locator("#do-split")
    second = dialog.get_by_role("checkbox").nth(1)
    second.focus()
    page.keyboard.press("Space")
    expect(second).to_be_checked()
    dialog.locator("button[type=submit]").press("Enter")
    page.get_by_text("Sudah dipisahkan").first.wait_for()
    made = TicketLink.objects.get(kind="split_from").from_ticket
    assert made.messages.get().body == "Paket saya belum sampai."
    expect(page.locator(".msg", has_text=f"juga di {made.number}")).to_have_count(1)

    page.keyboard.press("l")
    dialog = page.locator("#do-link")
    dialog.get_by_label("Nomor tiket").fill(other.number)
    page.keyboard.press("Enter")
    linked = page.locator("section", has=page.locator("#joined"))
    linked.get_by_text(f"terkait dengan {other.number}", exact=True).wait_for()
    linked.get_by_role("button", name=f"Lepas tautan: terkait dengan {other.number}").press("Enter")
    page.get_by_text("Tautan sudah dilepas").first.wait_for()
    assert not TicketLink.objects.filter(kind="related").exists()

    page.keyboard.press("w")
    page.locator("#watchers").wait_for()
    assert Watch.objects.get().ticket == ticket
    page.goto("/meja/?view=watched")
    expect(page.locator("#rows li")).to_have_count(1)
