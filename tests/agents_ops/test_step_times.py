"""Steps whose time standard is a promise: warned of, missed on record and up, each once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agents_ops.models import PlaybookRun, PlaybookSet
from agents_ops.services import skip_step, start_playbook
from agents_ops.step_times import step_times
from escalation.models import Escalation
from helpdesk.common import clock
from people.actors import Actor
from sla.models import Timer
from sla.services import sweep
from tests.agents_ops.conftest import AgentTicket
from tickets.models import EventKind
from tickets.services import close_ticket

MINUTE = timedelta(minutes=1)


@pytest.fixture
def crediting(agent_ticket: AgentTicket, agent_officer: Actor) -> PlaybookRun:
    """A deposit that matches its ticket: ten minutes to credit it."""
    ticket = agent_ticket()
    call: dict[str, Any] = {"actor": agent_officer, "ticket_id": ticket.pk}
    start_playbook(**call, playbook="deposit_bank")
    return skip_step(**call, step="proof", to="credit", reason="Sudah dicek")


def told(run: PlaybookRun) -> list[str]:
    kinds = (EventKind.STANDARD_NEARS, EventKind.STANDARD_MISSED)
    rows = run.ticket.events.filter(kind__in=kinds).order_by("id")
    return list(rows.values_list("kind", flat=True))


def test_a_deposit_is_credited_within_ten_minutes(crediting: PlaybookRun) -> None:
    for minutes, expected in (
        (7.9, []),
        (8.1, ["standard_nears"]),
        (9.9, ["standard_nears"]),
        (10.1, ["standard_nears", "standard_missed"]),
        (30, ["standard_nears", "standard_missed"]),
    ):
        with clock.shifted(minutes * MINUTE):
            sweep()
            sweep()
        assert told(crediting) == expected
    made = Escalation.objects.get(ticket=crediting.ticket_id, trigger="agent_standard")
    assert made.due_at == crediting.step_since + 10 * MINUTE
    assert made.late_seconds is not None
    assert "Standar waktu langkah" in made.decision_reason
    event = crediting.ticket.events.get(kind=EventKind.STANDARD_MISSED)
    assert event.data["step"] == "credit"


def test_a_step_that_is_done_in_time_tells_nobody(
    crediting: PlaybookRun, agent_officer: Actor
) -> None:
    skip_step(
        actor=agent_officer,
        ticket_id=crediting.ticket_id,
        step="credit",
        to="close",
        reason="Sudah diinput",
    )
    with clock.shifted(60 * MINUTE):
        sweep()
    assert told(crediting) == []


def test_a_closed_ticket_waits_for_nothing(crediting: PlaybookRun, agent_officer: Actor) -> None:
    close_ticket(
        actor=agent_officer,
        ticket_id=crediting.ticket_id,
        root_cause="-",
        solution="-",
        confirmation="confirmed",
    )
    assert not Timer.objects.filter(subject_type="playbook_run", state="armed").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("playbook", "step", "minutes"),
    [
        ("deposit_bank", "credit", 10),
        ("deposit_bank", "finance_result", 30),
        ("deposit_retail", "finance_result", 30),
        ("deposit_no_ticket", "result", 24 * 60),
        ("bon_top", "credit", 10),
        ("phone_change", "result", 180),
        ("name_change", "result", 180),
        ("withdrawal", "result", 120),
    ],
)
def test_each_promise_of_the_document_is_watched(playbook: str, step: str, minutes: int) -> None:
    since = datetime(2026, 11, 18, 3, tzinfo=UTC)
    shown = PlaybookSet.in_force().playbooks[playbook].by_code[step]
    times = step_times(shown, since)
    assert times is not None
    assert times.due_at == since + minutes * MINUTE
    assert times.nears_at == since + minutes * MINUTE * 0.8


@pytest.mark.django_db
def test_a_withdrawal_counts_the_hours_of_the_desk_alone() -> None:
    evening = datetime(2026, 11, 18, 14, 30, tzinfo=UTC)  # 21:30 WIB, the desk closes at 22:00
    step = PlaybookSet.in_force().playbooks["withdrawal"].by_code["result"]
    times = step_times(step, evening)
    assert times is not None
    assert times.due_at == datetime(2026, 11, 19, 2, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_a_step_that_is_only_measured_has_no_moment() -> None:
    step = PlaybookSet.in_force().playbooks["deposit_bank"].by_code["close"]
    assert step_times(step, clock.now()) is None
