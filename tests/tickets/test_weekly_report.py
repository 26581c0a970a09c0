"""The week's disagreements: counted by when the machine decided, told once on Monday morning."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from helpdesk.common import clock
from helpdesk.common.durations import WIB
from people.actors import Actor, of_user
from people.models import User
from tests.cast import FileTicket
from tests.concurrency.conftest import at_once
from tickets.models import Ticket, TriageWeek, TriageWeekMail
from tickets.services import reclassify_ticket
from tickets.services.weekly_report import report_on_triage
from tickets.weekly_triage import bounds, figures_of, monday_of

pytestmark = pytest.mark.django_db
SAID = {"category": "press", "priority": "LOW", "queue": "media_relations"}


def until_next_monday(hour: int) -> timedelta:
    """From now to the next Monday at this hour, WIB."""
    now = clock.now().astimezone(WIB)
    day = monday_of(now) + timedelta(days=7)
    return datetime(day.year, day.month, day.day, hour, tzinfo=WIB) - now


@pytest.fixture
def sari(supervisor: User) -> Actor:
    return of_user(supervisor)


@pytest.fixture
def corrected(sari: Actor, file_ticket: FileTicket) -> Ticket:
    """One of two tickets was corrected."""
    ticket = file_ticket()
    file_ticket(order_number="INV/20261117/X/2")
    reclassify_ticket(actor=sari, ticket_id=ticket.pk, reason="Pers", **SAID)
    return ticket


def test_a_week_begins_on_monday_at_midnight_wib() -> None:
    before = datetime(2026, 11, 22, 16, 59, tzinfo=bounds(date(2026, 11, 23))[0].tzinfo)
    assert monday_of(before) == date(2026, 11, 16)
    assert monday_of(bounds(date(2026, 11, 23))[0]) == date(2026, 11, 23)
    assert monday_of(bounds(date(2026, 11, 23))[1] - timedelta(seconds=1)) == date(2026, 11, 23)


def test_figures_by_category_rule_and_version(corrected: Ticket) -> None:
    example = corrected.triage_examples.get()
    found = figures_of(monday_of(clock.now()))
    assert (found["decided"], found["corrected"], found["rate"]) == (2, 1, 0.5)
    (row,) = found["categories"]
    assert row == {
        "of": [example.machine_category], "decided": 2, "corrected": 1, "rate": 0.5,
        "category": 1, "priority": 1, "queue": 1,
    }  # fmt: skip
    rules = {tuple(row["of"]): (row["decided"], row["corrected"]) for row in found["rules"]}
    assert rules == {(example.rule, example.rules_version): (2, 1)}
    (pair,) = found["pairs"]
    assert (pair["people"], pair["tickets"]) == (tuple(SAID.values()), [corrected.pk])
    before = figures_of(monday_of(clock.now()) - timedelta(days=7))
    assert (before["decided"], before["corrected"], before["rate"]) == (0, 0, 0.0)


def test_supervisors_get_it_on_monday_morning_once(corrected: Ticket, supervisor: User) -> None:
    assert report_on_triage() == 0
    with clock.shifted(until_next_monday(6)):
        assert report_on_triage() == 0
    assert mail.outbox == []
    with clock.shifted(until_next_monday(7)):
        assert report_on_triage() >= 1
        assert report_on_triage() == 0
    (letter,) = [each for each in mail.outbox if each.to == [supervisor.email]]
    assert "1 dari 2 dikoreksi" in letter.subject
    assert "/aturan/triase/mingguan/?pekan=" in letter.body
    everybody = User.objects.filter(groups__name="supervisor", is_active=True)
    assert {each.to[0] for each in mail.outbox} == {person.email for person in everybody}


def test_a_week_without_decisions_is_told_to_nobody() -> None:
    with clock.shifted(until_next_monday(9)):
        report_on_triage()
    assert TriageWeek.objects.get(monday=monday_of(clock.now())).figures["decided"] == 0
    assert not TriageWeekMail.objects.exists()


def test_a_mail_server_that_refuses_gets_it_again_later(corrected: Ticket) -> None:
    class Refusing:
        def send_messages(self, letters: Any) -> int:
            raise OSError("no mail today")

    with clock.shifted(until_next_monday(7)):
        assert report_on_triage(connection=Refusing()) == 0  # type: ignore[arg-type]
        assert "no mail today" in TriageWeekMail.objects.all()[0].last_error
        assert report_on_triage() == 0
    with clock.shifted(until_next_monday(8)):
        assert report_on_triage() == TriageWeekMail.objects.count()
    assert not TriageWeekMail.objects.filter(sent_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_twice_at_once_gives_one(corrected: Ticket) -> None:
    with clock.shifted(until_next_monday(7)):
        at_once([report_on_triage] * 3)
    assert TriageWeek.objects.filter(figures__decided=2).count() == 1
    recipients = [each.to[0] for each in mail.outbox]
    assert recipients
    assert len(recipients) == len(set(recipients)) == TriageWeekMail.objects.count()


def test_the_page_and_the_file(corrected: Ticket, supervisor: User) -> None:
    lead = Client()
    lead.force_login(supervisor)
    week = monday_of(clock.now()).isoformat()
    page = lead.get(f"/aturan/triase/mingguan/?pekan={week}").content.decode()
    assert f'href="/meja/{corrected.number}/?view=all"' in page
    assert "50.0 %" in page or "50,0 %" in page
    for odd in ("", "?pekan=x", "?pekan=1000-01-01", "?pekan=9999-12-31"):
        assert lead.get(f"/aturan/triase/mingguan/{odd}").status_code == 200
    file = lead.get(f"/aturan/triase/mingguan.csv?pekan={week}")
    rows = list(csv.reader(io.StringIO(b"".join(file.streaming_content).decode("utf-8-sig"))))
    assert rows[0][0] == "Pekan mulai"
    assert rows[1][:2] == [week, "kategori"]
    assert rows[1][4:6] == ["2", "1"]
    assert rows[2][1] == "aturan"
