"""A pending transaction becomes a hard complaint by the timers alone; a phishing case reaches fraud."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from agents_ops.connectors import forget_connectors
from agents_ops.models import PlaybookRun
from agents_ops.services import do_step, start_playbook
from agents_ops.services.block_work import work_on_blocks
from agents_ops.services.complaint_sending import send_owed_complaints
from helpdesk.common import clock
from people.actors import of_user
from people.models import User
from sla.services import sweep
from tests.browser.conftest import SignIn
from tests.cast import FileTicket
from tickets.services import handle_ticket

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "Pulsa 50 ribu ke 081234567890 masih pending, ID TP4410"


@pytest.fixture
def demo_systems(settings: Any) -> Iterator[None]:
    settings.AGENT_SYSTEMS = settings.SUPPLIERS = {"kind": "demo"}
    forget_connectors()
    yield
    forget_connectors()


def test_a_pending_transaction_becomes_a_hard_complaint_by_the_timers_alone(
    sign_in: SignIn, file_ticket: FileTicket, people: dict[str, User], demo_systems: None
) -> None:
    rizal = of_user(people["rizal"])
    filed = file_ticket(actor=of_user(people["wahyu"]), description=WORDS, reporter="agent")
    ticket = handle_ticket(actor=rizal, ticket_id=filed.pk)
    start_playbook(actor=rizal, ticket_id=ticket.pk, playbook="transaction")
    data = {
        "agent_id": "TP4410",
        "destination": "081234567890",
        "product": "Pulsa 50.000",
        "transacted_at": clock.now().isoformat(),
    }
    do_step(actor=rizal, ticket_id=ticket.pk, step="data", values=data)
    page = sign_in("rizal")
    page.goto(f"/meja/{ticket.number}/")
    panel = page.locator("#playbook")
    panel.get_by_role("button", name="Cek di sistem").click()
    expect(panel.get_by_text("Transaksi: masih pending", exact=False)).to_be_visible()
    expect(panel.get_by_text("Komplain otomatis ke suplier")).to_be_visible()
    for minutes in (3, 16):
        with clock.shifted(timedelta(minutes=minutes)):
            sweep()
            send_owed_complaints()
    page.goto(f"/meja/{ticket.number}/")
    expect(page.get_by_text("Komplain keras ke suplier").first).to_be_visible()
    page.goto("/suplier/")
    page.get_by_role("link", name=ticket.number).click()
    expect(page.get_by_text("Mohon status akhirnya sekarang", exact=False)).to_be_visible()
    expect(page.get_by_text("sudah sampai")).to_have_count(2)
    page.get_by_label("Jawaban suplier").select_option(label="gagal")
    page.get_by_role("button", name="Simpan jawaban").click()
    expect(page.get_by_text("Sudah tercatat.")).to_be_visible()


def test_a_phishing_case_is_blocked_first_and_reaches_fraud_by_itself(
    sign_in: SignIn, file_ticket: FileTicket, people: dict[str, User], demo_systems: None
) -> None:
    words = "Saldo saya hilang, tadi kasih OTP ke penipu lewat link. ID TP4410"
    filed = file_ticket(actor=of_user(people["wahyu"]), description=words, reporter="agent")
    ticket = handle_ticket(actor=of_user(people["rizal"]), ticket_id=filed.pk)
    start_playbook(actor=of_user(people["rizal"]), ticket_id=ticket.pk, playbook="phishing")
    page = sign_in("rizal")
    page.goto(f"/meja/{ticket.number}/")
    panel = page.locator("#playbook")
    expect(panel.get_by_text("Akun TP4410 sedang diblokir.")).to_be_visible()
    work_on_blocks()
    work_on_blocks()
    page.goto(f"/meja/{ticket.number}/")
    expect(panel.get_by_text("Akun TP4410 diblokir,", exact=False)).to_be_visible()
    expect(panel.get_by_role("heading", name="Log login", exact=True)).to_be_visible()
    go_on = panel.locator("[data-step-form] button[type=submit]")
    go_on.click()
    panel.get_by_role("button", name="Pakai TP4410").click()
    panel.get_by_role("button", name="Pakai 4 login").click()
    go_on.click()
    expect(panel.locator("#step-title")).to_have_text("Instruksikan ganti PIN")
    go_on.click()
    expect(panel.locator("#step-title")).to_have_text("Eskalasi ke Tim Investigasi Fraud")
    run = PlaybookRun.objects.get(ticket=ticket)
    assert run.step == "fraud"
    assert run.ticket.escalations.filter(trigger="agent_playbook", to_team__code="fraud").exists()
