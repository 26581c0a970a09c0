"""Phishing: the account is blocked before anything else, the logins are collected, fraud is told by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agents_ops.gates import gate_state
from agents_ops.login_log import login_lines, login_text, sees_logins
from agents_ops.models import AccountBlock, PlaybookRun
from agents_ops.services import (
    block_account,
    block_by_hand,
    do_step,
    leave_playbook,
    start_playbook,
)
from agents_ops.services.block_work import LEASE, _ask, _claim, work_on_blocks
from escalation.models import Escalation
from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from people.actors import Actor, of_user
from people.models import User
from tests.agents_ops.conftest import AgentTicket
from tests.support.agent_systems import Server
from tickets.models import DataLook, EventKind, Ticket

WORDS = "Saldo saya hilang, tadi kasih OTP ke penipu lewat link. ID TP4410"


@pytest.fixture
def ticket(agent_ticket: AgentTicket) -> Ticket:
    return agent_ticket(subject="saldo hilang", description=WORDS, order_number="")


@pytest.fixture
def run(ticket: Ticket, agent_officer: Actor, systems: Server) -> PlaybookRun:
    return start_playbook(actor=agent_officer, ticket_id=ticket.pk, playbook="phishing")


def gate(run: PlaybookRun) -> Any:
    assert run.open_step
    return gate_state(run, run.open_step)


def test_the_start_owes_the_block_and_only_a_confirmation_opens_the_gate(
    run: PlaybookRun, agent_officer: Actor, systems: Server
) -> None:
    block = AccountBlock.objects.get(run=run)
    assert (block.state, block.agent_code) == ("asked", "TP4410")
    assert not gate(run).open
    with pytest.raises(WrongState):
        do_step(actor=agent_officer, ticket_id=run.ticket_id, step="block", values={})
    assert work_on_blocks() == 1
    block.refresh_from_db()
    assert (block.state, block.logins) == ("confirmed", [])
    assert gate(run).open
    event = run.ticket.events.get(kind=EventKind.ACCOUNT_BLOCKED)
    assert event.actor_label == "account_server"
    assert "TP4410" not in str(event.data)
    assert (work_on_blocks(), work_on_blocks()) == (1, 0)
    block.refresh_from_db()
    assert len(block.logins) == 4
    assert systems.paths() == ["/v1/blocks", "/v1/logins"]


def test_the_whole_case_ends_with_fraud(run: PlaybookRun, agent_officer: Actor) -> None:
    call: dict[str, Any] = {"actor": agent_officer, "ticket_id": run.ticket_id}
    work_on_blocks()
    work_on_blocks()
    do_step(**call, step="block", values={})
    block = AccountBlock.objects.get(run=run)
    do_step(**call, step="logs", values={"agent_id": "TP4410", "login_log": login_text(block)})
    after = do_step(**call, step="pin", values={})
    assert after.step == "fraud"
    made = Escalation.objects.get(ticket=run.ticket_id, trigger="agent_playbook")
    assert made.to_team.code == "fraud"
    assert "4 login" in made.decision_reason
    assert gate(after).open
    assert do_step(**call, step="fraud", values={}).step == "result"


def test_a_death_between_block_and_mark_asks_again_under_the_same_key(
    run: PlaybookRun, systems: Server
) -> None:
    _lease, [claimed] = _claim()
    _ask(claimed)  # and here the process is gone
    assert work_on_blocks() == 0
    with clock.shifted(LEASE + timedelta(seconds=1)):
        assert work_on_blocks() == 1
    first, second = (body["key"] for _path, _headers, body in systems.asked)
    assert first == second
    assert AccountBlock.objects.get(run=run).state == "confirmed"
    assert run.ticket.events.filter(kind=EventKind.ACCOUNT_BLOCKED).count() == 1


def test_a_server_that_is_away_is_asked_again_and_a_person_may_do_it(
    run: PlaybookRun, agent_officer: Actor, systems: Server
) -> None:
    call: dict[str, Any] = {"actor": agent_officer, "ticket_id": run.ticket_id}
    systems.answer = lambda each: each.say(503, {})
    work_on_blocks()
    block = AccountBlock.objects.get(run=run)
    assert (block.state, block.trouble) == ("asked", "unreachable")
    assert block.next_try_at is not None
    assert "tidak dapat dihubungi" in str(gate(run).missing)
    with pytest.raises(InvalidInput):
        block_by_hand(**call, words=" ")
    block_by_hand(**call, words="Diblokir di Otomax, PIN 482913")
    block.refresh_from_db()
    assert block.state == "by_hand"
    assert "482913" not in block.words
    assert gate(run).open
    with pytest.raises(WrongState) as refused:
        block_account(**call)
    assert refused.value.code == "blocked_already"


def test_a_confirmation_that_comes_after_the_hand_changes_nothing(
    run: PlaybookRun, agent_officer: Actor, systems: Server
) -> None:
    lease, [claimed] = _claim()
    answer = _ask(claimed)
    block_by_hand(actor=agent_officer, ticket_id=run.ticket_id, words="Diblokir di Otomax")
    from agents_ops.services.block_work import _settle

    assert not _settle(claimed.pk, lease, *answer)
    assert AccountBlock.objects.get(run=run).state == "by_hand"


def test_without_a_connection_it_is_a_persons_work_at_once(
    ticket: Ticket, agent_officer: Actor
) -> None:
    run = start_playbook(actor=agent_officer, ticket_id=ticket.pk, playbook="phishing")
    work_on_blocks()
    block = AccountBlock.objects.get(run=run)
    assert (block.trouble, block.next_try_at) == ("off", None)


def test_a_playbook_that_was_left_blocks_nobody(
    run: PlaybookRun, agent_officer: Actor, systems: Server
) -> None:
    leave_playbook(actor=agent_officer, ticket_id=run.ticket_id, reason="Salah playbook")
    assert work_on_blocks() == 0
    assert systems.asked == []


def test_a_ticket_that_names_no_agent_asks_whose_it_is(
    ticket: Ticket, agent_officer: Actor, systems: Server
) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(agent=None)
    call: dict[str, Any] = {"actor": agent_officer, "ticket_id": ticket.pk}
    run = start_playbook(**call, playbook="phishing")
    assert not AccountBlock.objects.filter(run=run).exists()
    with pytest.raises(InvalidInput):
        block_account(**call)
    block_account(**call, agent_code="tp4410")
    assert AccountBlock.objects.get(run=run).agent_code == "TP4410"


def test_officers_see_it_cut_down_and_fraud_whole(
    run: PlaybookRun, agent_officer: Actor, people: dict[str, User]
) -> None:
    work_on_blocks()
    work_on_blocks()
    block = AccountBlock.objects.get(run=run)
    farah = of_user(User.objects.get(pk=people["farah"].pk))
    assert (sees_logins(agent_officer, run), sees_logins(farah, run)) == (False, True)
    masked, whole = (login_lines(block, openly=each)[0] for each in (False, True))
    assert masked.ip.endswith(".*.*")
    assert "*" not in whole.ip
    assert masked.device == f"…{whole.device[-4:]}"


def test_others_may_not(run: PlaybookRun, officer: User, agent_user: User) -> None:
    for person in (officer, agent_user):
        with pytest.raises(NotAllowed):
            block_account(actor=of_user(person), ticket_id=run.ticket_id)
        with pytest.raises(NotAllowed):
            block_by_hand(actor=of_user(person), ticket_id=run.ticket_id, words="x")


def test_the_panel_shows_the_state_and_the_log(
    client: Client, run: PlaybookRun, agent_officer: Actor, systems: Server
) -> None:
    assert agent_officer.user
    client.force_login(agent_officer.user)
    page = reverse("desk:ticket", args=[run.ticket.number])
    assert "sedang diblokir" in client.get(page).content.decode()
    work_on_blocks()
    work_on_blocks()
    do_step(actor=agent_officer, ticket_id=run.ticket_id, step="block", values={})
    shown = client.get(page).content.decode()
    assert "Log login" in shown
    assert ".*.*" in shown


def test_who_reads_the_log_whole_is_on_record_first(
    run: PlaybookRun, people: dict[str, User], client: Client, agent_officer: Actor
) -> None:
    url = reverse("desk:login_log", args=[run.ticket.number])
    client.force_login(people["rizal"])
    assert client.post(url).status_code == 404  # nothing was collected yet
    for _turn in range(2):
        work_on_blocks()
    assert client.post(url).status_code == 403
    call: dict[str, Any] = {"actor": agent_officer, "ticket_id": run.ticket_id}
    do_step(**call, step="block", values={})
    block = AccountBlock.objects.get(run=run)
    do_step(**call, step="logs", values={"agent_id": "TP4410", "login_log": login_text(block)})
    do_step(**call, step="pin", values={})  # and fraud is told
    assert not DataLook.objects.exists()
    whole = login_lines(block, openly=True)[0].ip
    farah = people["farah"]
    client.force_login(farah)
    page = reverse("desk:ticket", args=[run.ticket.number])
    assert whole not in client.get(page).content.decode()
    assert whole in client.post(url).content.decode()
    part = client.post(url, headers={"HX-Request": "true"}).content.decode()
    assert whole in part
    assert "<html" not in part
    api = client.get(f"/api/v1/tickets/{run.ticket.number}/playbook/logins").json()
    assert (api["whole"], api["logins"][0]["ip"]) == (True, whole)
    rows = DataLook.objects.order_by("id").values_list("user", "ticket", "field", "via")
    assert list(rows) == [
        (farah.pk, run.ticket_id, "logins", via) for via in ("page", "page", "api")
    ]
