"""The playbook on the ticket's page: suggested, played, left; for who may, with what is proposed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agents_ops.models import PlaybookRun
from agents_ops.services import start_playbook
from people.actors import Actor
from people.models import User
from tests.agents_ops.conftest import AgentTicket
from tests.cast import FileTicket
from tests.support.playbook_gates import attach
from tickets.models import Ticket


@pytest.fixture
def rizal(client: Client, agent_officer: Actor) -> Client:
    assert agent_officer.user
    client.force_login(agent_officer.user)
    return client


@pytest.fixture
def ticket(agent_ticket: AgentTicket) -> Ticket:
    return agent_ticket()


@pytest.fixture
def run(ticket: Ticket, agent_officer: Actor) -> PlaybookRun:
    return start_playbook(actor=agent_officer, ticket_id=ticket.pk, playbook="deposit_bank")


def page(client: Client, ticket: Ticket) -> str:
    return client.get(reverse("desk:ticket", args=[ticket.number])).content.decode()


def post(client: Client, ticket: Ticket, what: str, **data: Any) -> Any:
    url = reverse(f"desk:playbook_{what}", args=[ticket.number])
    return client.post(url, data, headers={"HX-Request": "true", "HX-Target": "pane"})


def test_it_is_suggested_with_the_reason(rizal: Client, ticket: Ticket) -> None:
    shown = page(rizal, ticket)
    assert "Deposit belum masuk (transfer bank)" in shown
    assert "kata dalam keluhan: transfer, bca" in shown


def test_other_tickets_have_none(client: Client, file_ticket: FileTicket, officer: User) -> None:
    client.force_login(officer)
    assert 'id="playbook"' not in page(client, file_ticket())


def test_the_suggested_one_starts_and_shows_its_first_step(rizal: Client, ticket: Ticket) -> None:
    answer = post(rizal, ticket, "start", playbook="deposit_bank")
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "Minta bukti transfer dan ID agen" in shown
    assert "Lanjut, kurang 2 poin" in shown
    assert PlaybookRun.objects.get(ticket=ticket).suggested


def test_answers_are_proposed_from_record_and_words(
    rizal: Client, ticket: Ticket, run: PlaybookRun
) -> None:
    shown = page(rizal, ticket)
    assert 'data-put-value="TP4410"' in shown
    assert 'data-put-value="+6281255509012"' in shown
    attached = attach(ticket)
    post(
        rizal,
        ticket,
        "step",
        step="proof",
        revision=run.revision,
        v_proof=attached.key,
        v_agent_id="TP4410",
    )
    shown = page(rizal, ticket)
    assert 'data-put-value="1.500.211"' in shown
    assert 'data-put-value="BCA"' in shown


def test_a_step_is_done_from_the_page(rizal: Client, ticket: Ticket, run: PlaybookRun) -> None:
    answer = post(
        rizal,
        ticket,
        "step",
        step="proof",
        revision=run.revision,
        v_proof=attach(ticket).key,
        v_agent_id="TP4410",
        v_phone="0812-5550-9012",
    )
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "Konfirmasi waktu, nominal, dan bank tujuan" in shown
    assert "proof.png" in shown
    assert "0812-****-012" in shown


def test_what_is_lacking_stands_at_its_field_and_typed_words_stay(
    rizal: Client, ticket: Ticket, run: PlaybookRun
) -> None:
    answer = post(rizal, ticket, "step", step="proof", revision=run.revision, v_agent_id="TP4410")
    shown = answer.content.decode()
    assert answer.status_code == 400
    assert "Perlu diisi: Bukti transfer resmi." in shown
    assert 'value="TP4410"' in shown


def test_who_looked_before_somebody_else_went_on_is_told(
    rizal: Client, ticket: Ticket, run: PlaybookRun
) -> None:
    fields = {"v_proof": attach(ticket).key, "v_agent_id": "TP4410"}
    post(rizal, ticket, "step", step="proof", revision=run.revision, **fields)
    answer = post(rizal, ticket, "step", step="proof", revision=run.revision, **fields)
    assert answer.status_code == 409
    assert "Orang lain baru saja melanjutkan playbook ini" in answer.content.decode()


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 30])
def test_a_strange_revision_is_refused(
    rizal: Client, ticket: Ticket, run: PlaybookRun, revision: str
) -> None:
    answer = post(rizal, ticket, "step", step="proof", revision=revision)
    assert answer.status_code in (400, 409)


def test_skipping_and_leaving_say_why(rizal: Client, ticket: Ticket, run: PlaybookRun) -> None:
    assert post(rizal, ticket, "skip", step="proof", to="match", reason="").status_code == 400
    assert post(rizal, ticket, "skip", step="proof", to="match", reason="Sudah").status_code == 200
    assert post(rizal, ticket, "leave", reason="").status_code == 400
    answer = post(rizal, ticket, "leave", reason="Salah playbook")
    assert answer.status_code == 200
    assert "ditinggalkan" in answer.content.decode()


def test_the_timeline_tells_of_it(rizal: Client, ticket: Ticket, run: PlaybookRun) -> None:
    assert "Playbook &#x27;Deposit belum masuk (transfer bank)&#x27; dimulai" in page(rizal, ticket)


def test_another_squads_officer_gets_the_same_404_as_for_none(
    client: Client, ticket: Ticket, run: PlaybookRun, officer: User
) -> None:
    client.force_login(officer)
    for what in ("start", "step", "skip", "leave"):
        assert post(client, ticket, what, step="proof", revision=1).status_code == 404
