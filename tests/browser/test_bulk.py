"""Choosing several tickets with the keyboard and the mouse, and giving them to somebody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.support.stages import Stage, stage
from tickets.models import Ticket

__all__ = ["stage"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_several_rows_are_chosen_and_assigned(
    stage: Stage, sign_in: Callable[[str], Page], people: Any
) -> None:
    tickets = [stage.handled() for _n in range(4)]
    page = sign_in("sari")
    page.goto("/meja/?view=team:cs_account")
    bar = page.locator("#bulk")
    assert not bar.is_visible()
    page.keyboard.press("j")
    page.keyboard.press("x")
    for _n in range(3):
        page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    assert "4 dipilih" in bar.inner_text()
    page.keyboard.press("x")
    assert "3 dipilih" in bar.inner_text()
    everything = bar.get_by_label("Semua yang tampil")
    everything.check()
    everything.uncheck()
    assert not bar.is_visible()
    boxes = page.locator("#rows .pick input")
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    page.evaluate("window.htmx.trigger(document.body, 'refresh-rows')")
    page.wait_for_function("document.querySelectorAll('#rows .pick input:checked').length === 3")
    bar.get_by_role("button", name="Tugaskan").click()
    page.wait_for_url("**/massal/**")
    page.get_by_label("Penanggung jawab").select_option(label="Sari Wulandari")
    page.locator("form.fill button[type=submit]").click()
    page.get_by_role("status").filter(has_text="tiket selesai").wait_for()
    mine = Ticket.objects.filter(pk__in=[t.pk for t in tickets], assignee=people["sari"])
    assert mine.count() == 3
