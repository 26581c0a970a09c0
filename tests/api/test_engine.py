from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from helpdesk.common import clock
from people.models import User
from sla.canary import arm_canary
from sla.models import SweepPulse, Timer
from sla.services import audit, audit_rounds, sweep
from tests.api.conftest import Caller, problem
from tests.cast import FileTicket
from tickets.models import OutgoingMail, Ticket


def test_the_engine_tells_how_it_does(as_supervisor: Caller, file_ticket: FileTicket) -> None:
    ticket = file_ticket(received_at=clock.now() - timedelta(hours=3))
    silent = as_supervisor.get("sla/engine").json()
    assert (silent["silent"], silent["stalled"]) == (True, False)
    assert silent["beat_at"] is None
    assert silent["backlog"][0] == {"priority": "URGENT", "due": 1}
    assert silent["oldest_overdue_at"].endswith("Z")
    sweep()
    told = as_supervisor.get("sla/engine").json()
    assert told["silent"] is False
    assert told["lateness"]["count"] == 1
    assert told["lateness"]["p99"] < 3000, "owed since it was armed, not since its deadline"
    assert told["parked"] == []
    Timer.objects.filter(subject_id=ticket.pk, state="armed").update(
        state="parked", last_error="ValueError: x"
    )
    OutgoingMail.objects.update(state="failed")
    told = as_supervisor.get("sla/engine").json()
    assert told["parked"][0]["last_error"] == "ValueError: x"
    assert told["mails"]["failed"] == OutgoingMail.objects.count()


def test_a_missing_canary_is_told(as_supervisor: Caller) -> None:
    arm_canary()
    with clock.shifted(timedelta(minutes=40)):
        SweepPulse.objects.create(pk=1, beat_at=clock.now())
        told = as_supervisor.get("sla/engine").json()["canary"]
    assert told["absent"] is True
    assert told["fired_at"] is None


def test_it_takes_no_parameters(as_supervisor: Caller) -> None:
    problem(as_supervisor.get("sla/engine?hours=3"), 400, "unknown_parameter")


def test_the_nightly_check_is_told(
    as_supervisor: Caller,
    file_ticket: FileTicket,
    client: Client,
    supervisor: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def page() -> str:
        return client.get("/dasbor/mesin/").content.decode()

    client.force_login(supervisor)
    first, _second = file_ticket(), file_ticket()
    Ticket.objects.filter(pk=first.pk).update(next_due_at=None)
    assert "Belum ada putaran yang selesai." in page()
    with monkeypatch.context() as patched:
        patched.setattr(audit, "WINDOW", 1)
        patched.setattr(audit_rounds, "SLICE_SECONDS", 0)
        audit_rounds.audit_slice()
    told = as_supervisor.get("sla/engine").json()["audit"]
    assert told["last"] is None
    assert (told["under_way"]["tickets"], told["under_way"]["differences"]) == (1, 1)
    assert first.number in page()
    audit_rounds.audit_slice()
    told = as_supervisor.get("sla/engine").json()["audit"]
    assert told["under_way"] is None
    assert (told["last"]["tickets"], told["last"]["differences"]) == (2, 1)
    (found,) = told["last"]["found"]
    assert found["ticket"] == first.number
    assert found["what"].startswith("queues sort it by None")
    assert "pada 2 tiket terbuka" in page()
    assert first.number in page()
