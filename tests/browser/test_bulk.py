"""Choosing several tickets with the keyboard and the mouse, and giving them to somebody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

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
    expect(bar).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("x")
    for _n in range(3):
        page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    expect(bar).to_contain_text("4 dipilih")
    page.keyboard.press("x")
    expect(bar).to_contain_text("3 dipilih")
    everything = bar.get_by_label("Semua yang tampil")
    everything.check()
    everything.uncheck()
    expect(bar).to_be_hidden()
    boxes = page.locator("#rows .pick input")
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    with page.expect_response("**/meja/baris/**"):
        page.evaluate("window.htmx.trigger(document.body, 'refresh-rows')")
    expect(page.locator("#rows .pick input:checked")).to_have_count(3)
    bar.get_by_role("button", name="Tugaskan").click()
    page.wait_for_url("**/massal/**")
    page.get_by_label("Penanggung jawab").select_option(str(people["sari"].pk))
    page.locator("form.fill button[type=submit]").click()
    page.get_by_text("3 akan diubah, 0 ditolak").wait_for()
    assert not Ticket.objects.filter(assignee=people["sari"]).exists()
    page.get_by_role("button", name="Tugaskan: 3 tiket").click()
    page.get_by_role("status").filter(has_text="3 selesai, 0 ditolak").wait_for()
    mine = Ticket.objects.filter(pk__in=[t.pk for t in tickets], assignee=people["sari"])
    assert mine.count() == 3


def test_rows_drawn_anew_in_the_moment_of_the_click_lose_nothing(
    stage: Stage, sign_in: Callable[[str], Page], people: Any
) -> None:
    chosen = [stage.handled().number for _n in range(2)]
    page = sign_in("sari")
    page.goto("/meja/?view=team:cs_account")
    boxes = page.locator("#rows .pick input")
    boxes.nth(0).click()
    boxes.nth(1).click()
    page.evaluate(
        """new MutationObserver(() => document.querySelector('#bulk [value="assign"]').click())
            .observe(document.getElementById("rows"), { childList: true })"""
    )
    page.evaluate("window.htmx.trigger(document.body, 'refresh-rows')")
    page.wait_for_url("**/massal/**")
    expect(page.get_by_label("Penanggung jawab")).to_be_visible()
    expect(page.locator("form input[name=numbers]:checked")).to_have_count(len(chosen))


def test_an_officer_chooses_all_that_match_and_keeps_it_through_a_reload(
    stage: Stage, sign_in: Callable[[str], Page]
) -> None:
    tickets = [stage.handled() for _n in range(3)]
    page = sign_in("dimas")
    page.goto("/meja/?view=team:cs_account")
    bar = page.locator("#bulk")
    page.locator("#rows .pick input").nth(1).click()
    page.reload()
    bar.get_by_text("1 dipilih").wait_for()
    bar.get_by_label("Semua yang cocok", exact=False).check()
    bar.get_by_text("Semua yang cocok, juga yang tidak tampil: 3").wait_for()
    bar.get_by_role("button", name="Tutup tiket").click()
    page.wait_for_url("**/massal/**")
    expect(page.locator("main")).to_contain_text("Semua 3 tiket yang cocok")
    page.get_by_label("Akar masalah").fill("Bank terlambat")
    page.get_by_label("Solusi").fill("Dana dikirim")
    page.get_by_role("radio").first.check()
    page.locator("form.fill button[type=submit]").click()
    page.get_by_role("button", name="Tutup tiket: 3 tiket").click()
    page.get_by_role("status").filter(has_text="3 selesai, 0 ditolak").wait_for()
    assert Ticket.objects.filter(pk__in=[t.pk for t in tickets], state="closed").count() == 3
