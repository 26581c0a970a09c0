"""Triangle scam: the official transaction log as a signed PDF, given out on record."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from agents_ops.gates import gate_state
from agents_ops.models import Lookup, PlaybookRun, TransactionLog
from agents_ops.official_log.signing import verdict_on
from agents_ops.services import do_step, issue_by_hand, issue_log, start_playbook
from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from people.actors import Actor, of_user
from people.models import User
from tests.agents_ops.conftest import AgentTicket
from tests.support.agent_systems import Server
from tickets.models import EventKind

WORDS = "Saya ditipu penipu transaksi segitiga, butuh data untuk polisi. ID TP4410"


@pytest.fixture
def run(
    agent_ticket: AgentTicket,
    agent_officer: Actor,
    systems: Server,
    settings: Any,
    tmp_path: Path,
) -> PlaybookRun:
    """At the step that makes the log, with a key of the test's own."""
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, str(tmp_path / "media")
    ticket = agent_ticket(description=WORDS, order_number="")
    call: dict[str, Any] = {"actor": agent_officer, "ticket_id": ticket.pk}
    start_playbook(**call, playbook="triangle_scam")
    return do_step(**call, step="explain", values={"police": "yes"})


def gate(run: PlaybookRun) -> Any:
    assert run.open_step
    return gate_state(run, run.open_step)


def made(run: PlaybookRun, actor: Actor) -> tuple[TransactionLog, bytes]:
    log = issue_log(actor=actor, ticket_id=run.ticket_id)
    assert isinstance(log, TransactionLog)
    with log.file.open("rb") as kept:
        return log, kept.read()


def test_it_is_signed_whole_and_opens_the_gate(run: PlaybookRun, agent_officer: Actor) -> None:
    assert not gate(run).open
    log, document = made(run, agent_officer)
    assert document.startswith(b"%PDF-")
    assert (log.agent_code, log.rows, log.size) == ("TP4410", 12, len(document))
    assert verdict_on(document).holds
    assert gate(run).open
    event = run.ticket.events.get(kind=EventKind.LOG_ISSUED)
    assert event.data == {"run": run.pk, "log": log.pk, "rows": 12}
    after = do_step(actor=agent_officer, ticket_id=run.ticket_id, step="log", values={})
    assert after.step == "give"


def test_whoever_changes_it_breaks_the_signature(
    run: PlaybookRun, agent_officer: Actor, tmp_path: Path
) -> None:
    log, document = made(run, agent_officer)
    changed = bytearray(document)
    changed[len(document) // 3] ^= 1
    for other in (bytes(changed), document + b"\n% more", document[:-40], b"%PDF-1.7", b""):
        assert not verdict_on(other).holds
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    good.write_bytes(document)
    bad.write_bytes(bytes(changed))
    said = StringIO()
    call_command("verify_transaction_log", str(good), stdout=said)
    assert log.number in said.getvalue()
    for path in (bad, tmp_path / "none.pdf"):
        with pytest.raises(CommandError):
            call_command("verify_transaction_log", str(path), stdout=StringIO())


def test_another_houses_key_is_not_ours(
    run: PlaybookRun, agent_officer: Actor, settings: Any, tmp_path: Path
) -> None:
    _log, document = made(run, agent_officer)
    settings.VAR_DIR = tmp_path / "elsewhere"
    verdict = verdict_on(document)
    assert (verdict.whole, verdict.ours, verdict.holds) == (True, False, False)


def test_production_makes_no_key_of_its_own(
    run: PlaybookRun, agent_officer: Actor, settings: Any
) -> None:
    settings.PRODUCTION = True
    with pytest.raises(WrongState) as refused:
        issue_log(actor=agent_officer, ticket_id=run.ticket_id)
    assert refused.value.code == "no_signing_key"
    assert not TransactionLog.objects.exists()


def test_while_the_server_is_away_a_person_gives_it_out(
    run: PlaybookRun, agent_officer: Actor, systems: Server
) -> None:
    call: dict[str, Any] = {"actor": agent_officer, "ticket_id": run.ticket_id}
    systems.answer = lambda each: each.say(503, {})
    row = issue_log(**call)
    assert isinstance(row, Lookup)
    assert row.trouble == "unreachable"
    assert not gate(run).open
    with pytest.raises(InvalidInput):
        issue_by_hand(**call, words=" ")
    issue_by_hand(**call, words="Log Otomax diserahkan ke agen")
    assert gate(run).open


@pytest.mark.parametrize("days", [0, -1, 367, 10**9])
def test_a_strange_span_is_refused(run: PlaybookRun, agent_officer: Actor, days: int) -> None:
    with pytest.raises(InvalidInput):
        issue_log(actor=agent_officer, ticket_id=run.ticket_id, days=days)


def test_each_download_is_on_record_and_others_get_none(
    client: Client, run: PlaybookRun, agent_officer: Actor, officer: User, agent_user: User
) -> None:
    log, document = made(run, agent_officer)
    url = reverse("desk:transaction_log", args=[log.key])
    assert agent_officer.user
    client.force_login(agent_officer.user)
    for _each in range(2):
        answer = client.get(url)
        assert b"".join(answer.streaming_content) == document
        assert answer["Content-Disposition"].startswith("attachment")
    assert [row.by for row in log.downloads.all()] == [agent_officer.user] * 2
    assert run.ticket.events.filter(kind=EventKind.LOG_DOWNLOADED).count() == 2
    for person, status in ((officer, 404), (agent_user, 403)):
        client.force_login(person)
        assert client.get(url).status_code == status
        with pytest.raises(NotAllowed):
            issue_log(actor=of_user(person), ticket_id=run.ticket_id)
    assert log.downloads.count() == 2
