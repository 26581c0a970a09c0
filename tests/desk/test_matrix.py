"""The editor of the escalation matrix: in words, looked at, published, put back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from escalation.matrix import matrix
from escalation.models import EscalationMatrix
from people.models import User
from tests.support.stages import Stage
from tickets.services import reclassify_ticket

pytestmark = pytest.mark.django_db

HOME = "/aturan/eskalasi/"
NEW = f"{HOME}pemicu/"
TYPED = {
    "base_version": 1,
    "code": "mine",
    "name_id": "Resi bernilai besar",
    "name_en": "Parcel of value",
    "category": ["tracking"],
    "amount_more_than": 1_000_000,
    "team": "mediation",
}


@pytest.fixture
def lead(sign_in: Callable[[User], Client], supervisor: User) -> Client:
    return sign_in(supervisor)


def publish(lead: Client, path: str, typed: dict[str, Any]) -> Any:
    """Look, then publish what was looked at, as the page's buttons do."""
    looked = lead.post(path, {**typed, "do": "look"})
    seen = looked.context["preview"].seen if "preview" in looked.context else ""
    return lead.post(path, {**typed, "do": "publish", "seen": seen})


def text(response: Any) -> str:
    return str(response.content.decode())


class TestWho:
    @pytest.mark.parametrize("path", ["", "pemicu/", "pemicu/dispute_age/", "baris/dispute/",
                                      "formulir/fraud/", "riwayat/", "versi/1/pulihkan/",
                                      "pemicu/dispute_age/hapus/"])  # fmt: skip
    def test_only_those_who_may_edit_rules(
        self, sign_in: Callable[[User], Client], supervisor: User, officer: User, admin: User,
        manager: User, path: str,
    ) -> None:  # fmt: skip
        for user, status in ((supervisor, 200), (manager, 200), (admin, 200), (officer, 403)):
            assert sign_in(user).get(HOME + path).status_code == status
        assert Client().get(HOME + path).status_code == 302

    def test_the_menu_shows_it_to_them_alone(
        self, lead: Client, sign_in: Callable[[User], Client], officer: User
    ) -> None:
        rules = "/aturan/sla/"
        assert f'href="{rules}"' in text(lead.get("/meja/"))
        assert f'href="{HOME}"' in text(lead.get(rules))
        assert "/aturan/" not in text(sign_in(officer).get("/meja/"))

    def test_an_officer_publishes_nothing(
        self, sign_in: Callable[[User], Client], officer: User
    ) -> None:
        sent = {**TYPED, "note": "Coba", "do": "publish"}
        assert sign_in(officer).post(NEW, sent).status_code == 403
        assert EscalationMatrix.objects.count() == 1

    @pytest.mark.parametrize("path", ["pemicu/none/", "baris/rain/", "formulir/none/",
                                      "versi/99/pulihkan/", "pemicu/none/hapus/"])  # fmt: skip
    def test_what_is_not_there_is_not_found(self, lead: Client, path: str) -> None:
        assert lead.get(HOME + path).status_code == 404


class TestReading:
    def test_rules_stand_as_sentences(self, lead: Client) -> None:
        page = text(lead.get(HOME))
        assert "Sengketa pembeli dan penjual berlarut" in page
        assert "lebih lama dari 7 hari" in page
        assert "10.000.000" in page
        assert "Tim Mediasi Sengketa" in page

    def test_a_trigger_opens_with_what_it_asks(self, lead: Client) -> None:
        page = text(lead.get(f"{NEW}failed_logins/"))
        assert 'value="3"' in page
        assert 'value="failed_login"' in page
        # Several may be chosen: as radio buttons a browser would send the last one alone.
        assert 'type="checkbox" name="category"' in page
        assert 'type="radio" name="category"' not in page


class TestEditing:
    def test_looking_publishes_nothing_and_says_what_would_change(self, lead: Client) -> None:
        response = lead.post(NEW, {**TYPED, "do": "look"})
        assert response.status_code == 200
        assert "Resi bernilai besar" in text(response)
        assert EscalationMatrix.objects.count() == 1

    def test_publishing_makes_a_version(self, lead: Client, supervisor: User) -> None:
        response = publish(lead, NEW, {**TYPED, "note": "Resi mahal hilang"})
        assert response.status_code == 302
        made = EscalationMatrix.objects.first()
        assert made
        assert (made.version, made.published_by, made.note) == (2, supervisor, "Resi mahal hilang")
        assert matrix()["triggers"][-1] == {
            "code": "mine",
            "name_id": "Resi bernilai besar",
            "name_en": "Parcel of value",
            "when": {"category": ["tracking"], "amount_more_than": 1_000_000},
            "team": "mediation",
            "level": 3,
        }

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"code": "Mine"}, "huruf kecil"),
            ({"code": "dispute_age"}, "sudah dipakai"),
            ({"category": [], "amount_more_than": ""}, "tanpa syarat"),
            ({"team": ""}, "Sebutkan akibatnya"),
            ({"alert": "fraud"}, "pilih salah satu"),
            ({"amount_more_than": -1}, "rupiah"),
            ({"note": ""}, "Tulis alasannya"),
        ],
    )
    def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(
        self, lead: Client, changes: dict[str, Any], words: str
    ) -> None:
        response = publish(lead, NEW, {**TYPED, "note": "Coba", **changes})
        assert response.status_code == 400
        assert words in text(response)
        assert "Resi bernilai besar" in text(response)
        assert EscalationMatrix.objects.count() == 1

    def test_an_unchanged_trigger_comes_back_as_it_was(self, lead: Client) -> None:
        """What the form shows is what the matrix holds: nothing is lost by opening and saving."""
        for row in matrix()["triggers"]:
            form = lead.get(f"{NEW}{row['code']}/").context["form"]
            sent = {name: value for name, value in form.initial.items() if value not in (None, "")}
            response = publish(
                lead, f"{NEW}{row['code']}/", {**sent, "base_version": 1, "note": "x"}
            )
            assert response.status_code == 400, row["code"]
            assert "Tidak ada yang berubah" in text(response), row["code"]

    def test_somebody_elses_version_in_between_is_said(self, lead: Client) -> None:
        publish(lead, NEW, {**TYPED, "note": "Satu"})
        response = publish(lead, NEW, {**TYPED, "code": "other", "note": "Dua"})
        assert response.status_code == 409
        assert "versi lain" in text(response)
        assert EscalationMatrix.objects.count() == 2

    def test_rows_and_forms(self, lead: Client) -> None:
        row = {"level_1": "chatbot", "level_2": "cs_order", "level_3": "mediation",
               "team": "mediation", "base_version": 1, "note": "Resi"}  # fmt: skip
        assert publish(lead, f"{HOME}baris/tracking/", row).status_code == 302
        assert matrix()["rows"]["tracking"]["team"] == "mediation"
        words = {"summary": "{subject}", "evidence": "{evidence}", "wanted_outcome": "{cause}",
                 "base_version": 2, "note": "Ringkas"}  # fmt: skip
        bad = {**words, "summary": "{password}", "do": "publish"}
        assert "password" in text(lead.post(f"{HOME}formulir/fraud/", bad))
        good = publish(lead, f"{HOME}formulir/fraud/", words)
        assert good.status_code == 302
        assert matrix()["forms"]["fraud"]["summary"] == "{subject}"


class TestLooking:
    def test_nothing_is_published_without_a_look_at_just_that(self, lead: Client) -> None:
        typed = {**TYPED, "note": "Tanpa melihat"}
        page = lead.post(NEW, {**typed, "do": "publish"})
        assert page.status_code == 200
        assert "Lihat dahulu apa yang berubah" in text(page)
        other = {**typed, "amount_more_than": 2_000_000, "seen": page.context["preview"].seen}
        assert lead.post(NEW, {**other, "do": "publish"}).status_code == 200
        assert EscalationMatrix.objects.count() == 1
        assert 'value="publish"' not in text(lead.get(NEW))

    def test_all_that_is_wrong_is_said_at_once(self, lead: Client) -> None:
        wrong = {**TYPED, "name_en": "", "amount_more_than": "banyak", "team": "", "note": ""}
        page = text(lead.post(NEW, {**wrong, "do": "publish"}))
        for words in ("Sebutkan akibatnya", "Tulis alasannya"):
            assert words in page
        form = lead.post(NEW, {**wrong, "do": "publish"}).context["form"]
        assert set(form.errors) == {"name_en", "amount_more_than", "team", "note"}

    def test_it_lists_the_running_tickets_whose_moment_changes(
        self, lead: Client, stage: Stage
    ) -> None:
        tickets = {}
        for days in (2, 5):
            ticket = stage.classified(days_open=days)
            reclassify_ticket(
                actor=stage.actor("sari"), ticket_id=ticket.pk, category="dispute",
                priority="MEDIUM", queue="general", reason="Sengketa.",
            )  # fmt: skip
            tickets[days] = ticket.number
        path = f"{NEW}dispute_age/"
        form = lead.get(path).context["form"]
        sent = {name: value for name, value in form.initial.items() if value not in (None, "")}
        page = lead.post(path, {**sent, "age_more_than_days": 4, "do": "look"})
        moments = page.context["preview"].moments
        assert moments.counts == {"at_once": 1, "earlier": 1, "begins": 0, "later": 0, "ends": 0}
        assert [(row.number, row.place) for row in moments.rows] == [
            (tickets[5], "at_once"),
            (tickets[2], "earlier"),
        ]
        assert tickets[2] in text(page)
        removed = lead.get(f"{path}hapus/").context["preview"].moments
        assert removed.counts["ends"] == 2

    def test_a_changed_row_says_which_tickets_a_missed_promise_moves_elsewhere(
        self, lead: Client, stage: Stage
    ) -> None:
        ticket = stage.classified()
        row = {"level_1": "chatbot", "level_2": "cs_order", "level_3": "legal", "team": "legal",
               "base_version": 1, "do": "look"}  # fmt: skip
        page = lead.post(f"{HOME}baris/{ticket.category}/", row)
        (led,) = page.context["preview"].led
        expected = [ticket.number] if ticket.queue in ("", "general") else []
        assert (led.after, led.count, led.numbers) == ("legal", len(expected), expected)


class TestNames:
    def test_parts_are_called_by_name_with_the_code_beside(self, lead: Client) -> None:
        page = text(lead.get(f"{NEW}dispute_age/"))
        assert "Pemicu dispute_age" not in page
        assert '<span class="code small faint">dispute_age</span>' in page
        assert ">Tim Mediasi Sengketa</option>" in page
        assert ">mediation</option>" not in page
        form = text(lead.get(f"{HOME}formulir/fraud/"))
        assert "<h1>Formulir: Tim Investigasi Fraud</h1>" in form
        assert "<h1>Formulir: Umum</h1>" in text(lead.get(f"{HOME}formulir/general/"))

    def test_the_overview_says_what_a_source_is(self, lead: Client) -> None:
        page = text(lead.get(HOME))
        assert "Sumber (dokumen, bagian): 000, Tim Investigasi Fraud" in page

    def test_the_preview_names_the_trigger(self, lead: Client) -> None:
        page = text(lead.get(f"{NEW}dispute_age/hapus/"))
        (row,) = [row for row in matrix()["triggers"] if row["code"] == "dispute_age"]
        assert f'<h3>{row["name_id"]} <span class="code small faint">dispute_age</span>' in page
        assert f"Pemicu: {row['name_id']}</span>" in page


class TestHistory:
    def test_a_trigger_is_removed_and_comes_back(self, lead: Client) -> None:
        path = f"{NEW}dispute_age/hapus/"
        assert "berlarut" in text(lead.get(path))
        assert publish(lead, path, {"base_version": 1, "note": ""}).status_code == 400
        assert publish(lead, path, {"base_version": 1, "note": "Uji"}).status_code == 302
        assert "dispute_age" not in [row["code"] for row in matrix()["triggers"]]
        page = text(lead.get(f"{HOME}riwayat/"))
        assert "Uji" in page
        assert "berlarut" in page
        back = publish(lead, f"{HOME}versi/1/pulihkan/", {"base_version": 2, "note": "Kembali"})
        assert back.status_code == 302
        assert EscalationMatrix.objects.first().body == EscalationMatrix.objects.last().body  # type: ignore[union-attr]

    def test_words_of_others_are_shown_as_words(self, lead: Client) -> None:
        publish(lead, NEW, {**TYPED, "name_id": "<script>1</script>", "note": "<b>x</b>"})
        assert EscalationMatrix.objects.count() == 2
        for path in ("", "riwayat/"):
            page = text(lead.get(HOME + path))
            assert "<script>1" not in page
            assert "<b>x</b>" not in page

    def test_each_version_more_costs_no_query_more(self, lead: Client) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as seen:
                assert lead.get(f"{HOME}riwayat/").status_code == 200
            return len(seen)

        queries()  # what the process remembers is read
        one = queries()
        for days in range(8, 14):
            rows = [
                {**row, "when": {**row["when"], "age_more_than_days": days}}
                if row["code"] == "dispute_age"
                else row
                for row in matrix()["triggers"]
            ]
            EscalationMatrix.publish({**matrix(), "triggers": rows}, note=f"{days}")
        queries()  # publishing made it forget
        assert queries() == one
