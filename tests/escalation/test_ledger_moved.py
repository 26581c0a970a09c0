"""A deadline that was moved into the past is not the engine's lateness, and the ledger says what moved it."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from desk.dashboard.outcomes import WantedOutcomes, outcomes_context
from desk.ledger_csv import csv_lines
from desk.ledger_page import lines_of
from escalation.ledger import Wanted, entries_of, ledger
from helpdesk.common import clock
from people.actors import of_user
from sla.movers import Mover
from sla.services import sweep
from tests.sla.test_applying import applied, publish
from tests.support.stages import Stage, fresh
from tickets.models import Ticket
from tickets.services import reclassify_ticket, reply_to_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(supervisor):
    return of_user(supervisor)


def only_breach(lead, metric: str):
    found, _more = ledger(Wanted(trigger="breach"), actor=lead).page({"page_size": 100})
    (entry,) = [e for e in entries_of(found) if e.escalation.metric == metric]
    return entry


def outcome(metric: str, now: Any):
    wanted = WantedOutcomes(kept=False, days=30, priority="", metric=metric, after=None)
    (row,) = outcomes_context(wanted, now)["rows"]
    return row


def raised(stage: Stage, lead, ticket: Ticket, priority: str) -> None:
    words = {"category": ticket.category, "queue": ticket.queue, "reason": "Diperiksa."}
    reclassify_ticket(actor=lead, ticket_id=ticket.pk, priority=priority, **words)


@pytest.fixture
def raised_late(stage, lead):
    """LOW for five hours, then URGENT: the first response was due three hours ago."""
    ticket = stage.handled()
    raised(stage, lead, ticket, "LOW")
    with clock.at(ticket.received_at + timedelta(hours=5)):
        raised(stage, lead, ticket, "URGENT")
        moment = clock.now()
    with clock.at(moment + timedelta(seconds=1.5)):
        sweep()
        yield fresh(ticket)


def test_a_priority_raised_late_is_fired_on_time(raised_late, lead):
    entry = only_breach(lead, "first_response")
    row = entry.escalation
    assert row.late_seconds == 1.5
    assert row.past_seconds == (row.requested_at - row.due_at).total_seconds() > 2.9 * 3600
    assert not row.is_late
    assert entry.moved == Mover.PRIORITY
    whole = ledger(Wanted(), actor=lead).summary()
    assert (whole.timed, whole.on_time, whole.p99) == (1, 1, 1.5)
    late, _more = ledger(Wanted(late=True), actor=lead).page({"page_size": 100})
    assert late == []


def test_pages_and_file_say_what_moved_it(raised_late, lead, client, supervisor):
    client.force_login(supervisor)
    words = "tenggat dimajukan ke masa lalu oleh perubahan prioritas"
    ledger_page = client.get("/eskalasi/buku/").content.decode()
    assert f"{words}, dipicu 1,5 d kemudian" in ledger_page
    assert "3 j lewat tenggat" in ledger_page
    missed = client.get("/dasbor/janji/", {"metric": "first_response"}).content.decode()
    assert f"{words}, diketahui 1,5 d kemudian" in missed
    (line,) = client.get("/api/v1/escalation/ledger").json()["results"]
    assert (line["late_seconds"], line["moved_by"]) == (1.5, "priority")
    assert line["past_deadline_seconds"] > 2.9 * 3600
    found, _more = ledger(Wanted(), actor=lead).page({"page_size": 100})
    text = "".join(csv_lines(lines_of(found))).removeprefix("\ufeff")
    (cells,) = csv.DictReader(io.StringIO(text))
    assert float(cells["Terlambat (detik)"]) == 1.5
    assert float(cells["Lewat tenggat (detik)"]) > 2.9 * 3600
    assert cells["Keterangan tenggat"] == words


def test_an_applied_version_is_said(stage, lead):
    with clock.shifted(timedelta(hours=-13)):
        ticket = stage.handled()
        reply_to_customer(actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Kami periksa.")
    sweep()
    applied(lead, publish(lead, 12))
    sweep()
    row = outcome("resolution", clock.now())
    assert row.moved == Mover.POLICY
    assert row.line.late_seconds > 3500
    assert row.engine_late < 60


def test_an_ordinary_breach_is_late_by_the_engine_alone(stage, lead):
    ticket = stage.handled()
    with clock.at(ticket.received_at + timedelta(hours=2, seconds=90)):
        sweep()
    entry = only_breach(lead, "first_response")
    row = entry.escalation
    assert row.late_seconds == row.past_seconds == 90
    assert row.is_late
    assert entry.moved is None
    assert outcome("first_response", row.requested_at).moved is None


def test_a_deadline_past_at_receipt_is_said(file_ticket, lead):
    file_ticket(received_at=clock.now() - timedelta(hours=3))
    sweep()
    entry = only_breach(lead, "first_response")
    assert entry.moved == Mover.FILED
    assert entry.escalation.past_seconds > 3000 > entry.escalation.late_seconds


def test_an_answer_that_finds_it_missed_measures_the_engine_too(stage, lead):
    """Nobody's sweep: the verb comes first, and the waiting timer tells since when it was known."""
    ticket = stage.handled()
    raised(stage, lead, ticket, "LOW")
    with clock.at(ticket.received_at + timedelta(hours=5)):
        raised(stage, lead, ticket, "URGENT")
        moment = clock.now()
    with clock.at(moment + timedelta(seconds=4)):
        reply_to_customer(actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Kami periksa.")
    entry = only_breach(lead, "first_response")
    assert (entry.escalation.late_seconds, entry.moved) == (4, Mover.PRIORITY)
    assert entry.escalation.sweep is None
