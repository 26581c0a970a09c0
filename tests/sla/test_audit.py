"""The nightly check finds whatever does not follow from history and policy."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from helpdesk.common import clock
from sla.models import Clock, SlaPolicy, Timer
from sla.services import audit_deadlines
from sla.tasks import check_deadlines
from tests.support.stages import CLOSING, Stage
from tickets.models import Ticket
from tickets.services import ask_confirmation, reply_to_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def tickets(stage: Stage) -> dict[str, Ticket]:
    """One ticket in every state, and one that waits for the customer."""
    made = {
        state: stage.at(state)
        for state in ("classified", "handled", "escalated", "monitored", "closed")
    }
    made["waiting"] = stage.handled()
    ask_confirmation(actor=stage.actor("dimas"), ticket_id=made["waiting"].pk, **CLOSING)
    reply_to_customer(actor=stage.actor("dimas"), ticket_id=made["handled"].pk, body="Kami cek.")
    return made


def test_it_is_content_with_what_the_services_do(tickets: dict[str, Ticket]) -> None:
    out = StringIO()
    call_command("check_deadlines", stdout=out)
    assert out.getvalue() == "0 differences\n"


def test_the_daily_job_reports_an_error_with_the_count(
    tickets: dict[str, Ticket], caplog: pytest.LogCaptureFixture
) -> None:
    check_deadlines()
    assert caplog.records == []
    Clock.objects.filter(ticket=tickets["closed"], metric="resolution").update(state="running")
    with clock.shifted(timedelta(days=1)):
        check_deadlines()
    assert [record.levelname for record in caplog.records] == ["ERROR"]


@pytest.mark.parametrize(
    ("state", "change", "words"),
    [
        ("classified", {"due_at": timedelta(seconds=1)}, "due at"),
        ("classified", {"started_at": timedelta(seconds=-1)}, "began at"),
        ("handled", {"state": "cancelled"}, "no clock runs"),
        ("waiting", {"paused_at": timedelta(seconds=3)}, "paused since"),
        ("waiting", {"paused_at": None, "state": "running"}, "paused since"),
        ("closed", {"state": "running"}, "a clock still runs"),
    ],
)
def test_it_finds_a_clock_that_was_tampered_with(
    tickets: dict[str, Ticket], state: str, change: dict[str, object], words: str
) -> None:
    found = Clock.objects.get(ticket=tickets[state], metric="resolution")
    for name, value in change.items():
        moved = getattr(found, name) + value if isinstance(value, timedelta) else value
        setattr(found, name, moved)
    found.save()
    _expect(tickets[state], words)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"state": "cancelled"}, "no timer is armed"),
        ({"state": "parked"}, "no timer is armed"),
        ({"stage": 80}, "the timer of stage 80"),
    ],
)
def test_it_finds_a_lost_or_wrong_timer(
    tickets: dict[str, Ticket], change: dict[str, object], words: str
) -> None:
    ticket = tickets["classified"]
    Timer.objects.filter(subject_id=ticket.pk, kind="sla.resolution").update(**change)
    _expect(ticket, words)


def test_it_finds_a_wrong_place_in_the_queue(tickets: dict[str, Ticket]) -> None:
    Ticket.objects.filter(pk=tickets["handled"].pk).update(next_due_at=None)
    _expect(tickets["handled"], "queues sort it by")


def test_it_finds_a_timer_left_on_a_closed_ticket(tickets: dict[str, Ticket]) -> None:
    timer = Timer.objects.get(subject_id=tickets["closed"].pk, state="armed")
    Timer.objects.filter(pk=timer.pk).update(kind="sla.resolution")
    _expect(tickets["closed"], "a timer is still armed")


def test_it_finds_a_confirmation_that_would_never_end(tickets: dict[str, Ticket]) -> None:
    Timer.objects.filter(kind="sla.confirmation").update(state="cancelled")
    _expect(tickets["waiting"], "confirmation")


def test_a_row_that_makes_no_sense_hides_no_other(tickets: dict[str, Ticket]) -> None:
    Clock.objects.filter(ticket=tickets["classified"], metric="resolution").update(basis="none")
    Ticket.objects.filter(pk=tickets["monitored"].pk).update(next_due_at=None)
    found = {each.number: each.what for each in audit_deadlines()}
    assert found.keys() == {tickets["classified"].number, tickets["monitored"].number}
    assert "it cannot be compared" in found[tickets["classified"].number]


def _expect(ticket: Ticket, words: str) -> None:
    found = list(audit_deadlines())
    assert {difference.number for difference in found} == {ticket.number}
    assert any(words in difference.what for difference in found), found
    with pytest.raises(SystemExit) as stopped:
        call_command("check_deadlines", stdout=StringIO())
    assert stopped.value.code == 1


def test_a_team_receives_by_the_version_of_that_day(stage: Stage) -> None:
    """A later version says otherwise what begins when a team gets a ticket and when it accepts it."""
    now = clock.now()
    with clock.at(now - timedelta(hours=3)):
        SlaPolicy.publish(SlaPolicy.in_force().body | {"note": "as it was"})
        sent, accepted = stage.escalated(), stage.monitored()
    body = SlaPolicy.in_force().body
    with clock.at(now - timedelta(hours=2)):
        SlaPolicy.publish(
            body | {"receiving": {}, "after_acceptance": {"fraud": "mediation_decision"}}
        )
    assert list(audit_deadlines()) == []
    late = stage.escalated()
    assert late.clocks.filter(metric="acceptance", state="running").exists()
    assert list(audit_deadlines()) == []
    Clock.objects.filter(ticket=sent, metric="fraud_response").update(state="cancelled")
    assert "fraud_response: no clock runs against its history" in {
        each.what for each in audit_deadlines()
    }
    # Nothing began with this acceptance: what was published by then decides.
    assert not accepted.clocks.filter(metric="mediation_decision").exists()
