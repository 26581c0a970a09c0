"""Tickets of other helpdesks brought in, and ours written out."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from helpdesk.common import clock
from people.actors import of_user
from people.models import Customer, User
from sla.models import Clock, Timer
from sla.services import audit_deadlines
from tests.cast import FileTicket
from tests.support.webhooks import webhook_of
from tickets.event_feed import told_events
from tickets.models import (
    ImportedTicket,
    Message,
    OutgoingMail,
    Ticket,
    TicketEvent,
)
from tickets.moving import run as running
from tickets.services import close_ticket, handle_ticket, reopen_ticket, reply_to_customer
from tickets.webhooks.owing import owe_deliveries

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parent / "data" / "moving"


def move(*words: Any, fails: bool = False) -> str:
    """What the command says; with `fails`, the reason for which it ends."""
    told, failure = io.StringIO(), ""
    try:
        call_command("tickets", *map(str, words), stdout=told, stderr=io.StringIO())
    except CommandError as error:
        failure = str(error)
    assert bool(failure) is fails, failure or told.getvalue()
    return failure if fails else told.getvalue()


def lines(path: Path, *shapes: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(shape) + "\n" for shape in shapes), "utf-8")
    return path


def report(path: Path) -> list[dict[str, str]]:
    with path.with_name(f"{path.name}.report.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def old(number: int, **changes: Any) -> dict[str, Any]:
    """A ticket that another system closed long ago."""
    return {
        "external_id": f"A-{number}",
        "state": "closed",
        "subject": "Paket belum sampai",
        "description": "Paket saya belum sampai sejak seminggu.",
        "customer": {"name": "Tini", "email": f"tini{number}@example.com"},
        "received_at": "2026-03-01T08:00:00+07:00",
        "closed_at": "2026-03-02T09:00:00+07:00",
        "messages": [
            {
                "kind": "reply",
                "body": "Kami cek dahulu ya.",
                "sent_at": "2026-03-01T09:30:00+07:00",
                "author": {"email": "dimas@demo.tuntas.id"},
            }
        ],
        **changes,
    }


def test_a_closed_ticket_arrives_closed_with_its_times_and_words(
    tmp_path: Path, officer: User
) -> None:
    said = move("import", lines(tmp_path / "a.jsonl", old(1)))
    assert "1 rows read, 1 tickets came in" in said
    ticket = Ticket.objects.get(imported__source="tuntas", imported__external_id="A-1")
    assert (ticket.state, ticket.category != "", ticket.team is not None) == ("closed", True, True)
    assert ticket.received_at == datetime(2026, 3, 1, 1, tzinfo=UTC)
    assert ticket.closed_at == datetime(2026, 3, 2, 2, tzinfo=UTC)
    assert ticket.first_response_at == datetime(2026, 3, 1, 2, 30, tzinfo=UTC)
    assert [(m.kind, m.author, m.sent_at) for m in ticket.messages.all()] == [
        ("customer", None, ticket.received_at),
        ("reply", officer, ticket.first_response_at),
    ]
    kinds = list(ticket.events.values_list("kind", "to_state"))
    assert kinds == [
        ("received", "received"),
        ("classified", "classified"),
        ("replied", ""),
        ("closed", "closed"),
        ("sealed", ""),
    ]
    assert not Clock.objects.filter(ticket=ticket).exists()
    assert not Timer.objects.filter(subject_id=ticket.pk, state="armed").exists()
    assert not OutgoingMail.objects.exists()


def test_a_reopened_one_has_deadlines_that_follow_from_its_history(
    tmp_path: Path, supervisor: User
) -> None:
    move("import", lines(tmp_path / "a.jsonl", old(1)))
    ticket = Ticket.objects.get(imported__external_id="A-1")
    reopen_ticket(actor=of_user(supervisor), ticket_id=ticket.pk, reason="Belum selesai.")
    assert set(Clock.objects.filter(ticket=ticket).values_list("metric", flat=True)) == {
        "next_update",
        "resolution",
    }
    assert list(audit_deadlines()) == []


def test_an_open_one_lives_by_our_rules_and_its_customer_hears_nothing(
    tmp_path: Path, officer: User
) -> None:
    now = clock.now()
    begun = (now - timedelta(hours=2)).isoformat()
    shape = old(
        2,
        state="handled",
        waiting=True,
        closed_at=None,
        category="account_takeover",
        priority="HIGH",
        description="Akun saya dibobol orang.",
        assignee=officer.full_name,
        received_at=begun,
        messages=[
            {"kind": "note", "body": "cek", "sent_at": begun},
            {
                "kind": "reply",
                "body": "Mohon kirim buktinya.",
                "sent_at": (now - timedelta(hours=1)).isoformat(),
                "author": {"email": officer.email},
            },
        ],
    )
    move("import", lines(tmp_path / "b.jsonl", shape, old(3, state="received", closed_at=None)))
    ticket = Ticket.objects.get(imported__external_id="A-2")
    assert (ticket.priority, ticket.is_open) == ("HIGH", True)
    assert ticket.waiting_for_customer_since == now - timedelta(hours=1)
    assert Clock.objects.get(ticket=ticket, metric="first_response").state == "met"
    assert not OutgoingMail.objects.filter(recipient=ticket.customer.email).exists()
    assert list(audit_deadlines()) == []


def test_the_past_is_in_the_feed_and_no_webhook_is_called_for_it(
    tmp_path: Path, admin: User
) -> None:
    webhook_of(admin)
    move("import", lines(tmp_path / "a.jsonl", old(1)))
    assert owe_deliveries(patience=60) == 0
    told = told_events(of_user(admin)).filter(ticket__imported__external_id="A-1")
    assert told.filter(kind="closed").exists()


def test_the_same_again_doubles_nothing_and_a_killed_one_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = lines(tmp_path / "a.jsonl", *[old(number) for number in range(5)])
    monkeypatch.setattr(running, "BATCH", 2)
    stored, calls = running.Import._store, []

    def killed(self: Any, entries: Any) -> None:
        calls.append(entries)
        if len(calls) == 2:
            raise KeyboardInterrupt
        stored(self, entries)

    monkeypatch.setattr(running.Import, "_store", killed)
    assert "goes on from here" in move("import", file, fails=True)
    assert ImportedTicket.objects.count() == 2
    monkeypatch.setattr(running.Import, "_store", stored)
    assert "5 rows read, 3 tickets came in" in move("import", file)
    assert "0 tickets came in" in move("import", file)
    assert ImportedTicket.objects.count() == 5
    assert Message.objects.filter(ticket__imported__isnull=False).count() == 10


def test_a_dry_run_finds_the_same_and_keeps_nothing(tmp_path: Path) -> None:
    file = lines(tmp_path / "a.jsonl", old(1), old(2, state="received"), old(3, state="?"))
    before = (Ticket.objects.count(), Customer.objects.count(), TicketEvent.objects.count())
    assert "left out" in move("import", file, "--dry-run", fails=True)
    assert before == (
        Ticket.objects.count(), Customer.objects.count(), TicketEvent.objects.count(),
    )  # fmt: skip
    move("import", file, fails=True)
    assert ImportedTicket.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"external_id": ""}, "external_id", "required"),
        ({"state": "weird"}, "state", "unknown_state"),
        ({"priority": "sangat"}, "priority", "unknown_priority"),
        ({"customer": {"name": "Tini"}}, "customer", "no_contact"),
        ({"customer": {"email": "tini"}}, "customer.email", "bad_email"),
        ({"received_at": "kemarin"}, "received_at", "bad_time"),
        ({"received_at": "2199-01-01T00:00:00Z"}, "received_at", "in_future"),
        ({"closed_at": "2025-01-01T00:00:00Z"}, "closed_at", "before_receipt"),
        ({"category": "no_such"}, "category", "unknown_category"),
        ({"messages": [{"kind": "reply", "body": "x"}]}, "messages.0.sent_at", "required"),
        ({"messages": "x"}, "messages", "not_a_list"),
        ({"amount_idr": -5}, "amount_idr", "invalid"),
    ],
)
def test_a_wrong_row_is_named_in_both_languages_and_costs_no_other(
    tmp_path: Path, changes: dict[str, Any], field: str, code: str
) -> None:
    file = lines(tmp_path / "a.jsonl", old(1), old(2, **changes), old(3))
    move("import", file, fails=True)
    (row,) = report(file)
    assert (row["row"], row["severity"], row["field"], row["code"]) == ("2", "error", field, code)
    assert row["message_id"]
    assert row["message_id"] != row["message_en"]
    assert ImportedTicket.objects.count() == 2


def test_hostile_rows_are_refused_one_by_one(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    good = json.dumps(old(1, description="nul \x00 dan pin saya 482913", subject="a" * 5_000))
    file.write_text(f'{good}\n{{"external_id": 5, \n[1]\n"x"\n', "utf-8")
    assert "3 row(s)" in move("import", file, fails=True)
    ticket = Ticket.objects.get(imported__external_id="A-1")
    assert len(ticket.subject) == 200
    assert "482913" not in ticket.description
    assert {row["code"] for row in report(file)} == {"malformed"}
    broken = tmp_path / "b.json"
    broken.write_text(f"[{json.dumps(old(2))}, {{oops", "utf-8")
    assert "no JSON" in move("import", broken, fails=True)
    assert ImportedTicket.objects.filter(external_id="A-2").exists()


@pytest.mark.parametrize(
    ("origin", "file", "expected"),
    [
        ("zendesk", "zendesk.jsonl", {"35436": "closed", "35437": "open"}),
        ("zendesk", "zendesk.csv", {"812": "closed"}),
        ("zammad", "zammad.json", {"81": "closed", "82": "open"}),
        ("freshdesk", "freshdesk.json", {"9": "closed", "10": "open"}),
        ("freshdesk", "freshdesk.csv", {"1201": "closed"}),
    ],
)
def test_exports_of_others_are_understood(
    tmp_path: Path, origin: str, file: str, expected: dict[str, str]
) -> None:
    move("import", DATA / file, "--from", origin, "--report", tmp_path / "report.csv")
    found = {
        row.external_id: "open" if row.ticket.is_open else "closed"
        for row in ImportedTicket.objects.filter(source=origin).select_related("ticket")
    }
    assert found == expected
    closed = Ticket.objects.get(imported__source=origin, state="closed")
    assert (closed.priority, closed.customer.email) == ("HIGH", "rani@example.com")
    assert closed.closed_at == datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    if not file.endswith("csv"):
        assert [(m.kind, m.body) for m in closed.messages.all()] == [
            ("customer", "Paket saya belum sampai.\nTolong dicek."),
            ("reply", "Kami cek dahulu."),
            ("note", "Kurir sudah dihubungi."),
            ("customer", "Sudah sampai, terima kasih."),
        ]
    assert not OutgoingMail.objects.exists()


def test_own_words_are_understood_by_a_table(tmp_path: Path) -> None:
    words = tmp_path / "words.json"
    tables = {
        "columns": {"Nomor": "external_id", "Keadaan": "state", "Surel": "customer_email"},
        "states": {"Beres": "closed"},
        "queues": {"Tim penipuan": "fraud"},
    }
    words.write_text(json.dumps(tables), "utf-8")
    file = tmp_path / "a.csv"
    file.write_text(
        "Nomor;Keadaan;Surel;description;received_at;closed_at;group\n"
        '7;beres;a@example.com;"Saldo hilang;\nsemua";2026-03-01 08:00;01/03/2026 10:00;Tim penipuan\n',
        "utf-8",
    )
    move("import", file, "--words", words, "--source", "lama")
    ticket = Ticket.objects.get(imported__source="lama", imported__external_id="7")
    assert (ticket.queue, ticket.description) == ("fraud", "Saldo hilang;\nsemua")
    assert ticket.closed_at == datetime(2026, 3, 1, 3, tzinfo=UTC)
    words.write_text('{"states": {"beres": "gone"}}', "utf-8")
    assert "not one of" in move("import", file, "--words", words, fails=True)


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_what_is_exported_comes_in_again_as_it_was(
    tmp_path: Path, form: str, file_ticket: FileTicket, officer: User, customer: Customer
) -> None:
    actor = of_user(officer)
    first = file_ticket(subject='satu, dua; "tiga"', amount_idr=2_300_000)
    for ticket in (first, file_ticket(language="en")):
        handle_ticket(actor=actor, ticket_id=ticket.pk)
        reply_to_customer(actor=actor, ticket_id=ticket.pk, body="Baik,\nkami cek.")
    close_ticket(
        actor=actor, ticket_id=first.pk, root_cause="r", solution="s", confirmation="confirmed"
    )
    out, again = tmp_path / f"out.{form}", tmp_path / f"again.{form}"
    move("export", "--format", form, "--output", out)
    move("import", out, "--source", "copy")
    move("export", "--format", form, "--output", again, "--source", "copy")
    assert comparable(again) == comparable(out)
    assert len(comparable(out)) == 2
    assert move("export", "--format", form) == move("export", "--format", form)
    only = [json.loads(line) for line in move("export", "--state", "closed").splitlines()]
    assert [row["source_id"] for row in only] == [None, first.number]


def comparable(path: Path) -> list[dict[str, Any]]:
    """Without what names the copy itself."""
    with path.open(encoding="utf-8") as file:
        rows: list[Any] = (
            list(csv.DictReader(file))
            if path.suffix == ".csv"
            else [json.loads(line) for line in file]
        )
    own = ("external_id", "number", "source", "source_id")
    kept = [{name: value for name, value in row.items() if name not in own} for row in rows]
    return sorted(kept, key=lambda row: str(row["received_at"]))
