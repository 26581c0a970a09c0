"""The Seller Center and the reviewers' pages; nobody sees what is another shop's."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from helpdesk.common import clock
from people.actors import of_user
from people.models import Shop, User
from seller_chat.models import Appeal, BuyerReport, ConversationLook, ShopWeek, Violation
from seller_chat.services import decide_violation, evaluate_week, judge_weeks, open_appeal
from tests.support.chat import MONDAY, Talk

pytestmark = pytest.mark.django_db
SUNDAY = MONDAY + timedelta(days=8)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def other_seller(db: None) -> User:
    person = User.objects.create_user("lain@x.example", "x", full_name="Penjual Lain")
    Shop.objects.create(name="Toko Lain").sellers.add(person)
    return person


@pytest.fixture
def judged(talk: Talk, officer: User) -> Violation:
    """A week of ten unanswered messages, found to be below the target by Dimas."""
    for minute in range(10):
        talk.buyer_says(hours=1, minutes=minute)
    with clock.at(SUNDAY):
        evaluate_week(date(2026, 11, 2))
        judge_weeks()
        found = Violation.objects.get(guideline="low_rate")
        return decide_violation(
            actor=of_user(officer), violation_id=found.pk, confirmed=True, reasons="Benar."
        )


def test_the_home_shows_the_rate_with_its_arithmetic(
    judged: Violation, seller: User, talk: Talk
) -> None:
    with clock.at(SUNDAY):
        page = client_of(seller).get("/penjual/").content.decode()
    assert "0 dari 10 pesan yang dinilai" in page
    assert "Di bawah sasaran 95,0 %" in page
    assert "Tingkat jawab di bawah sasaran" in page
    assert "hasil=unanswered" in page
    assert f'href="/penjual/pesan/{talk.conversation.key}/#m' in page


def test_each_figure_leads_to_its_messages(judged: Violation, seller: User) -> None:
    client = client_of(seller)
    shown = client.get("/penjual/pekan/2026-11-02/?hasil=unanswered").content.decode()
    assert shown.count("Laporkan pembeli") == 10
    none = client.get("/penjual/pekan/2026-11-02/?hasil=late").content.decode()
    assert "Tidak ada pesan yang sesuai" in none
    for wrong in ("/penjual/pekan/2026-11-02/?hasil=x", "/penjual/pekan/2026-11-03/",
                  "/penjual/pekan/2026-13-99/", "/penjual/pekan/2000-01-03/"):  # fmt: skip
        assert client.get(wrong).status_code == 404, wrong


def test_a_seller_appeals_on_the_page(judged: Violation, seller: User, other_officer: User) -> None:
    with clock.at(SUNDAY):
        client, path = client_of(seller), f"/penjual/pelanggaran/{judged.pk}/"
        assert client.post(path, {"text": ""}).status_code == 400
        assert client.post(path, {"text": "Ada gangguan."}).status_code == 302
        appeal = Appeal.objects.get()
        assert "menunggu putusan" in client.get(path).content.decode().lower()
        first = client_of(User.objects.get(pk=judged.decided_by_id))
        second = client_of(other_officer)
        place = f"/toko/banding/{appeal.pk}/"
        assert "Banding diputus orang lain" in first.get(place).content.decode()
        assert first.post(place, {"yes": "1", "reasons": "x"}).status_code == 403
        assert second.post(place, {"yes": "1", "reasons": "Gangguan nyata."}).status_code == 302
        assert "Gangguan nyata." in client.get(path).content.decode()


def test_a_buyer_is_reported_in_three_clicks(
    talk: Talk, seller: User, officer: User, supervisor: User
) -> None:
    said = talk.buyer_says("transfer balik setengah harga ya")
    client = client_of(seller)
    form = f"/penjual/laporkan/{talk.conversation.key}/?pesan={said.pk}"
    page = client.get(form).content.decode()
    assert f'value="{said.pk}" checked' in page
    assert client.post(form, {"reason": "demand"}).status_code == 400
    made = client.post(form, {"reason": "demand", "messages": [str(said.pk)]})
    report = BuyerReport.objects.get()
    assert made["Location"] == f"/penjual/laporan/{report.key}/"
    assert "Tidak berubah sejak dilaporkan" in client.get(made["Location"]).content.decode()
    desk = client_of(officer)
    assert report.key in desk.get("/toko/").content.decode()
    place = f"/toko/laporan/{report.key}/"
    assert said.body not in desk.get(place).content.decode()
    assert desk.post(place, {"yes": "1"}).status_code == 404  # not read yet
    assert said.body in desk.post(f"{place}lihat/", follow=True).content.decode()
    look = ConversationLook.objects.get()
    assert (look.user, look.ticket, look.reason) == (officer, report.ticket, "report")
    desk.post(f"{place}lihat/")
    assert ConversationLook.objects.count() == 1
    panel = client_of(supervisor).get(f"/meja/{report.ticket.number}/")
    assert (panel.status_code, place in panel.content.decode()) == (200, True)
    assert desk.post(place, {"yes": "1"}).status_code == 302
    assert "Terverifikasi" in client.get(made["Location"]).content.decode()


def test_nothing_of_another_shop(
    judged: Violation, talk: Talk, seller: User, other_seller: User, customer_user: User
) -> None:
    with clock.at(SUNDAY):
        open_appeal(actor=of_user(seller), violation_id=judged.pk, text="x")
    stranger = client_of(other_seller)
    for path in (
        f"/penjual/pelanggaran/{judged.pk}/",
        f"/penjual/laporkan/{talk.conversation.key}/",
        "/penjual/laporan/tak-ada/",
        "/penjual/dokumen/tak-ada/",
        f"/penjual/pelanggaran/{10**18}/",
    ):
        assert stranger.get(path).status_code == 404, path
    own = stranger.get("/penjual/pekan/2026-11-02/").content.decode()
    assert "Laporkan pembeli" not in own
    assert client_of(customer_user).get("/penjual/").status_code == 404
    assert Client().get("/penjual/").status_code == 302
    for path in ("/toko/", f"/toko/pelanggaran/{judged.pk}/", f"/toko/{talk.shop.pk}/"):
        assert stranger.get(path).status_code == 403, path


def test_the_record_of_a_shop(judged: Violation, talk: Talk, officer: User) -> None:
    with clock.at(SUNDAY):
        page = client_of(officer).get(f"/toko/{talk.shop.pk}/").content.decode()
    assert "Tingkat jawab di bawah sasaran" in page
    assert client_of(officer).get(f"/toko/pelanggaran/{judged.pk}/").status_code == 200
    assert client_of(officer).get(f"/toko/{10**18}/").status_code == 404


def test_weeks_by_the_api(judged: Violation, seller: User, other_seller: User) -> None:
    from people.services import issue_token

    def get(user: User, path: str) -> Any:
        headers = {"Authorization": f"Bearer {issue_token(user=user, name='t')[1]}"}
        return Client().get(f"/api/v1/{path}", headers=headers)

    row = ShopWeek.objects.get()
    own = get(seller, "evaluations").json()["results"]
    assert [(each["assessed"], each["rate_bp"]) for each in own] == [(10, 0)]
    shown = get(seller, f"evaluations/{row.pk}/messages?verdict=unanswered&page_size=4").json()
    assert len(shown["results"]) == 4
    assert shown["next_after"]
    assert get(seller, f"violations/{judged.pk}").json()["guideline"] == "low_rate"
    assert get(other_seller, "evaluations").json()["results"] == []
    foreign = [
        f"evaluations/{row.pk}/messages",
        f"violations/{judged.pk}",
        "violations/0",
        "appeals/0",
        "buyer-reports/x",
        "buyer-reports/%00",
    ]
    answers = {path: get(other_seller, path).status_code for path in foreign}
    assert answers == dict.fromkeys(foreign, 404)
