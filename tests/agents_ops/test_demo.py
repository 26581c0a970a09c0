"""The demonstration's officers play what is suggested, as far as its gates let them."""

from __future__ import annotations

from agents_ops.models import PlaybookRun
from desk.demo.playbooks import go_on
from tests.agents_ops.conftest import AgentTicket
from tests.cast import FileTicket


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
