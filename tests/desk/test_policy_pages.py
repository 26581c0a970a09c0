"""The policy editor as a supervisor uses it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from helpdesk.common.durations import wib_text
from people.actors import of_user
from people.models import User
from sla.models import PolicyApplication, PolicyDraft, SlaPolicy, WhatIf
from sla.services.policy_work import work_on_policies
from sla.services.publishing import edit_draft, publish_draft

pytestmark = pytest.mark.django_db
TARGET = "/aturan/sla/target/first-urgent/"
TYPED = {
    "metric": "first_response",
    "priority": "URGENT",
    "amount": "1",
    "unit": "hours",
    "calendar": "always",
    "warn": "",
    "revision": "0",
}
PAGES = (
    "policy",
    "policy_target_new",
    "policy_calendar_new",
    "policy_rest",
    "policy_history",
)


@pytest.fixture
def lead(sign_in: Any, supervisor: User) -> Client:
    client: Client = sign_in(supervisor)
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def draft() -> dict[str, Any]:
    body: dict[str, Any] = PolicyDraft.objects.get().body
    return body


def first_urgent(body: dict[str, Any]) -> dict[str, Any]:
    return next(row for row in body["targets"] if row["code"] == "first-urgent")


@pytest.mark.parametrize("name", PAGES)
def test_only_those_who_edit_rules_open_it(
    name: str, desk: Client, lead: Client, sign_in: Any, specialist: User, admin: User
) -> None:
    address = reverse(f"desk:{name}")
    assert desk.get(address).status_code == 403
    assert sign_in(specialist).get(address).status_code == 403
    assert lead.get(address).status_code == 200
    assert sign_in(admin).get(address).status_code == 200
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize(
    "address",
    [
        TARGET,
        "/aturan/sla/target/first-urgent/hapus/",
        "/aturan/sla/kalender/live_chat/hapus/",
        "/aturan/sla/draf/buang/",
        "/aturan/sla/draf/pindahkan/",
        "/aturan/sla/terbitkan/",
        "/aturan/sla/versi/1/pulihkan/",
        "/aturan/sla/versi/1/terapkan/",
        "/aturan/sla/penerapan/1/mulai/",
        "/aturan/sla/penerapan/1/hentikan/",
        "/aturan/sla/simulasi/",
        "/aturan/sla/simulasi/1/hentikan/",
    ],
)
def test_an_officer_can_post_nothing(desk: Client, address: str) -> None:
    assert desk.post(address, TYPED).status_code == 403
    assert not PolicyDraft.objects.exists()
    assert not PolicyApplication.objects.exists()


def test_the_policy_stands_there_in_words(lead: Client) -> None:
    page = text(lead.get("/aturan/sla/"))
    for words in ("Respons pertama", "2 jam", "sepanjang waktu", "5 hari kerja", "Senin–Jumat"):
        assert words in page
    lead.cookies["django_language"] = "en"
    page = text(lead.get("/aturan/sla/"))
    for words in ("First response", "2 hours", "around the clock", "5 working days"):
        assert words in page


def test_a_change_goes_into_the_draft_and_is_shown_as_a_difference(lead: Client) -> None:
    answer = lead.post(TARGET, TYPED)
    assert answer["Location"] == "/aturan/sla/"
    assert first_urgent(draft())["within"] == {"hours": 1}
    page = text(lead.get("/aturan/sla/"))
    assert "<del>URGENT: respons pertama dalam 2 jam, sepanjang waktu</del>" in page
    assert "<ins>URGENT: respons pertama dalam 1 jam, sepanjang waktu</ins>" in page
    assert SlaPolicy.objects.count() == 1


def test_a_wrong_part_is_refused_at_its_field(lead: Client) -> None:
    answer = lead.post(TARGET, {**TYPED, "amount": "99999", "warn": "80, 50"})
    assert answer.status_code == 400
    page = text(answer)
    assert 'id="policy_amount_error"' in page
    assert 'id="policy_warn_error"' in page
    assert 'value="99999"' in page
    assert not PolicyDraft.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", "0"),
        ("amount", "satu"),
        ("amount", "9" * 40),
        ("unit", "weeks"),
        ("calendar", "../etc"),
        ("metric", "kindness"),
        ("priority", "<b>"),
        ("warn", "5e1"),
        ("warn", "50;DROP TABLE"),
    ],
)
def test_hostile_input_is_an_error_at_the_field(lead: Client, field: str, value: str) -> None:
    answer = lead.post(TARGET, {**TYPED, field: value})
    assert answer.status_code == 400
    assert f'id="policy_{field}' in text(answer)
    assert not PolicyDraft.objects.exists()


def test_it_is_checked_while_one_types_and_nothing_is_kept(lead: Client) -> None:
    answer = lead.post(TARGET, {**TYPED, "check": "1"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    page = text(answer)
    assert page.lstrip().startswith("<form")
    assert "URGENT: respons pertama dalam 1 jam, sepanjang waktu" in page
    wrong = lead.post(TARGET, {**TYPED, "check": "1", "amount": "99999"})
    assert wrong.status_code == 200
    assert 'id="policy_amount_error"' in text(wrong)
    assert not PolicyDraft.objects.exists()


def test_a_new_promise_gets_a_code_of_its_own(lead: Client) -> None:
    typed = {**TYPED, "priority": [], "channel": ["email", "social"], "tier": ["gold"]}
    for revision in ("0", "1"):
        lead.post("/aturan/sla/target/", {**typed, "revision": revision})
        typed["channel"] = ["email"]
    added = [row for row in draft()["targets"] if row["code"].startswith("first-response")]
    assert [row["when"] for row in added] == [
        {"channel": ["email", "social"], "tier": ["gold"]},
        {"channel": ["email"], "tier": ["gold"]},
    ]
    assert len({row["code"] for row in added}) == 2


def test_taking_out_a_needed_promise_is_a_problem_that_blocks_publishing(lead: Client) -> None:
    lead.post("/aturan/sla/target/update-daily/hapus/", {"revision": "0"})
    page = text(lead.get("/aturan/sla/"))
    assert "1 masalah" in page
    assert "/aturan/sla/target/?metric=next_update" in page
    answer = lead.post("/aturan/sla/terbitkan/", {"note": "Tanpa", "revision": "1"})
    assert answer.status_code == 400
    assert SlaPolicy.objects.count() == 1


def test_a_calendar_with_two_blocks_a_day(lead: Client) -> None:
    typed = {
        "name_id": "Jam kantor",
        "name_en": "Office hours",
        "zone": "Asia/Jakarta",
        "holidays": "on",
        "mon": "08.00-12.00, 13:00–17:00",
        "revision": "0",
    }
    assert lead.post("/aturan/sla/kalender/", typed).status_code == 302
    assert draft()["calendars"]["office-hours"] == {
        "name_id": "Jam kantor",
        "name_en": "Office hours",
        "zone": "Asia/Jakarta",
        "holidays": True,
        "week": {"mon": [["08:00", "12:00"], ["13:00", "17:00"]]},
    }
    page = text(lead.get("/aturan/sla/kalender/office-hours/"))
    assert "08:00-12:00, 13:00-17:00" in page
    assert "Hari Kemerdekaan" in page
    for wrong in ("08:00-12:00, 11:00-17:00", "8-12", "08:00", "17:00-08:00", "x" * 200):
        answer = lead.post("/aturan/sla/kalender/office-hours/", {**typed, "mon": wrong})
        assert answer.status_code == 400, wrong
        assert 'id="policy_mon_error"' in text(answer), wrong


def test_a_calendar_in_use_stays(lead: Client) -> None:
    lead.post("/aturan/sla/kalender/live_chat/hapus/", {"revision": "0"})
    assert not PolicyDraft.objects.exists()
    assert lead.get("/aturan/sla/kalender/always/").status_code == 404
    assert lead.get("/aturan/sla/kalender/none/").status_code == 404
    assert lead.get("/aturan/sla/target/none/").status_code == 404


def rest_as_shown(lead: Client) -> dict[str, Any]:
    form = lead.get("/aturan/sla/lainnya/").context["form"]
    return {field.html_name: field.value() for field in form if field.value()}


def test_the_rest_saved_as_shown_changes_nothing(lead: Client) -> None:
    typed = rest_as_shown(lead)
    assert lead.post("/aturan/sla/lainnya/", typed).status_code == 302
    assert draft() == SlaPolicy.objects.get().body


def test_the_rest_is_changed(lead: Client) -> None:
    typed = rest_as_shown(lead) | {
        "closures": "2026-12-31 tutup buku\n2027-01-02",
        "warning_percent": "40, 70, 90",
        "pauses_acceptance": ["hold"],
        "breach_resolution": "supervisors",
        "receiving_fraud": "acceptance",
    }
    assert lead.post("/aturan/sla/lainnya/", typed).status_code == 302
    body = draft()
    assert body["closures"] == ["2026-12-31", "2027-01-02"]
    assert body["closure_names"] == {"2026-12-31": "tutup buku"}
    assert "2026-12-31 tutup buku" in text(lead.get("/aturan/sla/"))
    assert "2026-12-31 tutup buku" in text(lead.get("/aturan/sla/kalender/working_days/"))
    assert body["warning_percent"] == [40, 70, 90]
    assert body["pauses"]["acceptance"] == ["hold"]
    assert body["breach"]["resolution"] == "supervisors"
    assert "fraud" not in body["receiving"]
    wrong = rest_as_shown(lead) | {"closures": "31/12/2026", "confirmation_hours": "0"}
    page = text(lead.post("/aturan/sla/lainnya/", wrong))
    assert 'id="policy_closures_error"' in page
    assert 'id="policy_confirmation_hours_error"' in page


def test_publishing_asks_for_a_note_and_leads_to_the_version(lead: Client) -> None:
    lead.post(TARGET, TYPED)
    answer = lead.post("/aturan/sla/terbitkan/", {"note": "", "revision": "1"})
    assert answer.status_code == 400
    answer = lead.post("/aturan/sla/terbitkan/", {"note": "<i>Cepat</i>", "revision": "1"})
    assert answer["Location"] == "/aturan/sla/versi/2/"
    page = text(lead.get("/aturan/sla/versi/2/"))
    assert "&lt;i&gt;Cepat&lt;/i&gt;" in page
    assert "Sari" in page
    history = text(lead.get("/aturan/sla/riwayat/"))
    assert "1 bagian berubah" in history
    assert lead.get("/aturan/sla/terbitkan/")["Location"] == "/aturan/sla/"


def test_another_version_meanwhile_is_said_and_can_be_taken_over(
    lead: Client, manager: User
) -> None:
    lead.post(TARGET, TYPED)
    other = of_user(manager)

    def change(body: dict[str, Any]) -> None:
        body["confirmation_hours"] = 48

    edit_draft(actor=other, change=change)
    publish_draft(actor=other, note="Konfirmasi dua hari")
    assert "Versi 2 diberlakukan sementara itu" in text(lead.get("/aturan/sla/"))
    answer = lead.post("/aturan/sla/terbitkan/", {"note": "URGENT", "revision": "1"})
    assert answer.status_code == 409
    lead.post("/aturan/sla/draf/pindahkan/", {"revision": "1"})
    assert draft()["confirmation_hours"] == 48
    assert first_urgent(draft())["within"] == {"hours": 1}
    answer = lead.post("/aturan/sla/terbitkan/", {"note": "URGENT", "revision": "2"})
    assert answer["Location"] == "/aturan/sla/versi/3/"


def test_an_older_version_is_restored_as_a_new_one(lead: Client) -> None:
    lead.post(TARGET, TYPED)
    lead.post("/aturan/sla/terbitkan/", {"note": "Cepat", "revision": "1"})
    page = text(lead.get("/aturan/sla/versi/1/pulihkan/"))
    assert "<ins>URGENT: respons pertama dalam 2 jam, sepanjang waktu</ins>" in page
    answer = lead.post("/aturan/sla/versi/1/pulihkan/", {"note": "Kembali", "seen": "2"})
    assert answer["Location"] == "/aturan/sla/versi/3/"
    assert SlaPolicy.objects.get(version=3).body == SlaPolicy.objects.get(version=1).body
    assert lead.get("/aturan/sla/versi/9/").status_code == 404


def test_a_draft_is_thrown_away_by_its_owner_alone(
    lead: Client, sign_in: Any, manager: User
) -> None:
    lead.post(TARGET, TYPED)
    sign_in(manager).post("/aturan/sla/draf/buang/", {"revision": "0"})
    assert PolicyDraft.objects.count() == 1
    lead.post("/aturan/sla/draf/buang/", {"revision": "1"})
    assert not PolicyDraft.objects.exists()


def test_trying_a_draft_shows_both_sides(lead: Client, sign_in: Any, manager: User) -> None:
    lead.post(TARGET, TYPED)
    answer = lead.post("/aturan/sla/simulasi/")
    what_if = WhatIf.objects.get()
    assert answer["Location"] == f"/aturan/sla/simulasi/{what_if.pk}/"
    waiting = text(lead.get(answer["Location"]))
    assert f'hx-get="/aturan/sla/simulasi/{what_if.pk}/langsung/"' in waiting
    work_on_policies()
    done = text(lead.get(f"/aturan/sla/simulasi/{what_if.pk}/langsung/"))
    assert "hx-get" not in done
    assert "dipenuhi dengan draf" in done
    for moment in (what_if.since, what_if.until):
        assert f">{wib_text(moment)}</time>" in waiting
    # A draft is its author's own business until it is published.
    assert sign_in(manager).get(answer["Location"]).status_code == 404


def test_what_does_not_change_is_folded(lead: Client, ticket_in: Any) -> None:
    ticket = ticket_in("classified")
    PolicyDraft.objects.all().delete()
    lead.post(TARGET, TYPED)
    lead.post("/aturan/sla/simulasi/")
    work_on_policies()
    what_if = text(lead.get(f"/aturan/sla/simulasi/{WhatIf.objects.get().pk}/"))
    assert "Semua janji berakhir sama seperti dengan versi 1." in what_if
    assert "2 baris tanpa perubahan</summary>" in what_if
    lead.post("/aturan/sla/terbitkan/", {"note": "Cepat", "revision": "1"})
    address = lead.post("/aturan/sla/versi/2/terapkan/")["Location"]
    work_on_policies()
    shown, folded = text(lead.get(address)).split("1 baris tanpa perubahan</summary>")
    assert "Respons pertama" in shown
    assert "Penyelesaian" in folded.split("</details>")[0]
    assert ticket.number in folded


def test_applying_is_seen_before_it_is_done(lead: Client, ticket_in: Any) -> None:
    ticket = ticket_in("classified")
    lead.post(TARGET, TYPED)
    lead.post("/aturan/sla/terbitkan/", {"note": "Cepat", "revision": "1"})
    address = lead.post("/aturan/sla/versi/2/terapkan/")["Location"]
    assert "hx-get" in text(lead.get(address))
    work_on_policies()
    page = text(lead.get(address))
    assert ticket.number in page
    assert "Terapkan versi 2</button>" in page
    lead.post(f"{address}mulai/")
    assert PolicyApplication.objects.get().state == "ready"  # without saying what was seen
    seen = {"seen": PolicyApplication.objects.get().counted_at.isoformat()}
    assert f'name="seen" value="{seen["seen"]}"' in page
    lead.post(f"{address}mulai/", seen)
    work_on_policies()
    assert "1 tenggat bergeser" in text(lead.get(address))
    timeline = text(lead.get(f"/meja/{ticket.number}/?view=all"))
    assert "Versi 2 kebijakan SLA diterapkan: respons pertama bertenggat" in timeline
    assert lead.post(f"{address}mulai/", seen).status_code == 302  # twice changes nothing
    assert PolicyApplication.objects.get().state == "done"


def test_the_moves_are_paged_and_exported(
    lead: Client, desk: Client, ticket_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.policy.application_page.PAGE_SIZE", 1)
    numbers = {ticket_in("classified").number for _n in range(2)}
    lead.post(TARGET, TYPED)
    lead.post("/aturan/sla/terbitkan/", {"note": "Cepat", "revision": "1"})
    address = lead.post("/aturan/sla/versi/2/terapkan/")["Location"]
    work_on_policies()
    pages = [text(lead.get(f"{address}?page={n}")) for n in (1, 2)]
    assert {number for number in numbers for page in pages if f"/meja/{number}/" in page} == numbers
    assert not any(all(f"/meja/{number}/" in page for number in numbers) for page in pages)
    assert "1 / 2" in pages[0]
    answer = lead.get(f"{address}ekspor.csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0].lstrip("\ufeff").startswith("Tiket,Prioritas,Janji,Langsung terlewat,")
    assert {line.split(",")[0] for line in lines[1:]} == numbers
    assert lines[1].endswith(",-3600.0")
    assert desk.get(f"{address}ekspor.csv").status_code == 403


def test_few_queries(lead: Client, django_assert_max_num_queries: Any) -> None:
    lead.post(TARGET, TYPED)
    lead.get("/aturan/sla/")
    with django_assert_max_num_queries(14):
        lead.get("/aturan/sla/")


def test_no_two_pages_share_what_they_edit(lead: Client) -> None:
    """The version in this process's memory is never written into."""
    before = deepcopy(SlaPolicy.in_force().body)
    lead.post(TARGET, TYPED)
    assert SlaPolicy.in_force().body == before
