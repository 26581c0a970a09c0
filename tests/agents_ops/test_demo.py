"""The demonstration's officers play what is suggested, as far as its gates let them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from agents_ops.models import (
    ApprovalRequest,
    PlaybookRun,
    SupplierComplaint,
    TransactionLog,
)
from desk.demo.agent_cases import make_agents_cases
from desk.demo.playbooks import go_on
from people.models import User
from sla.models import Clock
from tests.agents_ops.conftest import AgentTicket
from tests.cast import FileTicket
from tests.support.agent_systems import Server


def test_an_agents_ticket_gets_a_playbook_that_is_played(agent_ticket: AgentTicket) -> None:
    ticket = agent_ticket(description="Transfer tanpa tiket nominal bulat belum masuk, ID TP4410")
    steps = 0
    while go_on(ticket.pk):
        steps += 1
        assert steps < 20
    run = PlaybookRun.objects.get(ticket=ticket)
    # Up to the approval, for which nobody has asked.
    assert (run.playbook, run.step, run.records.count()) == ("deposit_no_ticket", "approval", 2)


def test_a_buyers_ticket_gets_none(file_ticket: FileTicket) -> None:
    assert not go_on(file_ticket().pk)
    assert not PlaybookRun.objects.exists()


def test_a_newcomer_sees_a_hard_complaint_a_signed_log_and_an_approval_that_waits(
    people: dict[str, User], systems: Server, settings: Any, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    make_agents_cases(people)
    complaint = SupplierComplaint.objects.get()
    assert complaint.is_open
    assert complaint.hard_at is not None
    thread = complaint.messages.values_list("kind", "state")
    assert list(thread) == [("complaint", "sent"), ("hard", "sent"), ("answer", "received")]
    log = TransactionLog.objects.get()
    assert (log.agent_code, log.content_type) == ("TP4410", "application/pdf")
    assert ApprovalRequest.objects.get().state == "pending"
    first = Clock.objects.filter(metric="first_response")
    assert set(first.values_list("breached_at", flat=True)) == {None}
