"""A supervisor changes the triage rules: an error, a draft, a text, the past, publishing, back again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from desk.demo.people import make_people
from people.actors import Actor
from people.models import Customer
from tests.browser.conftest import SignIn
from tickets.models import TriageRules
from tickets.services import Report, receive_ticket
from tickets.services.trials import work_on_trials

FROG = "mau tanya jam buka toko zzkodokzz"


@pytest.fixture
def ticket_number(transactional_db: None) -> str:
    make_people()
    customer = Customer.objects.get(user__email__startswith="ratna")
    report = Report(channel="web", subject="kodok", description=FROG)
    return receive_ticket(actor=Actor(customer=customer), report=report).ticket.number


def _words(page: Page, pattern: str) -> None:
    """One more line, and the focus somewhere else."""
    patterns = page.get_by_label("Pola, satu per baris")
    lines = patterns.input_value().splitlines()
    patterns.fill("\n".join([*lines[:28], pattern]))
    patterns.press("Tab")


def test_from_an_error_to_a_version_and_back(ticket_number: str, sign_in: SignIn) -> None:
    page = sign_in("sari")
    page.goto("/meja/")
    page.get_by_role("link", name="Aturan").click()
    page.get_by_role("link", name="Aturan triase").click()
    page.get_by_role("link", name="hack", exact=True).click()

    # Checked while she types; the line is named.
    _words(page, ".. kodok")
    expect(page.locator("#triage_patterns_error")).to_contain_text("Baris 29 tidak dapat dibaca")
    _words(page, "zzkodokzz")
    expect(page.locator("#triage_patterns_error")).to_have_count(0)
    page.get_by_role("button", name="Simpan di draf").click()
    expect(page.locator("#draft ins")).to_contain_text("hack: zzkodokzz")

    # A rule that asks for the words and decides by itself.
    page.get_by_role("link", name="Pembajakan akun").click()
    page.get_by_role("link", name="Aturan baru").click()
    with page.expect_response("**/aturan/triase/aturan/**"):
        page.get_by_label("Nama", exact=True).fill("frog")
        page.get_by_label("Nama", exact=True).press("Tab")
    # The page checks after each field: whoever is faster than any person waits for its answer.
    for label, words in (
        ("Alasan dalam bahasa Indonesia", "Kata pembajakan"),
        ("Alasan dalam bahasa Inggris", "Words of hacking"),
        ("Syarat", "hack atau tidak_ada"),
    ):
        page.get_by_label(label).fill(words)
        with page.expect_response("**/aturan/triase/aturan/**"):
            page.get_by_label(label).press("Tab")
    expect(page.locator("#triage_when_error")).to_contain_text("nama ini: tidak_ada")
    page.get_by_label("Syarat").fill("hack")
    page.get_by_role("button", name="Simpan di draf").click()
    expect(page.get_by_role("link", name="Kata pembajakan")).to_be_visible()
    page.get_by_role("link", name="Kembali ke aturan").click()

    # A text, judged by the version in force and by the draft beside it.
    page.get_by_role("link", name="Coba teks").click()
    page.get_by_label("Isi keluhan").fill(FROG)
    page.get_by_role("button", name="Nilai").click()
    verdicts = page.locator("[aria-labelledby^=h-verdict]")
    expect(verdicts.nth(0)).not_to_contain_text("Pembajakan akun")
    expect(verdicts.nth(1).locator(".differs").first).to_have_text("Pembajakan akun")
    expect(page.locator("mark", has_text="zzkodokzz").first).to_be_visible()

    # The last 30 days; the page fills itself when the work is done.
    page.get_by_role("link", name="Kembali ke aturan").click()
    page.get_by_role("button", name="Coba pada 30 hari terakhir").click()
    expect(page.get_by_role("heading", name="Menilai tiket 30 hari terakhir")).to_be_visible()
    work_on_trials()
    expect(page.get_by_role("link", name=ticket_number)).to_be_visible()

    page.goto("/aturan/triase/")
    page.get_by_role("link", name="Terbitkan…").first.click()
    page.get_by_role("button", name="Berlakukan").click()
    expect(page.locator("[id$=note_error]")).to_be_visible()
    page.get_by_label("Apa yang berubah dan mengapa").fill("Kata baru dari laporan")
    page.get_by_role("button", name="Berlakukan").click()
    page.wait_for_url("**/versi/2/")

    # Back in one click: version 1 anew, under her name.
    page.get_by_role("link", name="Kembali ke riwayat").click()
    page.get_by_role("link", name="Versi 1").click()
    page.get_by_role("button", name="Berlakukan sebagai versi baru").click()
    page.wait_for_url("**/versi/3/")
    expect(page.get_by_text("Kembali ke versi 1")).to_be_visible()
    assert TriageRules.objects.get(version=3).body == TriageRules.objects.get(version=1).body
