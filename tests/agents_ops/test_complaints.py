"""Complaints to suppliers: by officers and by the timers alone, sent once, answered, ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from agents_ops.gates import gate_state
from agents_ops.models import PlaybookRun, SupplierComplaint, SupplierMessage
from agents_ops.services import (
    answer_complaint,
    complain,
    do_step,
    look_up,
    press_supplier,
    send_again,
    start_playbook,
)
from agents_ops.services.complaint_sending import LEASE, PAUSES, _claim, _send, send_owed_complaints
from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, WrongState
from people.actors import Actor, of_user
from people.models import User
from sla.models import Timer
from sla.services import sweep
from tests.agents_ops.conftest import AgentTicket
from tests.support.agent_systems import Server
from tickets.models import EventKind
from tickets.services import close_ticket, reopen_ticket

MINUTE = timedelta(minutes=1)
PULSA = "Pulsa 50 ribu ke 081234567890 masih pending, ID TP4410"


def played(
    actor: Actor, ticket_id: int, *, destination: str, minutes_ago: float = 0
) -> PlaybookRun:
    """A transaction of so many minutes ago, looked up."""
    call: dict[str, Any] = {"actor": actor, "ticket_id": ticket_id}
    start_playbook(**call, playbook="transaction")
    at = clock.now() - minutes_ago * MINUTE
    data = {
        "agent_id": "TP4410",
        "destination": destination,
        "product": "Pulsa 50.000",
        "transacted_at": at.isoformat(),
    }
    do_step(**call, step="data", values=data)
    look_up(**call)
    return do_step(**call, step="status", values={})


@pytest.fixture
def pending(agent_ticket: AgentTicket, agent_officer: Actor, systems: Server) -> PlaybookRun:
    """Just made, and pending; nobody has named the supplier yet."""
    ticket = agent_ticket(subject="pulsa pending", description=PULSA, order_number="")
    return played(agent_officer, ticket.pk, destination="081234567890")


def complained(run: PlaybookRun, actor: Actor) -> SupplierComplaint:
    call: dict[str, Any] = {"actor": actor, "ticket_id": run.ticket_id}
    do_step(**call, step="classify_pending", values={"supplier": "Mitra Pulsa"})
    return complain(**call)


def kinds(run: PlaybookRun) -> list[str]:
    rows = SupplierMessage.objects.filter(complaint__ticket=run.ticket_id)
    return [f"{row.direction} {row.kind}" for row in rows.order_by("id")]


class TestByItself:
    def test_pending_is_complained_about_after_two_minutes_and_hard_after_fifteen(
        self, pending: PlaybookRun
    ) -> None:
        for minutes, expected in (
            (1, []),
            (2.1, ["out complaint"]),
            (14, ["out complaint"]),
            (15.1, ["out complaint", "out hard"]),
            (60, ["out complaint", "out hard"]),
        ):
            with clock.shifted(minutes * MINUTE):
                sweep()
                sweep()
            assert kinds(pending) == expected
        complaint = SupplierComplaint.objects.get()
        assert complaint.opened_by is None
        assert complaint.hard_at
        told = pending.ticket.events.filter(kind=EventKind.SUPPLIER_TOLD)
        assert [(each.actor_label, each.data["kind"]) for each in told] == [
            ("sweep", "complaint"),
            ("sweep", "hard"),
        ]
        assert "0812" not in str([each.data for each in told])

    def test_one_that_is_old_already_is_hard_at_once(
        self, agent_ticket: AgentTicket, agent_officer: Actor, systems: Server
    ) -> None:
        ticket = agent_ticket(description=PULSA, order_number="")
        run = played(agent_officer, ticket.pk, destination="081234567890", minutes_ago=40)
        sweep()
        assert kinds(run) == ["out hard"]

    def test_whoever_complained_by_hand_is_not_overtaken(
        self, pending: PlaybookRun, agent_officer: Actor
    ) -> None:
        complained(pending, agent_officer)
        with clock.shifted(3 * MINUTE):
            sweep()
        assert kinds(pending) == ["out complaint"]

    def test_an_answer_disarms_everything(self, pending: PlaybookRun, agent_officer: Actor) -> None:
        row = complained(pending, agent_officer)
        answer_complaint(actor=agent_officer, complaint_id=row.pk, result="success", words="SN 1")
        with clock.shifted(60 * MINUTE):
            sweep()
        assert kinds(pending) == ["out complaint", "in answer"]
        row.refresh_from_db()
        assert (row.state, row.outcome) == ("settled", "success")

    def test_a_missing_product_is_followed_up_and_hard_after_a_day(
        self, agent_ticket: AgentTicket, agent_officer: Actor, systems: Server
    ) -> None:
        ticket = agent_ticket(description=PULSA, order_number="")
        run = played(agent_officer, ticket.pk, destination="081234567897")
        call: dict[str, Any] = {"actor": agent_officer, "ticket_id": ticket.pk}
        do_step(**call, step="classify_success", values={"problem": "product_missing"})
        assert kinds(run) == ["out complaint"]
        for hours in (4.1, 8.3, 24.1):
            with clock.shifted(timedelta(hours=hours)):
                send_owed_complaints()
                sweep()
        follow_ups = ["out follow_up"] * 3  # the last one comes late, just before the hard one
        assert kinds(run) == ["out complaint", *follow_ups, "out hard"]

    def test_a_closed_case_asks_nobody_and_a_reopened_one_goes_on(
        self, pending: PlaybookRun, agent_officer: Actor, supervisor: User
    ) -> None:
        call: dict[str, Any] = {"actor": agent_officer, "ticket_id": pending.ticket_id}
        row = complained(pending, agent_officer)
        close_ticket(**call, root_cause="-", solution="-", confirmation="confirmed")
        row.refresh_from_db()
        assert (row.state, row.messages.get().state) == ("ended", "dropped")
        with clock.shifted(20 * MINUTE):
            sweep()
        assert kinds(pending) == ["out complaint"]
        reopen_ticket(actor=of_user(supervisor), ticket_id=pending.ticket_id, reason="Belum")
        assert complain(**call).is_open

    def test_leaving_the_playbook_disarms_the_run(
        self, pending: PlaybookRun, agent_officer: Actor
    ) -> None:
        from agents_ops.services import leave_playbook

        leave_playbook(actor=agent_officer, ticket_id=pending.ticket_id, reason="Salah")
        assert not Timer.objects.filter(subject_type="playbook_run", state="armed").exists()


class TestSending:
    def test_it_arrives_once_with_its_key(
        self, pending: PlaybookRun, agent_officer: Actor, systems: Server
    ) -> None:
        row = complained(pending, agent_officer).messages.get()
        systems.asked.clear()
        assert (send_owed_complaints(), send_owed_complaints()) == (1, 0)
        [(path, headers, body)] = systems.asked
        assert (path, headers["Idempotency-Key"]) == ("/v1/complaints", row.key)
        assert (body["supplier"], body["destination"]) == ("Mitra Pulsa", "081234567890")
        row.refresh_from_db()
        assert (row.state, row.attempts) == ("sent", 1)
        assert row.reference.startswith("SUP-")

    def test_a_death_between_sending_and_marking_sends_the_same_key_again(
        self, pending: PlaybookRun, agent_officer: Actor, systems: Server
    ) -> None:
        complained(pending, agent_officer)
        systems.asked.clear()
        _lease, [claimed] = _claim()
        _send(claimed)  # and here the process is gone
        assert send_owed_complaints() == 0
        with clock.shifted(LEASE + MINUTE):
            assert send_owed_complaints() == 1
        first, second = (body["key"] for _path, _headers, body in systems.asked)
        assert first == second

    def test_one_that_is_away_is_tried_again_with_growing_pauses_then_waits_for_a_person(
        self, pending: PlaybookRun, agent_officer: Actor, systems: Server, monkeypatch: Any
    ) -> None:
        from agents_ops.services import complaint_sending

        complaint = complained(pending, agent_officer)
        monkeypatch.setattr(complaint_sending, "suppliers", _Away)
        later = timedelta()
        for _try in range(len(PAUSES) + 1):
            with clock.shifted(later):
                assert send_owed_complaints() == 0
            row = complaint.messages.get()
            if row.next_try_at:
                later = max(later, row.next_try_at - clock.now() + timedelta(seconds=1))
        assert (row.state, row.last_trouble, row.attempts) == (
            "failed",
            "unreachable",
            len(PAUSES) + 1,
        )
        assert later > timedelta(hours=12)
        send_again(actor=agent_officer, complaint_id=complaint.pk, by_hand=True)
        assert complaint.messages.get().state == "by_hand"
        with pytest.raises(WrongState):
            send_again(actor=agent_officer, complaint_id=complaint.pk, by_hand=False)

    def test_a_wish_for_patience_is_kept(
        self, pending: PlaybookRun, agent_officer: Actor, systems: Server
    ) -> None:
        complaint = complained(pending, agent_officer)
        systems.answer = lambda call: call.say(429, {}, Retry_After="600")
        send_owed_complaints()
        row = complaint.messages.get()
        assert row.next_try_at is not None
        assert row.next_try_at - clock.now() > timedelta(seconds=550)

    def test_a_final_word_in_the_receipt_ends_it(
        self, pending: PlaybookRun, agent_officer: Actor, systems: Server
    ) -> None:
        complaint = complained(pending, agent_officer)
        systems.answer = lambda call: call.say(
            200, {"reference": "S1", "result": "failed", "text": "Digagalkan, saldo kembali"}
        )
        send_owed_complaints()
        complaint.refresh_from_db()
        assert (complaint.state, complaint.outcome) == ("settled", "failed")
        run = PlaybookRun.objects.get(pk=pending.pk)
        assert run.open_step
        assert gate_state(run, run.open_step).outcome == "failed"

    def test_without_a_connection_it_waits_for_a_person_at_once(
        self, pending: PlaybookRun, agent_officer: Actor, settings: Any
    ) -> None:
        from agents_ops.connectors import forget_connectors

        complaint = complained(pending, agent_officer)
        settings.SUPPLIERS = {"kind": "none"}
        forget_connectors()
        send_owed_complaints()
        assert complaint.messages.get().state == "failed"


class _Away:
    def send(self, _complaint: Any) -> Any:
        from agents_ops.connectors import Unavailable
        from people.commerce import Trouble

        raise Unavailable(Trouble.UNREACHABLE)


class TestByHand:
    def test_twice_is_refused(self, pending: PlaybookRun, agent_officer: Actor) -> None:
        row = complained(pending, agent_officer)
        with pytest.raises(WrongState) as refused:
            complain(actor=agent_officer, ticket_id=pending.ticket_id)
        assert refused.value.code == "complained_already"
        call: dict[str, Any] = {"actor": agent_officer, "complaint_id": row.pk}
        with pytest.raises(Conflict):
            press_supplier(**call, hard=False)
        send_owed_complaints()
        press_supplier(**call, hard=False)
        press_supplier(**call, hard=True)
        with pytest.raises(WrongState):
            press_supplier(**call, hard=True)
        assert kinds(pending) == ["out complaint", "out follow_up", "out hard"]

    def test_the_database_keeps_one_open_matter_and_one_hard_message(
        self, pending: PlaybookRun, agent_officer: Actor
    ) -> None:
        row = complained(pending, agent_officer)
        for act in (
            lambda: row.messages.create(
                direction="out", kind="complaint", state="sent", at=clock.now()
            ),
            lambda: SupplierComplaint.objects.create(
                ticket=row.ticket,
                run=pending,
                about="pending",
                since=clock.now(),
                opened_at=clock.now(),
            ),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                act()

    def test_the_gate_waits_for_a_final_word_or_the_hard_complaint(
        self, pending: PlaybookRun, agent_officer: Actor
    ) -> None:
        row = complained(pending, agent_officer)
        call: dict[str, Any] = {"actor": agent_officer, "ticket_id": pending.ticket_id}
        with pytest.raises(WrongState):
            do_step(**call, step="complain", values={})
        press_supplier(actor=agent_officer, complaint_id=row.pk, hard=True)
        assert do_step(**call, step="complain", values={}).step == "hard_complain"
        with pytest.raises(WrongState):
            do_step(**call, step="hard_complain", values={})
        answer_complaint(actor=agent_officer, complaint_id=row.pk, result="pending", words="Dicek")
        with pytest.raises(WrongState):
            do_step(**call, step="hard_complain", values={})
        answer_complaint(actor=agent_officer, complaint_id=row.pk, result="failed")
        assert do_step(**call, step="hard_complain", values={}).step == "classify_failed"

    @pytest.mark.parametrize("result", ["", "moon", "x" * 300])
    def test_a_strange_answer_is_refused(
        self, pending: PlaybookRun, agent_officer: Actor, result: str
    ) -> None:
        row = complained(pending, agent_officer)
        with pytest.raises(InvalidInput):
            answer_complaint(actor=agent_officer, complaint_id=row.pk, result=result)

    def test_the_same_answer_twice_is_one_and_a_later_one_is_refused(
        self, pending: PlaybookRun, agent_officer: Actor, integrator: User
    ) -> None:
        row = complained(pending, agent_officer)
        call: dict[str, Any] = {"actor": of_user(integrator), "complaint_id": row.pk}
        for _each in range(2):
            answer_complaint(**call, result="success", reference="A-1")
        assert kinds(pending) == ["out complaint", "in answer"]
        with pytest.raises(WrongState):
            answer_complaint(**call, result="failed", reference="A-2")

    def test_others_may_not(
        self, pending: PlaybookRun, agent_officer: Actor, officer: User, agent_user: User
    ) -> None:
        row = complained(pending, agent_officer)
        for person in (officer, agent_user):
            call: dict[str, Any] = {"actor": of_user(person), "complaint_id": row.pk}
            for act in (
                lambda call=call: press_supplier(**call, hard=True),
                lambda call=call: answer_complaint(**call, result="success"),
                lambda call=call: send_again(**call, by_hand=True),
            ):
                with pytest.raises(NotAllowed):
                    act()


class TestPages:
    def test_the_list_and_the_thread(
        self, client: Client, pending: PlaybookRun, agent_officer: Actor
    ) -> None:
        assert agent_officer.user
        client.force_login(agent_officer.user)
        row = complained(pending, agent_officer)
        listed = client.get(reverse("desk:supplier_complaints")).content.decode()
        assert pending.ticket.number in listed
        url = reverse("desk:supplier_complaint", args=[row.key])
        assert "Transaksi masih pending. Mohon dicek." in client.get(url).content.decode()
        act = reverse("desk:supplier_act", args=[row.key])
        assert client.post(act, {"verb": "moon"}).status_code == 400
        assert client.post(act, {"verb": "hard"}).status_code == 302
        assert client.post(act, {"verb": "hard"}).status_code == 409
        answer = {"verb": "answer", "result": "success", "words": "SN 123"}
        assert client.post(act, answer).status_code == 302
        assert "SN 123" in client.get(url).content.decode()
        assert (
            pending.ticket.number
            not in client.get(reverse("desk:supplier_complaints")).content.decode()
        )

    def test_a_foreign_one_is_none(
        self, client: Client, pending: PlaybookRun, agent_officer: Actor, officer: User
    ) -> None:
        row = complained(pending, agent_officer)
        client.force_login(officer)
        assert client.get(reverse("desk:supplier_complaint", args=[row.key])).status_code == 404
        act = reverse("desk:supplier_act", args=[row.key])
        assert client.post(act, {"verb": "hard"}).status_code == 404
        assert client.get(reverse("desk:supplier_complaint", args=["moon"])).status_code == 404
        shown = client.get(reverse("desk:supplier_complaints")).content.decode()
        assert pending.ticket.number not in shown
