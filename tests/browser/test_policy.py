"""A supervisor changes the policy: error, draft, trial on the past, publishing, applying."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from desk.demo.people import make_people
from people.actors import Actor
from people.models import Customer
from sla.models import Clock, SlaPolicy
from sla.services.policy_work import work_on_policies
from tests.browser.conftest import SignIn
from tests.cast import HACKED
from tickets.services import Report, receive_ticket


@pytest.fixture
def ticket_number(transactional_db: None) -> str:
    make_people()
    report = Report(channel="web", subject="akun dibobol", description=HACKED)
    customer = Customer.objects.get(user__email__startswith="ratna")
    return receive_ticket(actor=Actor(customer=customer), report=report).ticket.number


def _keep(page: Page) -> None:
    page.get_by_role("button", name="Simpan di draf").click()
    page.wait_for_url("**/aturan/sla/")


def test_from_an_error_to_moved_deadlines(ticket_number: str, sign_in: SignIn) -> None:
    page = sign_in("sari")
    page.goto("/meja/")
    page.get_by_role("link", name="Aturan").click()
    page.get_by_role("link", name="Ubah Respons pertama: URGENT").click()

    # Checked while she types; the sentence and the focus follow.
    amount = page.get_by_label("Waktu", exact=True)
    amount.fill("99999")
    page.get_by_label("Satuan").focus()
    expect(page.locator("#policy_amount_error")).to_be_visible()
    expect(page.get_by_label("Satuan")).to_be_focused()
    amount.fill("1")
    page.get_by_label("Satuan").focus()
    expect(page.locator(".sentence")).to_contain_text(
        "URGENT: respons pertama dalam 1 jam, sepanjang waktu"
    )
    _keep(page)
    expect(page.locator("#draft ins")).to_contain_text("dalam 1 jam")

    # Tried on the past; the page fills itself when the work is done.
    page.get_by_role("button", name="Coba pada 30 hari terakhir").click()
    expect(page.get_by_role("heading", name="Memutar ulang 30 hari terakhir")).to_be_visible()
    work_on_policies()
    expect(page.locator("#h-sum")).to_be_visible()

    # Published, for clocks that start from now.
    page.get_by_role("link", name="Terbitkan…").click()
    page.get_by_label("Apa yang berubah dan mengapa").fill("URGENT dalam satu jam")
    page.get_by_role("button", name="Berlakukan").click()
    page.wait_for_url("**/versi/2/")
    before = Clock.objects.get(metric="first_response")
    assert before.policy_version == 1

    # Applied to the running ones, after seeing what moves.
    page.get_by_role("button", name="Lihat tenggat yang bergeser").click()
    work_on_policies()
    expect(page.get_by_role("link", name=ticket_number)).to_be_visible()
    page.get_by_role("button", name="Terapkan versi 2").click()
    work_on_policies()
    expect(page.get_by_text("1 tenggat bergeser")).to_be_visible()
    after = Clock.objects.get(metric="first_response")
    assert (before.due_at - after.due_at).total_seconds() == 3600
    assert SlaPolicy.objects.count() == 2


def test_what_is_typed_is_checked_without_leaving_the_field(
    ticket_number: str, sign_in: SignIn
) -> None:
    page = sign_in("sari")
    page.goto("/aturan/sla/")
    page.get_by_role("link", name="Ubah Respons pertama: URGENT").click()
    amount = page.get_by_label("Waktu", exact=True)
    amount.press("ControlOrMeta+a")
    amount.press_sequentially("3")
    expect(page.locator(".sentence")).to_contain_text("dalam 3 jam")
    # What is wrong leaves no sentence of before.
    amount.press_sequentially("00000")
    expect(page.locator("#policy_amount_error")).to_be_visible()
    expect(page.locator(".sentence")).not_to_contain_text("dalam")
    expect(amount).to_be_focused()
    expect(amount).to_have_value("300000")

    # Slowly typed, so that answers come while it goes on: no letter is taken back.
    calendars = SlaPolicy.in_force().body["calendars"]
    code = next(
        code for code, row in calendars.items() if len(row.get("week", {}).get("mon", ())) == 1
    )
    page.goto(reverse("desk:policy_calendar", args=[code]))
    monday = page.get_by_label("Senin")
    open_before = page.locator(".week .week-open").count()
    monday.press("ControlOrMeta+a")
    monday.press_sequentially("08:00-12:00, 13:00-15:00", delay=60)
    expect(page.locator(".week .week-open")).to_have_count(open_before + 1)
    expect(monday).to_have_value("08:00-12:00, 13:00-15:00")
    expect(monday).to_be_focused()
