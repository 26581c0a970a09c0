"""A withdrawal through verification and four eyes: one officer asks, a supervisor approves."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from agents_ops.models import ApprovalRequest, PlaybookRun, VerificationAnswer
from agents_ops.services import do_step, start_playbook
from people.actors import of_user
from people.models import User
from tests.browser.conftest import SignIn
from tests.cast import FileTicket
from tickets.services import handle_ticket

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_withdrawal_is_verified_and_approved_by_two(
    sign_in: SignIn, file_ticket: FileTicket, people: dict[str, User]
) -> None:
    rizal = of_user(people["rizal"])
    ticket = file_ticket(
        actor=of_user(people["wahyu"]), reporter="agent", description="Tarik saldo, ID TP4410"
    )
    call = {"actor": rizal, "ticket_id": ticket.pk}
    handle_ticket(**call)
    start_playbook(**call, playbook="withdrawal")
    do_step(**call, step="ask", values={"agent_id": "TP4410", "amount": 500_000})
    do_step(**call, step="why", values={"withdrawal_reason": "Butuh"})
    page = sign_in("rizal")
    page.goto(f"/meja/{ticket.number}/")
    panel = page.locator("#playbook")
    expect(panel.get_by_role("button", name=re.compile("^Lanjut"))).to_contain_text("kurang 3 poin")
    panel.get_by_role("link", name="Verifikasi agen").click()
    page.get_by_label("Nama lengkap sesuai KTP").fill("wahyu HIDAYAT")
    page.get_by_label("Nominal deposit terakhir").select_option("differs")
    page.get_by_role("button", name="Bandingkan").click()
    expect(page.get_by_text("dimaafkan: huruf besar-kecil")).to_be_visible()
    expect(page.get_by_label("Nama lengkap sesuai KTP")).to_have_value("")
    page.get_by_label("Saldo akhir").select_option("matched")
    page.get_by_label(re.compile("^Transaksi terakhir")).select_option("matched")
    page.get_by_role("button", name="Bandingkan").click()
    expect(panel).to_contain_text("Terverifikasi, berlaku sampai")
    go_on = panel.get_by_role("button", name=re.compile("^Lanjut"))
    go_on.click()
    panel.get_by_label("Nama bank").fill("BCA")
    panel.get_by_label("Nomor rekening").fill("1234567890")
    panel.get_by_label("Nama pemilik rekening").fill("Wahyu Hidayat")
    go_on.click()
    expect(panel).to_contain_text("Rekening atas nama agen sendiri.")
    go_on.click()
    panel.get_by_role("link", name="Minta persetujuan").click()
    page.get_by_label("Sebab").fill("Data cocok, saldo ada")
    page.get_by_role("button", name="Minta persetujuan").click()
    expect(panel).to_contain_text("Menunggu keputusan orang kedua")
    lead = sign_in("sari")
    lead.goto("/meja/persetujuan/")
    lead.get_by_role("link", name="Penarikan saldo").click()
    expect(lead.get_by_text("1234567890")).to_be_visible()
    lead.keyboard.press("y")
    expect(lead.get_by_text("Disetujui. Yang meminta sudah diberi tahu.").first).to_be_visible()
    page.reload()
    expect(panel).to_contain_text("Disetujui Sari Wulandari")
    go_on.click()
    expect(panel.locator(".now h3")).to_have_text("Ajukan ke keuangan")
    asked = ApprovalRequest.objects.get()
    assert (asked.state, asked.decided_by) == ("approved", people["sari"])
    assert PlaybookRun.objects.get(ticket=ticket).step == "finance"
    assert VerificationAnswer.objects.count() == 4
