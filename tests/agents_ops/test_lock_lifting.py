"""The lock after too many wrong answers, lifted early: by whom, why, once, and what counts afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import Error, transaction
from django.test import Client
from django.urls import reverse

from agents_ops.models import AgentLock, AgentLockLift
from agents_ops.services import check_agent
from agents_ops.services.lock_lifting import lift_lock
from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from people.actors import Actor, of_user
from people.models import User
from tests.agents_ops.conftest import AgentTicket
from tickets.models import EventKind, Ticket


@pytest.fixture
def locked(agent_ticket: AgentTicket, agent_officer: Actor) -> Ticket:
    """Five wrong names, typed by Rizal."""
    ticket = agent_ticket()
    for _time in range(5):
        check_agent(actor=agent_officer, ticket_id=ticket.pk, answers={"name": "Orang Lain"})
    assert AgentLock.objects.get().agent_code == "TP4410"
    return ticket


@pytest.mark.parametrize("who", ["sari", "hendra", "farah"])
def test_leads_and_fraud_lift_it_with_a_reason(
    locked: Ticket, people: dict[str, User], agent_officer: Actor, who: str
) -> None:
    call: dict[str, Any] = {"actor": of_user(people[who]), "ticket_id": locked.pk}
    with pytest.raises(InvalidInput):
        lift_lock(**call, reason=" ")
    lift_lock(**call, reason="Agen sudah datang ke kantor")
    event = locked.events.get(kind=EventKind.AGENT_UNLOCKED)
    assert "TP4410" not in str(event.data)
    with pytest.raises(WrongState) as refused:
        lift_lock(**call, reason="Lagi")
    assert refused.value.code == "not_locked"
    # The old wrong answers are used up: one more does not lock again.
    check_agent(actor=agent_officer, ticket_id=locked.pk, answers={"name": "Orang Lain"})
    assert AgentLock.objects.count() == 1


def test_officers_may_not_and_nobody_lifts_what_their_own_checks_led_to(
    locked: Ticket, people: dict[str, User], agent_officer: Actor
) -> None:
    with pytest.raises(NotAllowed):
        lift_lock(actor=agent_officer, ticket_id=locked.pk, reason="Tolong")
    sari = of_user(people["sari"])
    AgentLock.objects.get()
    lift_lock(actor=of_user(people["hendra"]), ticket_id=locked.pk, reason="Agen hadir")
    for _time in range(5):
        check_agent(actor=sari, ticket_id=locked.pk, answers={"name": "Orang Lain"})
    with pytest.raises(NotAllowed) as refused:
        lift_lock(actor=sari, ticket_id=locked.pk, reason="Salah ketik")
    assert refused.value.code == "own_lock"


def test_the_database_keeps_it(locked: Ticket, people: dict[str, User]) -> None:
    lift_lock(actor=of_user(people["hendra"]), ticket_id=locked.pk, reason="Agen hadir")
    for act in (AgentLockLift.objects.all().delete, lambda: AgentLockLift.objects.update(by=1)):
        with pytest.raises(Error), transaction.atomic():
            act()


def test_on_the_page_and_by_api(client: Client, locked: Ticket, people: dict[str, User]) -> None:
    page = reverse("desk:verify_agent", args=[locked.number])
    client.force_login(people["rizal"])
    assert "Buka kunci lebih awal" not in client.get(page).content.decode()
    url = f"/api/v1/tickets/{locked.number}/verifications/unlock"
    client.force_login(people["farah"])
    assert "Buka kunci lebih awal" in client.get(page).content.decode()
    unlock = reverse("desk:agent_unlock", args=[locked.number])
    assert client.post(unlock, {"reason": ""}).status_code == 400
    assert client.post(unlock, {"reason": "Agen sudah datang"}).status_code == 302
    assert "Kunci dibuka" in client.get(page).content.decode()
    again = client.post(url, {"reason": "Lagi"}, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "not_locked")
