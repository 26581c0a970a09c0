"""The page on which an officer verifies: it shows what matches and never what is on record."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agents_ops.models import Verification
from agents_ops.services import start_playbook
from people.actors import Actor
from people.models import User
from tests.agents_ops.conftest import AgentTicket
from tests.cast import FileTicket
from tickets.models import Ticket


@pytest.fixture
def rizal(client: Client, agent_officer: Actor) -> Client:
    assert agent_officer.user
    client.force_login(agent_officer.user)
    return client


@pytest.fixture
def ticket(agent_ticket: AgentTicket, agent_officer: Actor) -> Ticket:
    """A lost password: its first step verifies."""
    ticket = agent_ticket(description="Lupa password aplikasi")
    start_playbook(actor=agent_officer, ticket_id=ticket.pk, playbook="login_password")
    return ticket


def at(ticket: Ticket, name: str = "verify_agent") -> str:
    return reverse(f"desk:{name}", args=[ticket.number])


def test_the_panel_leads_there(rizal: Client, ticket: Ticket) -> None:
    shown = rizal.get(reverse("desk:ticket", args=[ticket.number])).content.decode()
    assert f'href="{at(ticket)}"' in shown
    assert "Lanjut, kurang 3 poin" in shown


def test_it_shows_what_matches_and_no_answer(rizal: Client, ticket: Ticket) -> None:
    first = rizal.get(at(ticket)).content.decode()
    assert "kurang 3 poin" in first
    answer = rizal.post(at(ticket), {"a_name": "WAHYU hidayat", "l_last_deposit": "differs"})
    assert (answer.status_code, answer["Location"]) == (302, at(ticket))
    shown = rizal.get(at(ticket)).content.decode()
    assert "dimaafkan: huruf besar-kecil" in shown
    assert "tidak cocok" in shown
    assert "WAHYU hidayat" not in shown
    assert 'name="a_name"' in shown


def test_verified_it_goes_back_to_the_ticket(rizal: Client, ticket: Ticket) -> None:
    looked = {"l_last_deposit": "matched", "l_closing_balance": "matched"}
    answer = rizal.post(at(ticket), {"a_name": "Wahyu Hidayat", **looked})
    assert answer["Location"] == reverse("desk:ticket", args=[ticket.number])
    shown = rizal.get(answer["Location"]).content.decode()
    assert "Terverifikasi, berlaku sampai" in shown


def test_what_is_wrong_stands_at_its_point(rizal: Client, ticket: Ticket) -> None:
    answer = rizal.post(at(ticket), {"a_name": "x\x00"})
    assert answer.status_code == 400
    assert rizal.post(at(ticket), {}).status_code == 400
    assert rizal.post(at(ticket), {"l_last_deposit": "perfect"}).status_code == 400
    assert not Verification.objects.exists()


def test_a_failure_needs_its_reason(rizal: Client, ticket: Ticket) -> None:
    assert rizal.post(at(ticket, "agent_unverified"), {"reason": " "}).status_code == 400
    assert rizal.post(at(ticket, "agent_unverified"), {"reason": "Lupa"}).status_code == 302
    shown = rizal.get(reverse("desk:ticket", args=[ticket.number])).content.decode()
    assert "Agen tidak terverifikasi" in shown


def test_a_locked_agent_has_no_form(rizal: Client, ticket: Ticket) -> None:
    wrong: dict[str, Any] = {"a_name": "S", "l_last_deposit": "differs"}
    for _time in range(3):
        rizal.post(at(ticket), wrong)
    shown = rizal.get(at(ticket)).content.decode()
    assert "6 jawaban salah: permintaan agen ini dikunci sampai" in shown
    assert "a_name" not in shown
    assert rizal.post(at(ticket), wrong).status_code == 409


def test_strangers_get_the_404_of_none(
    client: Client, ticket: Ticket, file_ticket: FileTicket, officer: User, supervisor: User
) -> None:
    client.force_login(officer)
    for name in ("verify_agent", "agent_unverified"):
        assert client.post(at(ticket, name), {"a_name": "x", "reason": "r"}).status_code == 404
    client.force_login(supervisor)
    assert client.get(at(file_ticket())).status_code == 404
    assert client.get(at(ticket) + "?aturan=moon").status_code == 404
