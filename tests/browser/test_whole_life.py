"""The main job in a browser: a hacked account comes in, is timed, escalates by itself, is closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from desk.demo.people import make_people
from helpdesk.common import clock
from sla.services import sweep
from tests.browser.conftest import SignIn
from tickets.models import EventKind, Ticket, TicketEvent
from tickets.states import State

HACKED = (
    "Akun saya dibobol orang. Email dan nomor HP sudah diganti, saldo Rp 2.300.000 dipakai beli voucher game. "
    "Tadi saya sempat kasih kode OTP 483920 lewat telepon."
)


@pytest.fixture
def cast(transactional_db: None) -> None:
    make_people()


def _file_as_customer(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Tulis laporan").click()
    page.get_by_label("Nomor pesanan atau transaksi").fill("INV/20261122/8841")
    page.get_by_label("Apa yang terjadi").fill(HACKED)
    page.get_by_label("Akun dipulihkan").check()
    page.get_by_label("Nama Anda").fill("Siti Rahma")
    page.get_by_label("Nomor HP atau e-mail").fill("siti.rahma@example.com")
    page.get_by_role("button", name="Kirim laporan").click()


def _do(page: Page, verb: str, fields: dict[str, str], *ticks: str) -> None:
    """Open an action of the ticket page, fill its dialog, send it."""
    page.locator(f"[data-dialog=do-{verb}]").first.click()
    dialog = page.locator(f"#do-{verb}")
    for name, text in fields.items():
        dialog.locator(f"[name={name}]").fill(text)
    for tick in ticks:
        dialog.locator(tick).check()
    dialog.locator("button[type=submit]").click()
    expect(page.locator(f"#do-{verb}[open]")).to_have_count(0)


def test_a_hacked_account_from_the_first_word_to_the_last(
    cast: None, new_page: Callable[[], Page], sign_in: SignIn
) -> None:
    # The customer files; the secret is masked and she is told.
    customer = new_page()
    _file_as_customer(customer)
    expect(customer.get_by_text("Laporan Anda sudah diterima")).to_be_visible()
    expect(customer.get_by_text("OTP", exact=False).first).to_be_visible()
    ticket = Ticket.objects.get()
    expect(customer.get_by_text(ticket.number).first).to_be_visible()
    assert "483920" not in ticket.description

    # The officer sees it triaged URGENT, with the reasons.
    officer = sign_in("dimas")
    officer.goto(f"/meja/{ticket.number}/")
    expect(officer.get_by_text("URGENT").first).to_be_visible()
    expect(officer.get_by_role("heading", name="Mengapa URGENT?")).to_be_visible()
    expect(officer.locator(".bubble mark").first).to_be_visible()
    assert (ticket.state, ticket.priority, ticket.queue) == (State.CLASSIFIED, "URGENT", "fraud")

    # Nobody answers. Two hours pass; the sweep alone takes it to the fraud team.
    with clock.shifted(timedelta(hours=2, minutes=1)):
        sweep()
        ticket.refresh_from_db()
        assert (ticket.state, ticket.team.code) == (State.ESCALATED, "fraud")
        assert TicketEvent.objects.filter(ticket=ticket, kind=EventKind.BREACHED).count() == 1
        assert TicketEvent.objects.filter(ticket=ticket, kind=EventKind.ESCALATED).count() == 1
        sweep()
        assert TicketEvent.objects.filter(ticket=ticket, kind=EventKind.ESCALATED).count() == 1

        # The specialist accepts it, then returns it.
        specialist = sign_in("farah")
        specialist.goto(f"/meja/{ticket.number}/")
        plan = "Kami telusuri log masuk dan menahan saldo."
        _do(specialist, "accept", {"plan": plan}, "[name=understood]")
        expect(specialist.get_by_text("Dipantau").first).to_be_visible()
        _do(specialist, "return", {"reason": "Akun sudah dipulihkan, saldo dikembalikan."})

        # The officer answers and closes with the closing form.
        officer.goto(f"/meja/{ticket.number}/")
        officer.locator("#compose").fill(
            "Ibu Siti, akun sudah pulih dan saldo Rp 2.300.000 kembali."
        )
        officer.get_by_role("button", name="Kirim").click()
        expect(officer.locator(".msg-us .bubble").last).to_contain_text("akun sudah pulih")
        _do(
            officer,
            "close",
            {
                "root_cause": "OTP diberikan kepada penipu lewat telepon.",
                "solution": "Akun dipulihkan dan saldo dikembalikan.",
            },
            "[name=confirmation][value=confirmed]",
        )
        ticket.refresh_from_db()
        assert ticket.state == State.CLOSED

        # The customer reads the whole story.
        customer.get_by_role("link", name="Ikuti tiket").click()
        story = customer.locator("main")
        for words in (
            "Tim Investigasi Fraud",
            "akun sudah pulih",
            "Akun dipulihkan dan saldo dikembalikan.",
            "Dimas",
        ):
            expect(story).to_contain_text(words)
        expect(story).not_to_contain_text("menahan saldo")  # the team's plan is internal
