"""A wall in a real browser: figures that come by themselves, the focus that stays, a cut connection."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from people.actors import of_user
from people.models import Shift
from sla.models import SweepPulse
from sla.services import sweep
from tickets.services import handle_ticket, reply_to_customer

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
    expect(page.locator("#stage-classified a:focus")).to_have_count(1)
    expect(page.locator("nav.rail")).to_be_hidden()


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
    page.get_by_label("Orang", exact=True).select_option(label="Dimas Pratama")
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


def _many_teams(file_ticket):
    """Enough of everything that each card of the dashboard is full."""
    for minutes in (0, 20, 60, 100, 110, 115, 130, 180, 200, 300):
        file_ticket(received_at=timezone.now() - timedelta(minutes=minutes))
    for subject in ("dana belum masuk rekening", "paket hilang di jalan", "aplikasi tidak terbuka"):
        file_ticket(subject=subject, description=f"{subject}, mohon dibantu.")
    sweep()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("path", "width", "height"),
    [("/dasbor/", 1440, 900), ("/dasbor/?layar=1", 1920, 1080), ("/dasbor/?layar=1", 1440, 900)],
)
def test_it_is_whole_on_one_screen(sign_in, file_ticket, path, width, height, scheme):
    _many_teams(file_ticket)
    page = sign_in("sari")
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": height})
    page.goto(path)
    expect(page.locator("#d-engine")).to_be_visible()
    tall, seen = page.evaluate(
        "(page => [page.scrollHeight, page.clientHeight])(document.querySelector('.page'))"
    )
    assert tall <= seen
    assert page.evaluate("document.documentElement.scrollHeight") <= height


@pytest.mark.parametrize("width", [390, 1280, 1440])
def test_no_number_is_cut_short(sign_in, file_ticket, officer, width):
    """A whole hundred percent is the widest share."""
    ticket = file_ticket()
    handle_ticket(actor=of_user(officer), ticket_id=ticket.pk)
    reply_to_customer(actor=of_user(officer), ticket_id=ticket.pk, body="Kami periksa.")
    sweep()
    page = sign_in("sari")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/dasbor/")
    expect(page.locator("#d-metrics").get_by_text("100,0").first).to_be_visible()
    cut = page.evaluate(
        """() => [...document.querySelectorAll(".num, .big, .share, .trio b")]
             .filter(each => each.scrollWidth > each.clientWidth + 1 && each.clientWidth)
             .map(each => each.outerHTML)"""
    )
    assert cut == []


def test_it_prints_on_one_page(sign_in, file_ticket):
    _many_teams(file_ticket)
    page = sign_in("sari")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("/dasbor/")
    expect(page.locator("#d-engine")).to_be_visible()
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1


def test_news_is_there_within_two_seconds(sign_in, file_ticket):
    sweep()
    page = sign_in("sari")
    page.goto("/dasbor/")
    total = page.locator("#d-total .big a")
    expect(total).to_have_text("0")
    file_ticket()
    expect(total).to_have_text("1", timeout=2_000)
