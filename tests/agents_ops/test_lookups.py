"""The gate of steps that look into a system: asked, kept masked, by hand while it is away."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agents_ops.gates import gate_state
from agents_ops.models import Lookup, PlaybookRun
from agents_ops.services import do_step, look_up, look_up_by_hand, start_playbook
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, WrongState
from people.actors import Actor, of_user
from people.models import User
from tests.agents_ops.conftest import AgentTicket
from tests.support.agent_systems import Server
from tickets.models import EventKind

PULSA = "Pulsa 50 ribu ke 081234567890 masih pending, ID TP4410"
DATA = {
    "agent_id": "TP4410",
    "destination": "081234567890",
    "product": "Pulsa 50.000",
    "transacted_at": "2026-11-18T12:00",
}


@pytest.fixture
def run(agent_ticket: AgentTicket, agent_officer: Actor) -> PlaybookRun:
    """At the step that looks the transaction up."""
    ticket = agent_ticket(subject="pulsa pending", description=PULSA, order_number="")
    call: dict[str, Any] = {"actor": agent_officer, "ticket_id": ticket.pk}
    start_playbook(**call, playbook="transaction")
    return do_step(**call, step="data", values=DATA)


def gate(run: PlaybookRun) -> Any:
    assert run.open_step
    return gate_state(run, run.open_step)


def test_the_answer_opens_the_gate_and_is_kept_masked(
    run: PlaybookRun, agent_officer: Actor, systems: Server
) -> None:
    assert not gate(run).open
    row = look_up(actor=agent_officer, ticket_id=run.ticket_id)
    assert (row.result, row.by, row.by_hand) == ("pending", agent_officer.user, False)
    assert row.facts["destination"] == "0812-****-890"
    assert (gate(run).open, gate(run).outcome) == (True, "pending")
    event = run.ticket.events.get(kind=EventKind.LOOKED_UP)
    assert event.data["result"] == "pending"
    assert "0812" not in str(event.data)
    after = do_step(actor=agent_officer, ticket_id=run.ticket_id, step="status", values={})
    assert after.step == "classify_pending"
    _path, _headers, asked = systems.asked[0]
    assert asked["destination"] == "081234567890"


def test_reading_the_gate_asks_nobody(run: PlaybookRun, systems: Server) -> None:
    gate(run)
    assert systems.asked == []


def test_the_newest_result_counts(run: PlaybookRun, agent_officer: Actor, systems: Server) -> None:
    look_up(actor=agent_officer, ticket_id=run.ticket_id)
    systems.answer = lambda call: call.say(200, {"result": "success"})
    look_up(actor=agent_officer, ticket_id=run.ticket_id)
    assert gate(run).outcome == "success"


def test_a_system_that_is_away_is_on_record_and_blocks_nothing(
    run: PlaybookRun, agent_officer: Actor, systems: Server
) -> None:
    call: dict[str, Any] = {"actor": agent_officer, "ticket_id": run.ticket_id}
    systems.answer = lambda each: each.say(503, {})
    assert look_up(**call).trouble == "unreachable"
    assert not gate(run).open
    with pytest.raises(InvalidInput):
        look_up_by_hand(**call, result="pending", words=" ")
    with pytest.raises(InvalidInput):
        look_up_by_hand(**call, result="unspent", words="Dicek")
    row = look_up_by_hand(**call, result="pending", words="Dicek di Otomax, PIN 482913")
    assert row.by_hand
    assert "482913" not in row.words
    assert gate(run).outcome == "pending"


def test_by_hand_does_not_talk_over_the_system(
    run: PlaybookRun, agent_officer: Actor, systems: Server
) -> None:
    look_up(actor=agent_officer, ticket_id=run.ticket_id)
    with pytest.raises(WrongState) as refused:
        look_up_by_hand(
            actor=agent_officer, ticket_id=run.ticket_id, result="success", words="Kata agen"
        )
    assert refused.value.code == "system_answers"


def test_an_answer_that_comes_when_somebody_has_gone_on_is_not_kept(
    run: PlaybookRun, agent_officer: Actor, systems: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody finishes the step while the system is being asked."""
    from agents_ops.services import lookups

    class Slow:
        def find(self, question: Any) -> Any:
            look_up_by_hand(
                actor=agent_officer, ticket_id=run.ticket_id, result="success", words="Dicek"
            )
            do_step(actor=agent_officer, ticket_id=run.ticket_id, step="status", values={})
            return lookups.Found("pending")

    monkeypatch.setattr(lookups, "source", lambda _system: Slow())
    with pytest.raises(Conflict):
        look_up(actor=agent_officer, ticket_id=run.ticket_id)
    assert [row.result for row in Lookup.objects.filter(run=run)] == ["success"]


def test_a_step_without_a_lookup_refuses(
    agent_ticket: AgentTicket, agent_officer: Actor, systems: Server
) -> None:
    ticket = agent_ticket()
    call: dict[str, Any] = {"actor": agent_officer, "ticket_id": ticket.pk}
    for code in ("no_playbook", "no_lookup"):
        with pytest.raises(WrongState) as refused:
            look_up(**call)
        assert refused.value.code == code
        if code == "no_playbook":
            start_playbook(**call, playbook="deposit_bank")


def test_others_may_not(run: PlaybookRun, officer: User, agent_user: User, systems: Server) -> None:
    for person in (officer, agent_user):
        with pytest.raises(NotAllowed):
            look_up(actor=of_user(person), ticket_id=run.ticket_id)
    assert systems.asked == []


class TestThePanel:
    def _post(self, client: Client, run: PlaybookRun, name: str, **data: str) -> str:
        url = reverse(f"desk:{name}", args=[run.ticket.number])
        answer = client.post(url, data, headers={"HX-Request": "true", "HX-Target": "pane"})
        return answer.content.decode()

    def test_it_is_asked_from_the_page(
        self, client: Client, run: PlaybookRun, agent_officer: Actor, systems: Server
    ) -> None:
        assert agent_officer.user
        client.force_login(agent_officer.user)
        shown = self._post(client, run, "playbook_look_up")
        assert "0812-****-890" in shown
        assert "Cek lagi" in shown

    def test_while_it_is_away_the_page_says_so_and_takes_what_was_found_by_hand(
        self, client: Client, run: PlaybookRun, agent_officer: Actor, systems: Server
    ) -> None:
        assert agent_officer.user
        client.force_login(agent_officer.user)
        systems.answer = lambda each: each.say(503, {})
        assert "tidak dapat dihubungi" in self._post(client, run, "playbook_look_up")
        shown = self._post(client, run, "playbook_by_hand", result="pending", words="Dicek")
        assert "dicek manual" in shown

    def test_a_foreign_ticket_is_none(
        self, client: Client, run: PlaybookRun, officer: User
    ) -> None:
        client.force_login(officer)
        for name in ("playbook_look_up", "playbook_by_hand"):
            url = reverse(f"desk:{name}", args=[run.ticket.number])
            assert client.post(url).status_code == 404
