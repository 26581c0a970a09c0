"""A review of work from the choice of a ticket to the officer's own page, by keyboard and mouse as people do."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from agents_ops.models import QaReview
from people.models import User
from tests.browser.conftest import SignIn
from tests.support.quality import closed_case

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_lead_reviews_and_the_officer_reads_and_answers(
    sign_in: SignIn, file_ticket: Any, people: dict[str, User]
) -> None:
    ticket = closed_case(people, file_ticket)
    lead = sign_in("teguh")
    lead.goto(f"/meja/{ticket.number}/")
    lead.get_by_role("button", name="Nilai mutunya").click()
    lead.wait_for_url("**/mutu/penilaian/**")
    review = QaReview.objects.get()
    for group in lead.locator(".quality-sheet fieldset").all():
        group.get_by_role("radio").first.check()
    lead.get_by_role("button", name="Selesai, beri tahu petugas").click()
    expect(lead.get_by_role("button", name="Simpan catatan")).to_be_visible()
    lead.locator("[name=text]").fill("Sapa agen dengan namanya.")
    lead.get_by_role("button", name="Simpan catatan").click()
    review.refresh_from_db()
    assert (review.state, review.score) == ("told", 100)
    officer = sign_in("rizal")
    officer.goto("/mutu/saya/")
    expect(officer.get_by_text("Sapa agen dengan namanya.")).to_be_visible()
    officer.get_by_role("link", name=ticket.number).first.click()
    officer.locator("[name=words]").fill("Setuju, terima kasih.")
    officer.get_by_role("button", name="Kirim jawaban").click()
    expect(officer.get_by_text("Setuju, terima kasih.")).to_be_visible()
    review.refresh_from_db()
    assert review.state == "answered"
