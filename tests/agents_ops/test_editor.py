"""The supervisors' editor: a playbook is added, changed, published, restored, and guides at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from agents_ops.models import PlaybookDraft, PlaybookSet
from agents_ops.services import do_step, start_playbook
from people.actors import Actor
from people.models import User
from tests.agents_ops.conftest import AgentTicket

HOME = "/aturan/playbook/"
DEPOSIT = f"{HOME}sop/deposit_bank/"
HEAD = {
    "code": "lost_card",
    "id": "Kartu agen hilang",
    "en": "Agent's card lost",
    "group": "account",
    "category": ["agent_account"],
    "words": "kartu hilang, kartu",
}


def step(**changes: Any) -> dict[str, Any]:
    """The form of a step with one field and one way, as a browser sends it."""
    return {
        "code": "start",
        "place": 1,
        "title": "Tanyakan kapan kartu hilang",
        "kind": "ask",
        "ask": "Kapan hilang?\nDi mana?",
        "check_lines": "",
        "reply": "Kapan kartunya hilang, Kak {customer_name}?",
        "seconds": 60,
        "team": "",
        "form": "",
        "fields-TOTAL_FORMS": 1,
        "fields-INITIAL_FORMS": 0,
        "fields-0-code": "lost_at",
        "fields-0-label": "Waktu hilang",
        "fields-0-type": "datetime",
        "fields-0-needed": "on",
        "ways-TOTAL_FORMS": 1,
        "ways-INITIAL_FORMS": 1,
        "ways-0-condition": "always",
        "ways-0-target": "end:solved",
        **changes,
    }


@pytest.fixture
def lead(client: Client, supervisor: User) -> Client:
    client.force_login(supervisor)
    return client


def test_every_page_is_there_for_a_supervisor(lead: Client) -> None:
    lead.post(f"{HOME}baru/", HEAD)
    for page in (
        "",
        "baru/",
        "terbitkan/",
        "riwayat/",
        "versi/1/",
        "sop/deposit_bank/",
        "sop/deposit_bank/nama/",
        "sop/deposit_bank/langkah/",
        "sop/deposit_bank/langkah/match/",
    ):
        assert lead.get(f"{HOME}{page}").status_code == 200, page


def test_what_is_not_there_answers_404(lead: Client) -> None:
    for page in ("sop/moon/", "sop/deposit_bank/langkah/moon/", "versi/99/", "versi/99/pulihkan/"):
        assert lead.get(f"{HOME}{page}").status_code == 404, page


def test_an_officer_may_not(client: Client, officer: User) -> None:
    client.force_login(officer)
    for page in ("", "baru/", "riwayat/", "sop/deposit_bank/"):
        assert client.get(f"{HOME}{page}").status_code == 403
    assert client.post(f"{HOME}baru/", HEAD).status_code == 403
    assert not PlaybookDraft.objects.exists()


def test_a_new_playbook_guides_the_next_ticket(
    lead: Client, agent_ticket: AgentTicket, agent_officer: Actor
) -> None:
    assert lead.post(f"{HOME}baru/", HEAD).status_code == 302
    assert lead.post(f"{HOME}sop/lost_card/langkah/start/", step()).status_code == 302
    ticket = agent_ticket()
    assert "lost_card" not in PlaybookSet.exactly_in_force().playbooks
    assert lead.post(f"{HOME}terbitkan/", {"note": "Kartu hilang"}).status_code == 302
    run = start_playbook(actor=agent_officer, ticket_id=ticket.pk, playbook="lost_card")
    assert (run.rules.version, run.step) == (2, "start")
    values = {"lost_at": "2026-11-18T12:00"}
    after = do_step(actor=agent_officer, ticket_id=ticket.pk, step="start", values=values)
    assert after.outcome == "solved"
    assert after.records.get().standard == 60


def test_a_run_keeps_the_version_that_it_began_with(
    lead: Client, agent_ticket: AgentTicket, agent_officer: Actor
) -> None:
    run = start_playbook(actor=agent_officer, ticket_id=agent_ticket().pk, playbook="deposit_bank")
    lead.post(f"{HOME}sop/deposit_bank/hapus/", {})
    assert lead.post(f"{HOME}terbitkan/", {"note": "Tidak dipakai"}).status_code == 302
    assert "deposit_bank" not in PlaybookSet.exactly_in_force().playbooks
    run.refresh_from_db()
    assert run.open_step is not None


def test_saving_a_step_as_it_is_changes_nothing(lead: Client) -> None:
    for code, playbook in PlaybookSet.in_force().playbooks.items():
        for one in playbook.steps:
            url = f"{HOME}sop/{code}/langkah/{one.code}/"
            context = lead.get(url).context
            data: dict[str, Any] = {}
            for each in (context["form"], *context["fields"], *context["ways"]):
                for bound in each:
                    value = bound.value()
                    if value is not None and value is not False:
                        data[bound.html_name] = "on" if value is True else value
            for rows in (context["fields"], context["ways"]):
                for bound in rows.management_form:
                    data[bound.html_name] = bound.value()
            assert lead.post(url, data).status_code == 302, url
    draft = PlaybookDraft.objects.get()
    assert draft.body == PlaybookSet.in_force().body


def test_a_loop_cannot_be_published(lead: Client) -> None:
    ways = {"ways-0-target": "go:proof", "code": "close", "place": 8, "kind": "inform"}
    lead.post(f"{DEPOSIT}langkah/close/", step(**ways))
    answer = lead.post(f"{HOME}terbitkan/", {"note": "Berputar"})
    assert answer.status_code == 400
    assert "kembali ke langkah ini" in lead.get(HOME).content.decode()
    assert PlaybookSet.objects.count() == 1


def test_two_windows_do_not_overwrite_each_other(lead: Client) -> None:
    lead.post(f"{HOME}baru/", HEAD)
    answer = lead.post(f"{DEPOSIT}langkah/close/", step(code="close", revision=0))
    assert answer.status_code == 409


def test_an_older_version_comes_back(lead: Client) -> None:
    lead.post(f"{HOME}sop/deposit_bank/hapus/", {})
    lead.post(f"{HOME}terbitkan/", {"note": "Tidak dipakai"})
    answer = lead.post(f"{HOME}versi/1/pulihkan/", {"note": "Kembali", "seen": 2})
    assert answer.status_code == 302
    assert "deposit_bank" in PlaybookSet.exactly_in_force().playbooks
    assert PlaybookSet.objects.count() == 3


def test_a_draft_is_thrown_away(lead: Client) -> None:
    lead.post(f"{HOME}baru/", HEAD)
    lead.post(f"{HOME}draf/buang/", {})
    assert not PlaybookDraft.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"code": "Lost Card"},
        {"code": "x" * 41},
        {"code": "deposit_bank"},
        {"id": ""},
        {"group": "moon"},
        {"category": ["moon"]},
    ],
)
def test_a_wrong_head_is_refused(lead: Client, changes: dict[str, Any]) -> None:
    assert lead.post(f"{HOME}baru/", {**HEAD, **changes}).status_code == 400
    assert not PlaybookDraft.objects.exists()


def kept(lead: Client, **typed: Any) -> dict[str, Any]:
    """The new playbook's first step as the draft holds it after this form."""
    lead.post(f"{HOME}baru/", HEAD)
    answer = lead.post(f"{HOME}sop/lost_card/langkah/start/", step(**typed))
    assert answer.status_code == 302, answer.content.decode()
    (row,) = [r for r in PlaybookDraft.objects.get().body["playbooks"] if r["code"] == "lost_card"]
    found: dict[str, Any] = row["steps"][0]
    return found


@pytest.mark.parametrize(
    ("typed", "given"),
    [
        ({"kind": "lookup", "system": "deposit"}, {"system": "deposit"}),
        ({"kind": "verify", "verifies": "rule:strict"}, {"rule": "strict"}),
        (
            {"kind": "verify", "verifies": "points", "points": ["name", "phone"], "needs": 2},
            {"points": ["name", "phone"], "needs": 2},
        ),
        (
            {"kind": "verify", "verifies": "account_holder", "holder_field": "lost_at"},
            {"account_holder": "lost_at"},
        ),
        (
            {"kind": "approval", "about": "withdrawal", "by": "operations"},
            {"about": "withdrawal", "by": "operations"},
        ),
        (
            {"kind": "supplier_complaint", "complains": "missing", "follow_up_seconds": 7200},
            {"about": "missing", "hard": False, "follow_up_seconds": 7200},
        ),
        (
            {"kind": "supplier_complaint", "complains": "pending", "hard": "on"},
            {"about": "pending", "hard": True},
        ),
        ({"kind": "escalate", "team": "fraud", "automatic": "on"}, {"automatic": True}),
        ({"watch": "agents"}, {"watch": "agents"}),
        # What another kind would need is not kept.
        ({"kind": "check", "verifies": "rule:strict", "about": "withdrawal"}, None),
    ],
)
def test_what_a_gate_is_given_is_edited(
    lead: Client, typed: dict[str, Any], given: dict[str, Any] | None
) -> None:
    assert kept(lead, **typed).get("with") == given
    page = lead.get(f"{HOME}sop/lost_card/").content.decode()
    assert "notice-red" not in page
    again = lead.get(f"{HOME}sop/lost_card/langkah/start/").content.decode()
    for value in (v for v in (given or {}).values() if isinstance(v, str)):
        assert value in again


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"kind": "verify"}, "Aturan verifikasi ini tidak dikenal."),
        ({"kind": "verify", "verifies": "account_holder", "holder_field": "moon"}, "Tidak ada"),
        ({"kind": "approval"}, "Jenis persetujuan ini tidak dikenal."),
        ({"kind": "supplier_complaint"}, "Sebutkan apa yang dikomplain ke suplier."),
        (
            {
                "kind": "supplier_complaint",
                "complains": "pending",
                "hard": "on",
                "follow_up_seconds": 600,
            },
            "bukan langkah komplain keras",
        ),
        ({"watch": "agents", "seconds": ""}, "Janji waktu perlu standar waktu."),
    ],
)
def test_a_gate_that_is_given_nonsense_keeps_the_playbook_from_being_published(
    lead: Client, typed: dict[str, Any], sentence: str
) -> None:
    kept(lead, **typed)
    assert sentence in lead.get(f"{HOME}sop/lost_card/langkah/start/").content.decode()
    refused = lead.post(f"{HOME}terbitkan/", {"note": "coba"})
    assert refused.status_code in (400, 409)
    assert PlaybookSet.objects.count() == 1


@pytest.mark.parametrize(
    "typed",
    [
        {"kind": "verify", "verifies": "rule:moon"},
        {"kind": "verify", "verifies": "points", "points": ["moon"]},
        {"kind": "approval", "about": "moon"},
        {"kind": "supplier_complaint", "complains": "pending", "follow_up_seconds": 1},
        {"watch": "moon"},
    ],
)
def test_a_value_that_no_list_has_is_refused_at_once(lead: Client, typed: dict[str, Any]) -> None:
    lead.post(f"{HOME}baru/", HEAD)
    answer = lead.post(f"{HOME}sop/lost_card/langkah/start/", step(**typed))
    assert answer.status_code == 400
