"""An officer plays a deposit case from start to end; a supervisor's new playbook guides the next ticket."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from agents_ops.models import PlaybookRun
from people.actors import of_user
from people.models import User
from tests.browser.axe_playbooks import WORDS
from tests.browser.conftest import SignIn
from tests.cast import FileTicket
from tests.support.playbook_gates import attach
from tickets.models import Ticket
from tickets.services import handle_ticket

pytestmark = pytest.mark.django_db(transaction=True)


def taken(file_ticket: FileTicket, people: dict[str, User], **changes: Any) -> Ticket:
    words = {"subject": "deposit belum masuk", "description": WORDS, "reporter": "agent"}
    ticket = file_ticket(actor=of_user(people["wahyu"]), **{**words, **changes})
    return handle_ticket(actor=of_user(people["rizal"]), ticket_id=ticket.pk)


def test_a_deposit_case_is_played_to_its_end(
    sign_in: SignIn, file_ticket: FileTicket, people: dict[str, User]
) -> None:
    ticket = taken(file_ticket, people)
    attach(ticket)
    page = sign_in("rizal")
    page.goto(f"/meja/{ticket.number}/")
    panel = page.locator("#playbook")
    expect(panel).to_contain_text("Deposit belum masuk (transfer bank)")
    page.keyboard.press("d")
    expect(panel.get_by_role("heading", name="Minta bukti transfer dan ID agen")).to_be_visible()
    go_on = panel.get_by_role("button", name=re.compile("^Lanjut"))
    expect(go_on).to_contain_text("kurang 2 poin")
    page.keyboard.press("f")
    expect(page.locator("#compose")).to_have_value(re.compile("bukti transfer resmi dari bank"))
    panel.get_by_label("Bukti transfer resmi").select_option(label="proof.png")
    expect(go_on).to_contain_text("kurang 1 poin")
    panel.get_by_role("button", name="Pakai TP4410").click()
    expect(go_on).not_to_contain_text("kurang")
    go_on.click()
    expect(panel.get_by_label("Bank tujuan")).to_be_visible()
    panel.get_by_label("Waktu transfer").fill("2026-11-18T12:00")
    panel.get_by_role("button", name="Pakai Rp").click()
    panel.get_by_role("button", name="Pakai BCA").click()
    go_on.click()
    expect(panel.locator(".now h3")).to_have_text("Cek mutasi rekening dan sistem tiket")
    panel.get_by_label("Hasil", exact=True).select_option(label="sesuai tiket")
    panel.get_by_label("Apa yang dicek, dan di mana").fill("Ada di mutasi, sama dengan tiket")
    panel.get_by_role("button", name="Simpan hasil").click()
    expect(panel.get_by_text("Mutasi bank dan tiket deposit, dicek manual")).to_be_visible()
    go_on.click()
    panel.get_by_label("Waktu saldo diinput").fill("2026-11-18T12:10")
    go_on.click()
    expect(panel.locator(".now h3")).to_have_text("Kabari agen dan pastikan saldo sudah masuk")
    go_on.click()
    expect(panel).to_contain_text("Playbook selesai")
    run = PlaybookRun.objects.get(ticket=ticket)
    assert (run.outcome, run.records.count()) == ("solved", 5)


def test_a_supervisors_new_playbook_guides_a_new_ticket(
    sign_in: SignIn, file_ticket: FileTicket, people: dict[str, User]
) -> None:
    page = sign_in("sari")
    page.goto("/aturan/playbook/")
    page.get_by_role("link", name="Playbook baru").click()
    page.get_by_label("Kode").fill("round_deposit")
    page.get_by_label("Nama dalam bahasa Indonesia").fill("Deposit nominal bulat")
    page.get_by_label("Nama dalam bahasa Inggris").fill("Round deposit")
    page.get_by_label("Disarankan untuk kategori").select_option("agent_deposit")
    page.get_by_label("Kata keluhan yang menunjuk ke sini").fill(
        "transfer, bca, belum masuk, id, deposit"
    )
    page.get_by_role("button", name="Simpan di draf").click()
    page.get_by_role("link", name="Langkah pertama").click()
    page.get_by_label("Judul").fill("Pastikan agennya")
    # Of a kind the editor shows what it needs, and nothing of other kinds.
    expect(page.get_by_label("Yang diverifikasi")).to_be_hidden()
    page.get_by_label("Jenis", exact=True).first.select_option("approval")
    expect(page.get_by_label("Persetujuan untuk")).to_be_visible()
    page.get_by_label("Jenis", exact=True).first.select_option("verify")
    expect(page.get_by_label("Persetujuan untuk")).to_be_hidden()
    page.get_by_label("Standar waktu dalam detik").fill("600")
    page.get_by_label("Waktunya adalah janji").select_option("agents")
    page.get_by_role("button", name="Simpan di draf").click()
    page.get_by_role("link", name="Pastikan agennya", exact=True).click()
    expect(page.get_by_text("Aturan verifikasi ini tidak dikenal.")).to_be_visible()
    page.get_by_label("Yang diverifikasi").select_option("rule:withdrawal")
    page.get_by_role("button", name="Simpan di draf").click()
    page.goto("/aturan/playbook/terbitkan/")
    page.get_by_label("Apa yang berubah dan mengapa").fill("Kasus baru")
    page.get_by_role("button", name="Berlakukan").click()
    expect(page.get_by_text("Versi 2 kini berlaku").first).to_be_visible()
    ticket = taken(file_ticket, people)
    officer = sign_in("rizal")
    officer.goto(f"/meja/{ticket.number}/")
    panel = officer.locator("#playbook")
    panel.get_by_role("button", name="Mulai Deposit nominal bulat").click()
    expect(panel.locator(".now h3")).to_have_text("Pastikan agennya")
    expect(panel).to_contain_text("kurang 3 poin")
    panel.get_by_role("link", name="Verifikasi agen").click()
    expect(officer.get_by_role("heading", name="Minimal 3 dari 5")).to_be_visible()
