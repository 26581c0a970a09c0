"""A wall in a real browser: figures that come by themselves, the focus that stays, a cut connection."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from people.models import Shift
from sla.models import SweepPulse
from sla.services import sweep

pytestmark = pytest.mark.django_db(transaction=True)


def test_figures_come_by_themselves_and_the_focus_stays(sign_in, file_ticket):
    file_ticket()
    sweep()
    page = sign_in("sari")
    page.goto("/dasbor/?layar=1")
    total = page.locator("#d-total .big a")
    expect(total).to_have_text("1")
    page.locator("#stage-classified a").first.focus()
    file_ticket()
    expect(total).to_have_text("2")
    assert page.evaluate("document.activeElement.closest('tr').id") == "stage-classified"
    assert page.locator("nav.rail").is_hidden()


def test_it_says_so_when_the_engine_falls_silent(sign_in, file_ticket):
    sweep()
    page = sign_in("sari")
    page.goto("/dasbor/")
    alarm = page.get_by_role("alert").filter(has_text="Mesin tenggat")
    expect(alarm).to_have_count(0)
    SweepPulse.objects.update(beat_at=timezone.now() - timedelta(minutes=1))
    expect(alarm).to_be_visible()
    sweep()
    expect(alarm).to_have_count(0)


def test_it_says_so_when_the_connection_is_cut_and_comes_back(sign_in, people):
    page = sign_in("sari")
    page.goto("/dasbor/")
    page.context.set_offline(True)
    expect(page.get_by_text("Sambungan terputus")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("Sambungan terputus")).to_be_hidden(timeout=20_000)


def test_a_supervisor_plans_a_shift_by_keyboard(sign_in, people):
    page = sign_in("sari")
    page.goto("/regu/jadwal/?team=cs_account")
    page.get_by_label("Orang").select_option(label="Dimas Pratama")
    page.get_by_label("Mulai").fill("22:00")
    page.get_by_label("Selesai").fill("06:00")
    page.locator("input[name=days]").nth(6).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator(".shift")).to_contain_text("22.00–06.00")
    assert Shift.objects.count() == 1
    page.get_by_role("button", name="Hapus sif Dimas Pratama").click()
    expect(page.locator(".shift")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_is_wider_than_the_screen(sign_in, file_ticket, width):
    file_ticket(received_at=timezone.now() - timedelta(hours=3))
    sweep()
    page = sign_in("sari")
    page.set_viewport_size({"width": width, "height": 844})
    for path in ("/dasbor/", "/dasbor/janji/", "/regu/jadwal/"):
        page.goto(path)
        sizes = page.evaluate(
            "[document.querySelector('.page').scrollWidth, document.documentElement.clientWidth]"
        )
        assert sizes[0] <= sizes[1], path
