"""A seller's day from signing in to an appeal, and the day of those who review."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from helpdesk.common import clock
from people.actors import of_user
from people.models import User
from seller_chat.models import (
    Appeal,
    BuyerReport,
    ChatLetter,
    ConversationLook,
    HolidayMode,
    ReplyClock,
    ReviewItem,
    ShopWeek,
)
from seller_chat.services import record_violation, send_message
from tests.browser.conftest import SignIn
from tests.support.chat import DIVERSION, Talk, talk_of
from tests.support.shops import shop_with_everything

pytestmark = pytest.mark.django_db(transaction=True)
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
ANSWER = "Masih ada kak, dikirim sore ini."


@pytest.fixture
def waiting(people: dict[str, User]) -> Talk:
    """Ratna asked two hours ago; a message of the shop was found by Dimas to go against 4.2.2."""
    talk, now = talk_of(people["ratna"], people["joko"]), clock.now()
    with clock.at(now - timedelta(hours=3)):
        said = send_message(
            actor=of_user(people["joko"]), conversation_id=talk.conversation.pk, body="Halo kak"
        ).message
        record_violation(
            shop_id=talk.shop.pk,
            guideline="off_platform_diversion",
            proof={"message_id": said.pk},
            at=clock.now(),
            decided_by=people["dimas"],
            reasons="Nomor WA ditawarkan.",
        )
    with clock.at(now - timedelta(hours=2)):
        send_message(
            actor=of_user(people["ratna"]),
            conversation_id=talk.conversation.pk,
            body="lama amat sih kak jawabnya, niat jualan ga",
        )
    return talk


def test_a_sellers_day(new_page: Callable[[], Page], waiting: Talk) -> None:
    page = new_page()
    page.goto("/penjual/")
    page.locator("[name=email]").fill("toko.maju@demo.tuntas.id")
    page.locator("[name=password]").fill("tuntas-demo")
    page.locator("[name=password]").press("Enter")

    # What is due, and from there the answer.
    row = page.locator("section[aria-labelledby=chat] li")
    expect(row.locator("[data-due]")).to_be_visible()
    row.get_by_role("link", name="Ratna Dewi").click()
    expect(page.locator("#thread [data-due]")).to_be_visible()
    page.locator("[name=body]").fill(ANSWER)
    page.get_by_role("button", name="Kirim pesan").click()
    expect(page.locator(".msg-us").last).to_contain_text(ANSWER)
    expect(page.locator("#thread [data-due]")).to_have_count(0)
    assert ReplyClock.objects.get().ended_how == "replied"

    # Reporting the buyer: one click here, one message, one reason, sent.
    page.get_by_role("link", name="Laporkan pembeli").click()
    page.get_by_label("niat jualan ga").check()
    page.get_by_label("pelecehan", exact=False).first.check()
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.get_by_text("Tidak berubah sejak dilaporkan")).to_be_visible()
    assert BuyerReport.objects.get().evidence.count() == 1

    # The shop is closed, and opens again.
    page.get_by_role("link", name="Mode Hari Libur").click()
    page.locator("form.form button[type=submit]").click()
    expect(page.locator(".notice-green")).to_contain_text("Mode Hari Libur")
    assert HolidayMode.objects.get().ends_at is None
    page.get_by_role("button", name="Buka toko kembali").click()
    expect(page.get_by_role("button", name="Buka toko kembali")).to_have_count(0)

    # The violation, and an appeal with a paper.
    page.goto("/penjual/")
    page.locator("section[aria-labelledby=langgar]").get_by_role("link").first.click()
    expect(page.get_by_text("Nomor WA ditawarkan.")).to_be_visible()
    page.locator("[name=text]").fill("Pembeli yang meminta nomor, kami tidak menawarkan.")
    paper = {"name": "bukti.pdf", "mimeType": "application/pdf", "buffer": PDF}
    page.locator("[name=documents]").set_input_files([paper])  # type: ignore[list-item]
    page.locator("form.form button[type=submit]").click()
    expect(page.get_by_role("link", name="bukti.pdf")).to_be_visible()
    assert Appeal.objects.get().state == "open"


def test_a_reviewers_day(sign_in: SignIn, people: dict[str, User]) -> None:
    have = shop_with_everything(people)
    talk = have.report.conversation
    send_message(actor=of_user(people["joko"]), conversation_id=talk.pk, body=DIVERSION)
    item = ReviewItem.objects.get()
    first = sign_in("dimas")

    # The queue: read on record, then decided.
    first.goto("/meja/tinjauan/")
    first.get_by_role("button", name="Tinjauan").click()
    expect(first.locator("mark").first).to_be_visible()
    assert ConversationLook.objects.get().review == item
    first.locator("[name=outcome][value=confirmed]").check()
    first.locator("[name=reason]").fill("Mengajak bertransaksi lewat WhatsApp.")
    first.get_by_role("button", name="Putuskan").click()
    expect(first.locator(".empty")).to_be_visible()
    item.refresh_from_db()
    assert (item.outcome, item.decided_by) == ("confirmed", people["dimas"])

    # He found what is appealed against: somebody else decides.
    place = f"/toko/banding/{have.appeal.pk}/"
    first.goto(place)
    expect(first.get_by_text("Banding diputus orang lain", exact=False)).to_be_visible()
    expect(first.locator("[name=yes]")).to_have_count(0)
    second = sign_in("sari")
    second.goto("/toko/")
    second.locator(f"a[href='{place}']").click()
    second.locator("[name=yes][value='1']").check()
    second.locator("[name=reasons]").fill("Pembeli memang yang bertanya.")
    second.get_by_role("button", name="Putuskan").click()
    expect(second.get_by_text("Pembeli memang yang bertanya.")).to_be_visible()
    have.appeal.refresh_from_db()
    assert (have.appeal.state, have.appeal.decided_by) == ("upheld", people["sari"])

    # A report: its evidence is read on record, verified, reckoned anew, and the seller is told.
    before = ShopWeek.objects.get(shop=have.shop)
    second.goto("/toko/")
    second.locator(f"a[href='/toko/laporan/{have.report.key}/']").click()
    second.get_by_role("button", name="Baca buktinya").click()
    expect(second.get_by_text("Halo kak, masih ada?")).to_be_visible()
    second.locator("[name=yes][value='1']").check()
    second.get_by_role("button", name="Putuskan").click()
    expect(second.get_by_text("Terverifikasi", exact=False).first).to_be_visible()
    after = ShopWeek.objects.get(shop=have.shop)
    assert (after.excluded, after.assessed) == (before.excluded + 1, before.assessed - 1)
    assert ChatLetter.objects.filter(person=people["joko"], event__kind="report_decided").exists()
    seller = sign_in("toko.maju")
    seller.goto("/penjual/")
    mine = seller.locator("section[aria-labelledby=lapor]")
    expect(mine).to_contain_text("Terverifikasi")
