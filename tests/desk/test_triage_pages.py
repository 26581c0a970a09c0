"""The editor of the triage rules as a supervisor uses it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from people.actors import of_user
from people.models import User
from people.services.reference import read_fixture
from tests.cast import FileTicket
from tests.support.triage_rules import A_FROG, frogs, more_words
from tickets.catalogue import category_name
from tickets.models import TriageDraft, TriageOffer, TriageRules, TriageTrial
from tickets.services.rulebook import edit_rules_draft, load_triage_rules, publish_rules_draft
from tickets.services.trials import work_on_trials

pytestmark = pytest.mark.django_db
HOME = "/aturan/triase/"
PRESS = f"{HOME}aturan/rules/press/"
TITLES = {"id": "Sebab", "en": "Reason", "source": "000"}


@pytest.fixture
def lead(sign_in: Any, supervisor: User) -> Client:
    client: Client = sign_in(supervisor)
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def draft() -> dict[str, Any]:
    body: dict[str, Any] = TriageDraft.objects.get().body
    return body


@pytest.mark.parametrize(
    "address",
    ["", "coba/", "kata/", "kata/hack/", "aturan/", "ambang/mediation/", "tanda/hashtag/",
     "kategori/press/", "kategori/press/nama/", "kategori/press/queue/0/", "riwayat/", "versi/1/", "pembaca/"],
)  # fmt: skip
def test_only_those_who_edit_rules_open_it(
    address: str, desk: Client, lead: Client, sign_in: Any, specialist: User, admin: User
) -> None:
    page = HOME + address
    assert desk.get(page).status_code == 403
    assert sign_in(specialist).get(page).status_code == 403
    assert lead.get(page).status_code == 200
    assert sign_in(admin).get(page).status_code == 200
    assert Client().get(page).status_code == 302


@pytest.mark.parametrize(
    "address",
    ["ambang/mediation/", "kata/hack/hapus/", "aturan/rules/press/hapus/", "draf/buang/",
     "kategori/press/queue/0/hapus/", "draf/pindahkan/", "tawaran/", "terbitkan/", "coba/",
     "versi/1/pulihkan/", "simulasi/", "simulasi/1/hentikan/"],
)  # fmt: skip
def test_an_officer_can_post_nothing(desk: Client, address: str) -> None:
    assert desk.post(HOME + address, {"value": "1", "unit": "days"}).status_code == 403
    assert not TriageDraft.objects.exists()


@pytest.mark.parametrize(
    "address",
    ["kata/tak-ada/", "ambang/x/", "tanda/x/", "kategori/x/", "aturan/rules/x/", "aturan/x/press/",
     "kategori/press/queue/99/", "kategori/press/moon/0/", "versi/9/", "simulasi/9/"],
)  # fmt: skip
def test_what_is_not_there_is_404(lead: Client, address: str) -> None:
    assert lead.get(HOME + address).status_code == 404


def test_the_rules_stand_there_in_words_in_both_languages(lead: Client) -> None:
    page = text(lead.get(HOME))
    for words in ("Permintaan pers", "15 menit", "Tim Mediasi Sengketa", "#TolongTokopedia"):
        assert words in page
    page = text(lead.get(f"{HOME}kategori/press/"))
    assert "bukan (viral_threat atau lawsuit)" in page
    lead.cookies["django_language"] = "en"
    assert "not (viral_threat or lawsuit)" in text(lead.get(f"{HOME}kategori/press/"))


def test_words_are_checked_and_go_into_the_draft(lead: Client) -> None:
    patterns = read_fixture("triage_rules.json")["concepts"]["hack"]
    typed = {"patterns": "\n".join([*patterns, ".. akun"]), "revision": "0"}
    answer = lead.post(f"{HOME}kata/hack/", typed)
    assert answer.status_code == 400
    assert f"Baris {len(patterns) + 1} tidak dapat dibaca: .. akun" in text(answer)
    assert not TriageDraft.objects.exists()
    checked = lead.post(f"{HOME}kata/hack/", {**typed, "check": "1"})
    assert (checked.status_code, "<main" in text(checked)) == (200, False)
    typed["patterns"] = "\n".join([*patterns[1:], "zzkodokzz"])
    assert lead.post(f"{HOME}kata/hack/", typed)["Location"] == HOME
    assert draft()["concepts"]["hack"] == [*patterns[1:], "zzkodokzz"]
    page = text(lead.get(HOME))
    assert "<ins>hack: zzkodokzz</ins>" in page
    assert f"<del>hack: {patterns[0]}" in page


def test_new_words_a_rule_that_asks_for_them_and_both_taken_out_again(lead: Client) -> None:
    words = {"name": "frogs", "patterns": "zzkodokzz", "revision": "0"}
    assert lead.post(f"{HOME}kata/", {**words, "name": "Two words"}).status_code == 400
    assert lead.post(f"{HOME}kata/", {**words, "name": "hack"}).status_code == 400
    assert lead.post(f"{HOME}kata/", words).status_code == 302
    rule = {**TITLES, "rule": "frog", "category": "press", "before": "", "revision": "1"}
    assert lead.post(f"{HOME}aturan/", {**rule, "when": ""}).status_code == 400
    answer = lead.post(f"{HOME}aturan/", {**rule, "when": "frogs\nbukan toads"})
    assert "Tidak ada kata dengan nama ini: toads" in text(answer)
    made = lead.post(f"{HOME}aturan/", {**rule, "when": "frogs\nbukan hack"})
    assert made["Location"] == f"{HOME}kategori/press/"
    row = draft()["rules"][-1]
    assert (row["rule"], row["when"]) == ("frog", {"all": ["frogs"], "none": ["hack"]})
    assert "decides" not in row
    lead.post(
        f"{HOME}aturan/rules/frog/", {**rule, "when": "frogs", "decides": "on", "revision": ""}
    )
    assert draft()["rules"][-1]["decides"]
    lead.post(f"{HOME}kata/frogs/hapus/")
    assert "frogs" in draft()["concepts"]
    lead.post(f"{HOME}aturan/rules/frog/hapus/")
    lead.post(f"{HOME}kata/frogs/hapus/")
    assert draft() == TriageRules.objects.get().body


def test_a_condition_that_nobody_touched_stays_as_it_was_written(lead: Client) -> None:
    before = next(
        row for row in read_fixture("triage_rules.json")["rules"] if row["rule"] == "press"
    )
    page = lead.get(PRESS)
    typed = {
        name: page.context["form"][name].value() or "" for name in ("when", "category", "source")
    }
    lead.post(PRESS, {**typed, "id": "Sebab", "en": "Reason", "revision": "0"})
    row = next(row for row in draft()["rules"] if row["rule"] == "press")
    assert (row["when"], row["id"]) == (before["when"], "Sebab")
    lead.cookies["django_language"] = "en"
    assert "not (viral_threat or lawsuit)" in text(lead.get(PRESS))


def test_a_tables_rows_are_added_moved_and_taken_out(lead: Client) -> None:
    rows = f"{HOME}kategori/press/priority/"
    new = {**TITLES, "value": "URGENT", "place": "1", "when": "hack", "revision": "0"}
    assert lead.post(f"{rows}baru/", {**new, "place": "9"}).status_code == 400
    assert lead.post(f"{rows}baru/", {**new, "when": ""}).status_code == 400
    assert lead.post(f"{rows}baru/", {**new, "value": "SOON"}).status_code == 400
    assert lead.post(f"{rows}baru/", new)["Location"] == f"{HOME}kategori/press/"
    table = draft()["categories"]["press"]["priority"]
    assert [row["priority"] for row in table] == ["URGENT", "MEDIUM"]
    moved = lead.post(f"{rows}0/", {**new, "place": "2", "revision": "1"})
    assert moved.status_code == 400
    assert lead.post(f"{rows}0/hapus/").status_code == 302
    lead.post(f"{rows}0/hapus/")
    assert [row["priority"] for row in draft()["categories"]["press"]["priority"]] == ["MEDIUM"]


def test_thresholds_flags_and_names(lead: Client) -> None:
    threshold = f"{HOME}ambang/mediation/"
    assert lead.post(threshold, {"value": "-4", "unit": "amount_idr"}).status_code == 400
    # Where rules compare amounts with it, it cannot become a length of time.
    answer = lead.post(threshold, {"value": "4", "unit": "days"})
    assert (answer.status_code, "bukan nilai" in text(lead.get(HOME))) == (302, True)
    lead.post(threshold, {"value": "6000000", "unit": "amount_idr", "source": "000"})
    assert draft()["thresholds"]["mediation"] == {"amount_idr": 6_000_000, "source": "000"}
    lead.post(f"{HOME}tanda/hashtag/", {**TITLES, "text": "#BantuKami"})
    assert draft()["flags"]["hashtag"]["text"] == "#BantuKami"
    assert "text_from" not in draft()["flags"]["hashtag"]
    lead.post(f"{HOME}kategori/press/nama/", {"id": "Pers", "en": "Press", "reporters": "seller"})
    lead.post(f"{HOME}pembaca/", {})
    assert "model" not in draft()
    lead.post(f"{HOME}pembaca/", {"used": "on"})
    assert draft()["model"] == "complaints"
    press = draft()["categories"]["press"]
    assert (press["id"], press["reporters"], len(press["queue"])) == ("Pers", ["seller"], 1)


def test_a_text_is_judged_by_both_and_nothing_is_stored(lead: Client, supervisor: User) -> None:
    typed = {
        "body": A_FROG,
        "channel": "web",
        "reporter": "buyer",
        "tier": "regular",
    }
    assert lead.post(f"{HOME}coba/", {**typed, "body": ""}).status_code == 400
    alone = lead.post(f"{HOME}coba/", typed)
    (before,) = alone.context["verdicts"]
    edit_rules_draft(actor=of_user(supervisor), change=frogs)
    answer = lead.post(f"{HOME}coba/", typed)
    now, then = answer.context["verdicts"]
    assert before.category == now.category != then.category == "Pembajakan akun"
    assert "category" in then.differs
    assert "<mark>zzkodokzz</mark>" in text(answer)
    edit_rules_draft(actor=of_user(supervisor), change=more_words("hack", ".. x"))
    assert lead.post(f"{HOME}coba/", typed).context["unsound"]


def test_published_with_a_reason_and_rolled_back_in_one_click(
    lead: Client, supervisor: User
) -> None:
    assert lead.get(f"{HOME}terbitkan/").status_code == 302
    edit_rules_draft(actor=of_user(supervisor), change=frogs)
    refused = lead.post(f"{HOME}terbitkan/", {"note": " ", "revision": "1"})
    assert (refused.status_code, TriageRules.objects.count()) == (400, 1)
    assert lead.post(f"{HOME}terbitkan/", {"note": "Kata", "revision": "7"}).status_code == 409
    done = lead.post(f"{HOME}terbitkan/", {"note": "Kata baru", "revision": "1"})
    assert done["Location"] == f"{HOME}versi/2/"
    page = text(lead.get(f"{HOME}riwayat/"))
    assert "Kata baru" in page
    assert supervisor.full_name in page
    form = lead.get(f"{HOME}versi/1/").context["form"]
    click = {"note": form["note"].value(), "seen": form["seen"].value()}
    assert lead.post(f"{HOME}versi/1/pulihkan/", click)["Location"] == f"{HOME}versi/3/"
    latest = TriageRules.objects.order_by("-version")[0]
    assert (latest.note, latest.published_by) == ("Kembali ke versi 1", supervisor)
    assert lead.post(f"{HOME}versi/2/pulihkan/", {**click, "seen": "2"}).status_code == 409


def test_a_trial_shows_its_tickets_to_those_who_may_see_them(
    lead: Client, supervisor: User, sign_in: Any, manager: User, file_ticket: FileTicket
) -> None:
    ticket = file_ticket(subject="Kodok", description=A_FROG)
    edit_rules_draft(actor=of_user(supervisor), change=frogs)
    answer = lead.post(f"{HOME}simulasi/")
    page = answer["Location"]
    assert "hx-get" in text(lead.get(page))
    work_on_trials()
    shown = text(lead.get(page))
    assert f'href="/meja/{ticket.number}/?view=all"' in shown
    assert f"<del>{category_name(ticket.category)}</del> → Pembajakan akun" in shown
    assert "hx-get" not in text(lead.get(f"{page}langsung/"))
    assert sign_in(manager).get(page).status_code == 404
    assert lead.post(f"{page}hentikan/").status_code == 302
    assert TriageTrial.objects.get().state == "done"


def test_a_releases_offer_is_shown_and_taken(lead: Client, supervisor: User) -> None:
    edit_rules_draft(actor=of_user(supervisor), change=frogs)
    publish_rules_draft(actor=of_user(supervisor), note="Kata")
    shipped = read_fixture("triage_rules.json")
    shipped["concepts"]["hack"].append("zzcicakzz")
    load_triage_rules(shipped)
    assert "hack: zzcicakzz" in text(lead.get(HOME))
    lead.post(f"{HOME}tawaran/", {"do": "take", "revision": "0"})
    assert draft()["concepts"]["hack"][-1] == "zzcicakzz"
    assert TriageOffer.objects.get().taken
    assert reverse("desk:triage_offer") not in text(lead.get(HOME))
