"""Four eyes: who asks, who decides, for which answers it counts, and until when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from agents_ops.gates import gate_state
from agents_ops.models import ApprovalRequest, PlaybookRun
from agents_ops.services import (
    ask_approval,
    check_agent,
    decide_approval,
    do_step,
    leave_playbook,
    start_playbook,
    withdraw_approval,
)
from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, WrongState
from people.actors import Actor, of_user
from people.models import User
from sla.services import sweep
from tests.agents_ops.conftest import AgentTicket
from tests.cast import FileTicket
from tests.support.playbook_gates import verify
from tickets.models import EventKind, Notice, Ticket
from tickets.services import handle_ticket

pytestmark = pytest.mark.django_db
ACCOUNT = {"bank": "BCA", "account_number": "1234567890", "account_owner": "WAHYU HIDAYAT"}


def play(actor: Actor, ticket: Ticket, amount: int = 500_000, **account: str) -> PlaybookRun:
    """A withdrawal up to the step that a second person opens."""
    call: dict[str, Any] = {"actor": actor, "ticket_id": ticket.pk}
    start_playbook(**call, playbook="withdrawal")
    do_step(**call, step="ask", values={"agent_id": "TP4410", "amount": amount})
    do_step(**call, step="why", values={"withdrawal_reason": "Butuh"})
    verify(actor, ticket)
    do_step(**call, step="verify", values={})
    do_step(**call, step="account", values=ACCOUNT | account)
    run = do_step(**call, step="holder", values={})
    run.ticket = ticket
    return run


@pytest.fixture
def run(agent_ticket: AgentTicket, agent_officer: Actor) -> PlaybookRun:
    return play(agent_officer, agent_ticket(description="Tarik saldo, ID TP4410"))


@pytest.fixture
def asked(run: PlaybookRun, agent_officer: Actor) -> ApprovalRequest:
    return ask_approval(actor=agent_officer, ticket_id=run.ticket_id, reason="Data cocok")


@pytest.fixture
def lead(supervisor: User) -> Actor:
    return of_user(supervisor)


def state_of(run: PlaybookRun) -> Any:
    step = run.open_step
    assert step
    return gate_state(run, step)


def test_it_opens_the_step_once_approved_and_until_it_is_old(
    run: PlaybookRun, agent_officer: Actor, lead: Actor
) -> None:
    assert (state_of(run).open, state_of(run).short) == (False, "belum ada persetujuan")
    asked = ask_approval(actor=agent_officer, ticket_id=run.ticket_id, reason="Data cocok")
    assert (asked.kind, asked.amount_idr, asked.team.code) == ("withdrawal", 500_000, "supervisors")
    assert state_of(run).url == reverse("desk:approval", args=[asked.pk])
    done = decide_approval(actor=lead, approval_id=asked.pk, approved=True)
    assert (done.state, done.decided_by) == ("approved", lead.user)
    assert state_of(run).outcome == "approved"
    with clock.at(done.expires_at):
        assert not state_of(run).open
    call: dict[str, Any] = {"actor": agent_officer, "ticket_id": run.ticket_id}
    assert do_step(**call, step="approval", values={}).step == "finance"


def test_the_timeline_and_those_concerned_hear_without_personal_data(
    asked: ApprovalRequest, lead: Actor, agent_officer: Actor
) -> None:
    events = asked.ticket.events.filter(kind__startswith="approval").order_by("id")
    assert Notice.objects.filter(event=events[0], recipient=lead.user).exists()
    decide_approval(actor=lead, approval_id=asked.pk, approved=False, reason="Nominal aneh")
    assert [each.kind for each in events.all()] == [
        EventKind.APPROVAL_ASKED,
        EventKind.APPROVAL_DECIDED,
    ]
    decided = events.all()[1]
    assert (decided.data["approved"], decided.note.text) == (False, "Nominal aneh")
    assert Notice.objects.filter(event=decided, recipient=agent_officer.user).exists()
    for secret in ("1234567890", "WAHYU", "TP4410"):
        assert secret not in str([each.data for each in events.all()])


def test_refused_it_leads_to_the_refusal_with_its_reason(
    run: PlaybookRun, asked: ApprovalRequest, agent_officer: Actor, lead: Actor
) -> None:
    with pytest.raises(InvalidInput):
        decide_approval(actor=lead, approval_id=asked.pk, approved=False, reason=" ")
    decide_approval(actor=lead, approval_id=asked.pk, approved=False, reason="Nominal aneh")
    assert "Nominal aneh" in state_of(run).shown[0]
    call: dict[str, Any] = {"actor": agent_officer, "ticket_id": run.ticket_id}
    assert do_step(**call, step="approval", values={}).step == "not_approved"


def test_nobody_decides_what_he_asked_for_himself(
    run: PlaybookRun, agent_officer: Actor, lead: Actor
) -> None:
    own = ask_approval(actor=lead, ticket_id=run.ticket_id, reason="Mendesak")
    with pytest.raises(NotAllowed) as refused:
        decide_approval(actor=lead, approval_id=own.pk, approved=True)
    assert refused.value.code == "own_request"
    change = {"state": "approved", "decided_by": lead.user, "ended_at": clock.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        ApprovalRequest.objects.filter(pk=own.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        ApprovalRequest.objects.filter(pk=own.pk).update(state="approved")


def test_the_right_role_and_team_decide(
    agent_ticket: AgentTicket,
    agent_officer: Actor,
    asked: ApprovalRequest,
    other_officer: User,
    specialist: User,
    admin: User,
    lead: Actor,
    manager: User,
) -> None:
    for person in (other_officer, specialist, admin):
        with pytest.raises(NotAllowed):
            decide_approval(actor=of_user(person), approval_id=asked.pk, approved=True)
    ticket = agent_ticket(description="Pindah downline")
    call: dict[str, Any] = {"actor": agent_officer, "ticket_id": ticket.pk}
    start_playbook(**call, playbook="move_downline")
    ids = {"downline_id": "TP1", "old_upline": "TP2", "new_upline": "TP3"}
    do_step(**call, step="ask", values=ids)
    do_step(**call, step="why", values={"move_reason": "Salah daftar", "sensible": "yes"})
    move = ask_approval(**call, reason="Alasan masuk akal")
    with pytest.raises(NotAllowed):
        decide_approval(actor=lead, approval_id=move.pk, approved=True)
    assert decide_approval(actor=of_user(manager), approval_id=move.pk, approved=True)
    assert decide_approval(actor=of_user(manager), approval_id=asked.pk, approved=True)


def test_other_answers_are_not_approved_by_it(
    run: PlaybookRun, asked: ApprovalRequest, agent_officer: Actor, lead: Actor
) -> None:
    call: dict[str, Any] = {"actor": agent_officer, "ticket_id": run.ticket_id}
    decide_approval(actor=lead, approval_id=asked.pk, approved=True)
    leave_playbook(**call, reason="Nominal salah")
    again = play(agent_officer, run.ticket, amount=9_000_000)
    assert not state_of(again).open
    assert "bukan jawaban yang sekarang" in str(state_of(again).missing)
    second = ask_approval(**call, reason="Nominal baru")
    leave_playbook(**call, reason="Salah lagi")
    with pytest.raises(Conflict) as refused:
        decide_approval(actor=lead, approval_id=second.pk, approved=True)
    assert refused.value.code == "approval_stale"
    same = play(agent_officer, run.ticket)
    third = ask_approval(**call, reason="Nominal semula")
    second.refresh_from_db()
    assert (second.state, third.state) == ("expired", "pending")
    decide_approval(actor=lead, approval_id=third.pk, approved=True)
    assert state_of(same).outcome == "approved"


def test_an_account_in_another_name_needs_management(
    agent_ticket: AgentTicket, agent_officer: Actor, manager: User, lead: Actor
) -> None:
    run = play(agent_officer, agent_ticket(description="Tarik saldo"), account_owner="Siti")
    asked = ask_approval(actor=agent_officer, ticket_id=run.ticket_id, reason="Rekening istri")
    assert (run.step, asked.kind, asked.team.code) == ("exception", "other_account", "operations")
    with pytest.raises(NotAllowed):
        decide_approval(actor=lead, approval_id=asked.pk, approved=True)
    decide_approval(actor=of_user(manager), approval_id=asked.pk, approved=True)
    call: dict[str, Any] = {"actor": agent_officer, "ticket_id": run.ticket_id}
    assert do_step(**call, step="exception", values={}).step == "finance"


def test_what_is_not_verified_any_more_cannot_be_asked_for(
    run: PlaybookRun, agent_officer: Actor
) -> None:
    call: dict[str, Any] = {"actor": agent_officer, "ticket_id": run.ticket_id}
    with clock.shifted(timedelta(minutes=31)), pytest.raises(WrongState) as refused:
        ask_approval(**call, reason="Data cocok")
    assert refused.value.code == "not_verified"
    with pytest.raises(InvalidInput):
        ask_approval(**call, reason=" \n ")
    with pytest.raises(InvalidInput) as other:
        ask_approval(**call, reason="r", amount_idr=1)
    assert other.value.code == "other_amount"
    with pytest.raises(InvalidInput):
        ask_approval(**call, reason="r", kind="pin_reset")


def test_a_locked_agent_gets_nothing_approved(
    run: PlaybookRun, asked: ApprovalRequest, agent_officer: Actor, lead: Actor
) -> None:
    wrong = {"name": "S", "agent_id": "S", "phone": "1"}
    for _time in range(2):
        check_agent(actor=agent_officer, ticket_id=run.ticket_id, answers=wrong, rule="basic")
    with pytest.raises(WrongState) as refused:
        decide_approval(actor=lead, approval_id=asked.pk, approved=True)
    assert refused.value.code == "agent_locked"
    assert not state_of(run).open
    decide_approval(actor=lead, approval_id=asked.pk, approved=False, reason="Terkunci")


def test_asked_once_taken_back_by_its_asker_and_decided_once(
    run: PlaybookRun, asked: ApprovalRequest, agent_officer: Actor, lead: Actor
) -> None:
    call: dict[str, Any] = {"actor": agent_officer, "ticket_id": run.ticket_id}
    with pytest.raises(WrongState) as refused:
        ask_approval(**call, reason="Lagi")
    assert refused.value.code == "approval_pending"
    with pytest.raises(NotAllowed):
        withdraw_approval(actor=lead, approval_id=asked.pk)
    withdraw_approval(actor=agent_officer, approval_id=asked.pk)
    with pytest.raises(WrongState) as over:
        decide_approval(actor=lead, approval_id=asked.pk, approved=True)
    assert over.value.code == "approval_decided"
    assert ask_approval(**call, reason="Sekali lagi").state == "pending"


def test_undecided_it_expires_by_its_timer(
    run: PlaybookRun, asked: ApprovalRequest, agent_officer: Actor, lead: Actor
) -> None:
    with clock.shifted(timedelta(hours=24, seconds=1)):
        with pytest.raises(WrongState) as refused:
            decide_approval(actor=lead, approval_id=asked.pk, approved=True)
        assert refused.value.code == "approval_expired"
        sweep()
    asked.refresh_from_db()
    assert asked.state == "expired"
    event = run.ticket.events.get(kind=EventKind.APPROVAL_EXPIRED)
    assert Notice.objects.filter(event=event, recipient=agent_officer.user).exists()


def test_without_such_a_step_there_is_nothing_to_ask(
    agent_ticket: AgentTicket, agent_officer: Actor
) -> None:
    ticket = agent_ticket()
    with pytest.raises(WrongState) as refused:
        ask_approval(actor=agent_officer, ticket_id=ticket.pk, reason="r")
    assert refused.value.code == "no_approval_step"


# --- Pages ---------------------------------------------------------------------------------------


def at(name: str, *args: Any) -> str:
    return reverse(f"desk:{name}", args=args)


def test_the_officer_asks_from_the_page(
    client: Client, run: PlaybookRun, agent_officer: Actor
) -> None:
    assert agent_officer.user
    client.force_login(agent_officer.user)
    place = at("ask_approval", run.ticket.number)
    assert place in client.get(at("ticket", run.ticket.number)).content.decode()
    shown = client.get(place).content.decode()
    assert "Rp 500.000" in shown.replace("\xa0", " ")
    assert client.post(place, {"reason": ""}).status_code == 400
    assert client.post(place, {"reason": "Data cocok"}).status_code == 302
    assert (
        "Menunggu keputusan orang kedua"
        in client.get(at("ticket", run.ticket.number)).content.decode()
    )
    own = ApprovalRequest.objects.get()
    shown = client.get(at("approval", own.pk)).content.decode()
    assert "Permintaan Anda diputuskan orang lain" in shown
    decide = {"decision": "approve"}
    assert client.post(at("approval_decide", own.pk), decide).status_code == 403
    assert client.post(at("approval_withdraw", own.pk)).status_code == 302


def test_the_supervisor_decides_from_the_page(
    client: Client, asked: ApprovalRequest, supervisor: User
) -> None:
    client.force_login(supervisor)
    shown = client.get(at("approvals")).content.decode()
    assert "1 menunggu Anda" in shown
    assert at("approval", asked.pk) in shown
    shown = client.get(at("approval", asked.pk)).content.decode()
    assert "1234567890" in shown
    assert "Nama lengkap sesuai KTP" in shown
    place = at("approval_decide", asked.pk)
    assert client.post(place, {"reason": "x"}).status_code == 400
    assert client.post(place, {"decision": "refuse", "reason": ""}).status_code == 400
    assert client.post(place, {"decision": "approve"}).status_code == 302
    assert client.post(place, {"decision": "approve"}).status_code == 409
    assert "Disetujui" in client.get(at("approvals") + "?tray=decided").content.decode()


def test_strangers_get_the_404_of_none(
    client: Client, asked: ApprovalRequest, officer: User, customer_user: User
) -> None:
    client.force_login(officer)
    for name in ("approval_decide", "approval_withdraw"):
        for pk in (asked.pk, 10**30):
            assert client.post(at(name, pk), {"decision": "approve"}).status_code == 404
    assert client.get(at("approval", asked.pk)).status_code == 404
    assert client.get(at("ask_approval", asked.ticket.number)).status_code == 404
    client.force_login(customer_user)
    assert client.get(at("approvals")).status_code == 403


def test_a_buyers_ticket_has_nothing_to_ask(
    client: Client, file_ticket: FileTicket, supervisor: User
) -> None:
    ticket = handle_ticket(actor=of_user(supervisor), ticket_id=file_ticket().pk)
    client.force_login(supervisor)
    assert client.get(at("ask_approval", ticket.number)).status_code == 404
