"""Playing playbooks: every way of every one of them, and who may do what when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from agents_ops.evidence import fields_of
from agents_ops.gates import OTHER, RESULT
from agents_ops.models import PlaybookRun, PlaybookSet, StepRecord
from agents_ops.playbook import walk
from agents_ops.playbook.parts import Branch, Field, Step
from agents_ops.services import (
    do_step,
    leave_playbook,
    skip_step,
    start_playbook,
)
from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, WrongState
from people.actors import Actor, of_user
from people.models import User
from people.services.reference import read_fixture
from tests.agents_ops.conftest import AgentTicket
from tests.support.playbook_gates import attach, open_gate
from tickets.models import EventKind, Ticket
from tickets.services import close_ticket, reopen_ticket

CODES = [row["code"] for row in read_fixture("playbooks.json")["playbooks"]]


Path = list[tuple[Step, Branch]]


def asked_of(field: Field, path: Path) -> tuple[list[Any], list[Any]]:
    """The conditions on this field that the path fulfils, and those that it passes by."""
    fulfilled, passed = [], []
    for step, taken in path:
        for branch in step.branches:
            when = branch.when or {}
            if branch is taken:
                fulfilled += [when] if when.get("field") == field.code else []
                break
            passed += [when] if when.get("field") == field.code else []
    return fulfilled, passed


def answer(field: Field, path: Path, ticket: Ticket) -> Any:
    """One that leads this way, wherever on the path it is asked for."""
    fulfilled, passed = asked_of(field, path)
    now = clock.now()
    if field.kind == "choice":
        return next(
            value
            for value, _label in field.choices
            if all(value in each["is"] for each in fulfilled)
            and not any(value in each["is"] for each in passed)
        )
    if field.kind == "datetime":
        return (now - timedelta(days=2 if fulfilled else 0, minutes=1)).isoformat()
    if field.kind == "file":
        return attach(ticket).key
    if field.code == "account_owner":
        own = any(step.code == "holder" and branch.when for step, branch in path)
        return ticket.agent.name.upper() if own and ticket.agent else "Orang Lain"
    return {
        "text": "sudah dicek",
        "number": 7,
        "amount_idr": "Rp 1.500.211",
        "phone": "0812-5550-9012",
        "agent_id": "tp4410",
        "bank_account": "123-456-7890",
    }[field.kind]


def answers(step: Step, branch: Branch, path: Path, ticket: Ticket) -> dict[str, Any]:
    given = {
        each.code: answer(each, path, ticket) for each in fields_of(step) if each.code != RESULT
    }
    if any(each.code == RESULT for each in fields_of(step)):
        when = branch.when or {}
        given[RESULT] = when["gate"][0] if "gate" in when else OTHER
    return given


@pytest.mark.django_db
@pytest.mark.parametrize("code", CODES)
def test_every_way_of_every_playbook_is_played_to_its_end(
    code: str, agent_ticket: AgentTicket, agent_officer: Actor
) -> None:
    ends = set()
    for path in walk(PlaybookSet.in_force().playbooks[code]):
        ticket = agent_ticket(order_number="")
        run = start_playbook(actor=agent_officer, ticket_id=ticket.pk, playbook=code)
        for step, branch in path:
            assert run.step == step.code
            open_gate(agent_officer, run, step, branch)
            given = answers(step, branch, path, ticket)
            run = do_step(actor=agent_officer, ticket_id=ticket.pk, step=step.code, values=given)
        assert (run.state, run.outcome) == ("finished", path[-1][1].end)
        assert run.records.count() == len(path)
        ends.add(run.outcome)
    assert ends


def _first(ticket: Ticket) -> dict[str, Any]:
    return {"proof": attach(ticket).key, "agent_id": "TP4410"}


@pytest.fixture
def run(agent_ticket: AgentTicket, agent_officer: Actor) -> PlaybookRun:
    ticket = agent_ticket()
    return start_playbook(actor=agent_officer, ticket_id=ticket.pk, playbook="deposit_bank")


def test_a_step_is_on_record_and_on_the_timeline(run: PlaybookRun, agent_officer: Actor) -> None:
    with clock.at(run.started_at + timedelta(seconds=41)):
        after = do_step(
            actor=agent_officer, ticket_id=run.ticket_id, step="proof", values=_first(run.ticket)
        )
    record = after.records.get()
    assert (record.step, record.seconds, record.standard, record.by) == (
        "proof",
        41,
        None,
        agent_officer.user,
    )
    assert record.given.values["agent_id"] == "TP4410"
    events = run.ticket.events.filter(kind__startswith="playbook").order_by("id")
    assert [event.kind for event in events] == [
        EventKind.PLAYBOOK_STARTED,
        EventKind.PLAYBOOK_STEP,
    ]
    assert "TP4410" not in str(events[1].data)


def test_the_same_step_twice_is_refused(run: PlaybookRun, agent_officer: Actor) -> None:
    call = {"actor": agent_officer, "ticket_id": run.ticket_id, "step": "proof"}
    do_step(**call, values=_first(run.ticket))
    with pytest.raises(Conflict):
        do_step(**call, values=_first(run.ticket))
    assert StepRecord.objects.filter(run=run).count() == 1


def test_a_run_seen_before_it_went_on_is_refused(run: PlaybookRun, agent_officer: Actor) -> None:
    with pytest.raises(Conflict):
        do_step(
            actor=agent_officer,
            ticket_id=run.ticket_id,
            step="proof",
            values=_first(run.ticket),
            revision=run.revision - 1,
        )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("agent_id", ""),
        ("agent_id", "!!"),
        ("agent_id", 5),
        ("agent_id", "TP\x004410"),
        ("agent_id", "\ud800"),
        ("agent_id", ["TP4410"]),
        ("phone", "12"),
        ("phone", 10**30),
        ("proof", "not-a-key"),
        ("moon", "x"),
    ],
)
def test_wrong_evidence_is_refused_with_its_field(
    run: PlaybookRun, agent_officer: Actor, field: str, value: Any
) -> None:
    values = {**_first(run.ticket), field: value}
    with pytest.raises(InvalidInput) as refused:
        do_step(actor=agent_officer, ticket_id=run.ticket_id, step="proof", values=values)
    assert set(refused.value.fields) == {field}
    assert not StepRecord.objects.filter(run=run).exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", "satu juta"),
        ("amount", -1),
        ("amount", 10**30),
        ("amount", True),
        ("amount", "1.50"),
        ("transferred_at", "kemarin"),
        ("transferred_at", "9999-12-31T23:59:59"),
        ("transferred_at", "0001-01-01T00:00:00+23:59"),
        ("bank", {"a": 1}),
    ],
)
def test_wrong_amounts_and_moments_are_refused(
    run: PlaybookRun, agent_officer: Actor, field: str, value: Any
) -> None:
    call = {"actor": agent_officer, "ticket_id": run.ticket_id}
    do_step(**call, step="proof", values=_first(run.ticket))
    good = {"transferred_at": "2026-11-18T12:00", "amount": 1500211, "bank": "BCA"}
    with pytest.raises(InvalidInput) as refused:
        do_step(**call, step="confirm", values={**good, field: value})
    assert set(refused.value.fields) == {field}


def test_secrets_in_an_answer_are_masked(run: PlaybookRun, agent_officer: Actor) -> None:
    call = {"actor": agent_officer, "ticket_id": run.ticket_id}
    do_step(**call, step="proof", values=_first(run.ticket))
    values = {
        "transferred_at": "2026-11-18T12:00",
        "amount": 1500211,
        "bank": "BCA, PIN saya 482913",
    }
    after = do_step(**call, step="confirm", values=values)
    assert "482913" not in after.records.get(step="confirm").given.values["bank"]


def test_a_closed_gate_names_what_is_missing(
    agent_ticket: AgentTicket, agent_officer: Actor
) -> None:
    ticket = agent_ticket()
    call = {"actor": agent_officer, "ticket_id": ticket.pk}
    run = start_playbook(**call, playbook="deposit_no_ticket")
    do_step(**call, step="educate", values={})
    values = {
        "agent_id": "TP4410",
        "transferred_at": "2026-11-18T12:00",
        "amount": 500000,
        "bank": "BRI",
    }
    run = do_step(**call, step="data", values=values)
    open_gate(
        agent_officer,
        run,
        run.script.by_code["approval"],
        run.script.by_code["approval"].branches[0],
    )
    do_step(**call, step="approval", values={})
    with pytest.raises(WrongState) as refused:
        do_step(**call, step="finance", values={})
    assert refused.value.code == "gate_closed"
    finance = run.script.by_code["finance"]
    open_gate(agent_officer, run, finance, finance.branches[0])
    assert do_step(**call, step="finance", values={}).step == "result"


def test_skipping_needs_a_reason_and_leads_ahead_only(
    run: PlaybookRun, agent_officer: Actor
) -> None:
    call = {"actor": agent_officer, "ticket_id": run.ticket_id, "step": "proof"}
    with pytest.raises(InvalidInput):
        skip_step(**call, to="match", reason=" ")
    with pytest.raises(InvalidInput):
        skip_step(**call, to="proof", reason="sudah")
    with pytest.raises(InvalidInput):
        skip_step(**call, to="moon", reason="sudah")
    after = skip_step(**call, to="match", reason="Bukti sudah dikirim lewat telepon")
    assert after.step == "match"
    assert after.records.get().how == "skipped"
    event = run.ticket.events.get(kind=EventKind.PLAYBOOK_SKIPPED)
    assert event.note.text == "Bukti sudah dikirim lewat telepon"


def test_leaving_needs_a_reason_and_makes_room_for_another(
    run: PlaybookRun, agent_officer: Actor
) -> None:
    call = {"actor": agent_officer, "ticket_id": run.ticket_id}
    with pytest.raises(WrongState):
        start_playbook(**call, playbook="bon_top")
    with pytest.raises(InvalidInput):
        leave_playbook(**call, reason="")
    assert leave_playbook(**call, reason="Salah playbook").state == "left"
    with pytest.raises(WrongState):
        leave_playbook(**call, reason="lagi")
    assert start_playbook(**call, playbook="bon_top").is_active


def test_a_closed_ticket_refuses_and_a_reopened_one_goes_on(
    run: PlaybookRun, agent_officer: Actor, supervisor: User
) -> None:
    call = {"actor": agent_officer, "ticket_id": run.ticket_id}
    close_ticket(**call, root_cause="Bank", solution="Input manual", confirmation="confirmed")
    with pytest.raises(WrongState):
        do_step(**call, step="proof", values=_first(run.ticket))
    reopen_ticket(actor=of_user(supervisor), ticket_id=run.ticket_id, reason="Belum masuk")
    after = do_step(**call, step="proof", values=_first(run.ticket))
    assert (after.pk, after.step) == (run.pk, "confirm")


def test_others_may_not(
    run: PlaybookRun, officer: User, integrator: User, agent_user: User
) -> None:
    for person in (officer, integrator, agent_user):
        with pytest.raises(NotAllowed):
            do_step(actor=of_user(person), ticket_id=run.ticket_id, step="proof", values={})
    assert run.records.count() == 0


def test_only_tickets_of_agents_have_playbooks(file_ticket: Any, supervisor: User) -> None:
    ticket = file_ticket()
    with pytest.raises(WrongState) as refused:
        start_playbook(actor=of_user(supervisor), ticket_id=ticket.pk, playbook="deposit_bank")
    assert refused.value.code == "no_agent_case"


@pytest.mark.parametrize("code", ["moon", "", "x" * 500])
def test_an_unknown_playbook_is_refused(
    agent_ticket: AgentTicket, agent_officer: Actor, code: str
) -> None:
    with pytest.raises(InvalidInput):
        start_playbook(actor=agent_officer, ticket_id=agent_ticket().pk, playbook=code)


def test_the_database_keeps_steps_as_they_were(run: PlaybookRun, agent_officer: Actor) -> None:
    do_step(actor=agent_officer, ticket_id=run.ticket_id, step="proof", values=_first(run.ticket))
    for words in (
        "UPDATE agents_ops_steprecord SET seconds = 0",
        "DELETE FROM agents_ops_steprecord",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(words)
