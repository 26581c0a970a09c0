"""Verifying an agent: which points count, for how long, who is locked, and what stays on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import serializers
from django.db import DatabaseError, IntegrityError, transaction

from agents_ops.gates import gate_state
from agents_ops.models import AgentLock, AgentRules, PlaybookRun, Verification, VerificationAnswer
from agents_ops.services import (
    Looked,
    check_agent,
    do_step,
    fail_verification,
    load_agent_rules,
    skip_step,
    start_playbook,
)
from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, WrongState
from people.actors import Actor, of_user
from people.models import ResellerAgent, User
from people.services.reference import read_fixture
from tests.agents_ops.conftest import AgentTicket
from tests.cast import FileTicket
from tests.support.playbook_gates import attach
from tickets.models import EventKind, Notice, Ticket
from tickets.services import close_ticket, handle_ticket

pytestmark = pytest.mark.django_db
SAID = {"name": "WAHYU hidayat", "agent_id": "tp4410", "phone": "0812-5550-9012"}
SEEN = Looked("matched")
Play = Callable[..., PlaybookRun]


@pytest.fixture
def verifying(agent_ticket: AgentTicket, agent_officer: Actor) -> PlaybookRun:
    """A withdrawal of Wahyu whose open step verifies."""
    ticket = agent_ticket(description="Mau tarik saldo Rp 500.000, ID TP4410")
    call: dict[str, Any] = {"actor": agent_officer, "ticket_id": ticket.pk}
    start_playbook(**call, playbook="withdrawal")
    do_step(**call, step="ask", values={"agent_id": "TP4410", "amount": 500_000})
    run = do_step(**call, step="why", values={"withdrawal_reason": "Butuh"})
    run.ticket = ticket
    return run


def state_of(run: PlaybookRun) -> Any:
    step = run.open_step
    assert step
    return gate_state(run, step)


def check(
    run: PlaybookRun, actor: Actor, answers: dict[str, str] | None = None, **more: Any
) -> Any:
    return check_agent(actor=actor, ticket_id=run.ticket_id, answers=answers, **more)


def test_three_of_five_open_the_gate_until_they_are_old(
    verifying: PlaybookRun, agent_officer: Actor
) -> None:
    closed = state_of(verifying)
    assert (closed.open, closed.short) == (False, "kurang 3 poin")
    assert closed.url.endswith("/verifikasi/")
    check(verifying, agent_officer, {"name": SAID["name"]})
    assert state_of(verifying).short == "kurang 2 poin"
    looked = {"last_deposit": SEEN, "closing_balance": Looked("not_comparable")}
    check(verifying, agent_officer, looked=looked)
    assert not state_of(verifying).open
    done = check(verifying, agent_officer, looked={"transaction_1": SEEN})
    assert (done.state, done.expires_at) == ("passed", done.ended_at + timedelta(minutes=30))
    assert state_of(verifying).outcome == "verified"
    with clock.at(done.expires_at):
        assert not state_of(verifying).open
        with pytest.raises(WrongState) as refused:
            do_step(actor=agent_officer, ticket_id=verifying.ticket_id, step="verify", values={})
        assert refused.value.code == "gate_closed"
    after = do_step(actor=agent_officer, ticket_id=verifying.ticket_id, step="verify", values={})
    assert after.step == "account"


def test_answers_are_kept_nowhere(verifying: PlaybookRun, agent_officer: Actor) -> None:
    check(verifying, agent_officer, {"name": "Zubaidah Qibtiyah", "phone": "0812-5550-9012"})
    rows = [
        *Verification.objects.all(),
        *VerificationAnswer.objects.all(),
        *AgentLock.objects.all(),
    ]
    kept = serializers.serialize("json", [*rows, *verifying.ticket.events.all()])
    for secret in ("Zubaidah", "Qibtiyah", "55509012", "5550-9012", "Wahyu", "Hidayat"):
        assert secret.lower() not in kept.lower()
    answers = {each.point: each for each in VerificationAnswer.objects.all()}
    assert (answers["name"].result, answers["phone"].forgiven) == ("differs", ["phone_form"])


def test_the_timeline_tells_each_point(verifying: PlaybookRun, agent_officer: Actor) -> None:
    check(verifying, agent_officer, {"name": SAID["name"]})
    event = verifying.ticket.events.get(kind=EventKind.AGENT_CHECKED)
    assert event.data["results"] == {"name": "matched"}
    assert (event.data["missing"], event.actor) == (2, agent_officer.user)


def test_the_latest_answer_to_a_point_counts(verifying: PlaybookRun, agent_officer: Actor) -> None:
    check(verifying, agent_officer, SAID | {"name": "Bukan Saya"})
    check(verifying, agent_officer, {"name": SAID["name"]}, looked={"last_deposit": SEEN})
    check(verifying, agent_officer, {"name": "Lupa"})
    check(verifying, agent_officer, looked={"closing_balance": SEEN})
    assert state_of(verifying).short == "kurang 1 poin"


def test_a_part_may_ask_for_proof(agent_ticket: AgentTicket, agent_officer: Actor) -> None:
    ticket = agent_ticket(description="Lupa PIN")
    call: dict[str, Any] = {"actor": agent_officer, "ticket_id": ticket.pk, "rule": "agent_data"}
    assert check_agent(**call, answers=SAID).state == "open"
    with pytest.raises(InvalidInput) as refused:
        check_agent(**call, looked={"transfer_proof": SEEN})
    assert set(refused.value.fields) == {"transfer_proof"}
    proof = {"transfer_proof": Looked("matched", attach(ticket).key)}
    assert check_agent(**call, looked=proof).state == "passed"


def test_a_failure_leads_to_the_refusal_and_says_why(
    verifying: PlaybookRun, agent_officer: Actor
) -> None:
    call: dict[str, Any] = {"actor": agent_officer, "ticket_id": verifying.ticket_id}
    with pytest.raises(InvalidInput):
        fail_verification(**call, reason="  ")
    fail_verification(**call, reason="Tidak ingat apa pun")
    assert state_of(verifying).outcome == "failed"
    note = verifying.ticket.events.get(kind=EventKind.AGENT_UNVERIFIED).note
    assert note.text == "Tidak ingat apa pun"
    assert do_step(**call, step="verify", values={}).step == "unverified"


def test_what_was_right_before_a_failure_counts_no_more(
    verifying: PlaybookRun, agent_officer: Actor
) -> None:
    check(verifying, agent_officer, {"name": SAID["name"]}, looked={"last_deposit": SEEN})
    fail_verification(actor=agent_officer, ticket_id=verifying.ticket_id, reason="Ragu")
    assert check(verifying, agent_officer, looked={"transaction_1": SEEN}).state == "open"


def test_too_many_wrong_answers_on_two_tickets_lock_the_agent_and_tell_fraud(
    verifying: PlaybookRun, agent_ticket: AgentTicket, agent_officer: Actor, specialist: User
) -> None:
    other = agent_ticket(description="Lupa PIN, ID TP4410")
    wrong = {"name": "Salah"}
    for ticket in (verifying.ticket, other, verifying.ticket):
        check_agent(actor=agent_officer, ticket_id=ticket.pk, answers=wrong, rule="basic")
    check(verifying, agent_officer, {"name": SAID["name"]}, looked={"last_deposit": SEEN})
    assert check(verifying, agent_officer, looked={"transaction_1": SEEN}).state == "passed"
    more = {"name": "Salah", "agent_id": "TP0000"}
    check_agent(actor=agent_officer, ticket_id=other.pk, answers=more, rule="basic")
    lock = AgentLock.objects.get()
    assert (lock.agent_code, lock.wrong, lock.until - lock.at) == ("TP4410", 5, timedelta(hours=6))
    assert lock.verification.ticket == other
    for ticket in (verifying.ticket, other):
        with pytest.raises(WrongState) as refused:
            check_agent(actor=agent_officer, ticket_id=ticket.pk, answers=SAID)
        assert refused.value.code == "agent_locked"
    # What had passed on the other ticket opens nothing any more.
    assert state_of(verifying).outcome == "failed"
    event = other.events.get(kind=EventKind.AGENT_LOCKED)
    assert (event.data["team"], event.data["wrong"]) == ("fraud", 5)
    assert "TP4410" not in str(event.data)
    assert Notice.objects.filter(event=event, recipient=specialist).exists()
    assert other.involved_teams.filter(code="fraud").exists()
    with clock.at(lock.until + timedelta(seconds=1)):
        assert state_of(verifying).open is False
        assert check(verifying, agent_officer, {"name": "Salah"}).state == "open"
    assert AgentLock.objects.count() == 1


def test_wrong_answers_of_yesterday_and_of_others_count_no_more(
    verifying: PlaybookRun, agent_officer: Actor
) -> None:
    four = {"name": "S", "agent_id": "S", "phone": "1", "upline": "S"}
    upline = ResellerAgent.objects.create(code="TP1", name="Atas", phone="+6281200000001")
    ResellerAgent.objects.filter(code="TP4410").update(upline=upline)
    check(verifying, agent_officer, four)
    with clock.shifted(timedelta(hours=24, seconds=5)):
        check(verifying, agent_officer, four)
    assert not AgentLock.objects.exists()


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        ({"moon": "x"}, {"moon"}),
        ({"name": "x\x00"}, {"name"}),
        ({"name": "\ud800"}, {"name"}),
        ({"name": "x" * 201}, {"name"}),
        ({"name": 5}, {"name"}),
        ({"name": ["Wahyu"]}, {"name"}),
        ({"last_deposit": "500000"}, {"last_deposit"}),
        ({}, set()),
        ({"name": "  "}, set()),
    ],
)
def test_strange_answers_are_refused_with_their_point(
    verifying: PlaybookRun, agent_officer: Actor, answers: Any, fields: set[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        check(verifying, agent_officer, answers)
    assert set(refused.value.fields) == fields
    assert not VerificationAnswer.objects.exists()


@pytest.mark.parametrize(
    ("point", "looked"),
    [
        ("name", SEEN),
        ("moon", SEEN),
        ("last_deposit", Looked("perfect")),
        ("transfer_proof", Looked("matched", "x" * 500)),
    ],
)
def test_what_was_looked_at_is_judged_too(
    verifying: PlaybookRun, agent_officer: Actor, point: str, looked: Looked
) -> None:
    with pytest.raises(InvalidInput) as refused:
        check(verifying, agent_officer, looked={point: looked})
    assert set(refused.value.fields) == {point}


def test_an_agent_who_is_not_on_record_is_looked_at(
    file_ticket: FileTicket, agent_officer: Actor
) -> None:
    ticket = file_ticket(
        reporter="agent", subject="tarik saldo", description="Tarik saldo agen pulsa"
    )
    ticket = Ticket.objects.get(pk=ticket.pk)
    ticket.team_id = next(iter(agent_officer.user.team_ids)) if agent_officer.user else None
    ticket.save(update_fields=["team"])
    call: dict[str, Any] = {"actor": agent_officer, "ticket_id": ticket.pk, "rule": "basic"}
    with pytest.raises(InvalidInput) as refused:
        check_agent(**call, answers={"name": "Budi"})
    assert refused.value.code == "agent_needed"
    done = check_agent(**call, answers={"name": "Budi"}, agent_code="tp 9999")
    assert (done.agent, done.agent_code) == (None, "TP9999")
    assert done.answers.get().result == "not_comparable"
    every = {"name": SEEN, "agent_id": SEEN, "phone": SEEN}
    assert check_agent(**call, looked=every).state == "passed"


def test_who_and_when(
    verifying: PlaybookRun,
    file_ticket: FileTicket,
    agent_officer: Actor,
    officer: User,
    agent_user: User,
    supervisor: User,
) -> None:
    for person in (officer, agent_user):
        with pytest.raises(NotAllowed):
            check(verifying, of_user(person), SAID)
    with pytest.raises(Conflict):
        check(verifying, agent_officer, SAID, expected_version=99)
    with pytest.raises(InvalidInput) as other:
        check(verifying, agent_officer, SAID, agent_code="TP0001")
    assert other.value.code == "other_agent"
    with pytest.raises(InvalidInput):
        check(verifying, agent_officer, SAID, rule="moon")
    buyers = handle_ticket(actor=of_user(supervisor), ticket_id=file_ticket().pk)
    with pytest.raises(WrongState) as refused:
        check_agent(actor=of_user(supervisor), ticket_id=buyers.pk, answers=SAID)
    assert refused.value.code == "no_agent_case"
    close_ticket(
        actor=agent_officer,
        ticket_id=verifying.ticket_id,
        root_cause="r",
        solution="s",
        confirmation="confirmed",
    )
    with pytest.raises(WrongState):
        check(verifying, agent_officer, SAID)


def test_nobody_jumps_over_a_guard(verifying: PlaybookRun, agent_officer: Actor) -> None:
    call: dict[str, Any] = {"actor": agent_officer, "ticket_id": verifying.ticket_id}
    with pytest.raises(WrongState) as refused:
        skip_step(**call, step="verify", to="finance", reason="Percaya saja")
    assert refused.value.code == "guarded"
    script = verifying.script
    assert {each.code for each in script.open_to_jump("ask")} == {"why", "verify"}


def test_the_owner_of_the_account_is_compared_not_believed(
    verifying: PlaybookRun, agent_officer: Actor
) -> None:
    call: dict[str, Any] = {"actor": agent_officer, "ticket_id": verifying.ticket_id}
    three = {"last_deposit": SEEN, "closing_balance": SEEN, "transaction_1": SEEN}
    check(verifying, agent_officer, looked=three)
    do_step(**call, step="verify", values={})
    account = {"bank": "BCA", "account_number": "1234567890"}
    with transaction.atomic():
        run = do_step(**call, step="account", values=account | {"account_owner": "WAHYU HIDAYAT"})
        assert (run.step, state_of(run).outcome) == ("holder", "verified")
        transaction.set_rollback(True)
    run = do_step(**call, step="account", values=account | {"account_owner": "Siti Aminah"})
    assert state_of(run).outcome == "failed"
    assert do_step(**call, step="holder", values={}).step == "exception"


def test_the_database_keeps_it_whole(verifying: PlaybookRun, agent_officer: Actor) -> None:
    done = check(verifying, agent_officer, {"name": "Salah"})
    broken = ({"state": "passed"}, {"state": "failed"}, {"expires_at": clock.now()})
    for change in broken:
        with pytest.raises(IntegrityError), transaction.atomic():
            Verification.objects.filter(pk=done.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        VerificationAnswer.objects.update(result="matched")
    with pytest.raises(DatabaseError), transaction.atomic():
        VerificationAnswer.objects.all().delete()


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("verification.minutes", lambda b: b["verification"].update(minutes=0)),
        ("verification.wrong.most", lambda b: b["verification"]["wrong"].update(most=True)),
        ("verification.wrong.tell", lambda b: b["verification"]["wrong"].update(tell="moon")),
        ("verification.points.name.level", lambda b: b["verification"]["points"][0].update(level="x")),
        ("verification.points.name.kind", lambda b: b["verification"]["points"][0].update(kind="file")),
        ("verification.points.name", lambda b: b["verification"]["points"].append(b["verification"]["points"][0])),
        ("verification.rules.basic", lambda b: b["verification"]["rules"][0].update(parts=[])),
        ("verification.rules.basic", lambda b: b["verification"]["rules"][0]["parts"][0].update(needs=4)),
        ("verification.rules.basic", lambda b: b["verification"]["rules"][0]["parts"][0].update(of=["moon"])),
        ("approval.top_team", lambda b: b["approval"].update(top_team="")),
        ("approval.kinds.withdrawal.team", lambda b: b["approval"]["kinds"][0].update(team="moon")),
        ("approval.kinds.withdrawal.verified", lambda b: b["approval"]["kinds"][0].update(verified="x")),
        ("", lambda b: b.pop("approval")),
        ("", lambda b: b["verification"].update(points=[5])),
    ],
)  # fmt: skip
def test_unsound_rules_are_not_loaded(path: str, change: Any) -> None:
    body = read_fixture("agent_rules.json")
    change(body)
    with pytest.raises(InvalidInput) as refused:
        load_agent_rules(body)
    assert path in refused.value.fields
    assert AgentRules.objects.count() == 1
