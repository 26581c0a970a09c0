"""Whoever holds a lock holds up nobody whom it does not concern."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Event
from typing import Any

import pytest
from django.db import transaction

from escalation.services import decide_freeze
from people.models import User
from tests.support.receiving import Receiving
from tests.support.stages import Stage
from tickets.services import IncidentWording, attach_ticket, lock_ticket, open_incident, start_run
from tickets.services.parcels import claim
from tickets.services.together import lock_tickets

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
AtOnce = Callable[..., list[Any]]


@pytest.fixture
def case(stage: Stage, people: dict[str, User]) -> Receiving:
    return Receiving(stage.handled(), people)


def mail_goes_on(at_once: AtOnce, act: Callable[[], Any]) -> bool:
    """Whether mail is claimed between `act` and the end of its transaction."""
    done, claimed = Event(), Event()

    def holds() -> bool:
        with transaction.atomic():
            act()
            done.set()
            return claimed.wait(10)

    def posts() -> int:
        assert done.wait(10)
        parcels, _lease = claim(10)
        claimed.set()
        return len(parcels)

    in_time, parcels = at_once([holds, posts])
    return bool(in_time and parcels)


def test_mail_of_a_ticket_that_somebody_works_on_goes_out(case: Receiving, at_once: AtOnce) -> None:
    assert mail_goes_on(at_once, lambda: lock_ticket(case.ticket.pk))


def test_mail_goes_out_while_a_freeze_is_decided(case: Receiving, at_once: AtOnce) -> None:
    asked = case.ask_freeze()
    decision = {"ticket_id": case.ticket.pk, "freeze_id": asked.pk, "approved": True}
    assert mail_goes_on(at_once, lambda: decide_freeze(actor=case.actor("sari"), **decision))


def test_tickets_under_change_can_be_named_by_an_order(stage: Stage, at_once: AtOnce) -> None:
    """Orders name theirs in the order given: would they wait, two could wait for each other."""
    sari, tickets = stage.actor("sari"), [stage.handled(), stage.handled()]
    incident = open_incident(actor=sari, title="Masuk gagal", words="Kami perbaiki.")
    for ticket in tickets:
        attach_ticket(actor=sari, incident_id=incident.pk, ticket_id=ticket.pk)
    wording = IncidentWording(words="Kami perbaiki.")
    give = partial(start_run, actor=sari, incident_id=incident.pk, verb="reply", wording=wording)
    with transaction.atomic():
        lock_tickets([ticket.pk for ticket in tickets], versions={})
        (run,) = at_once([give])
    assert run.steps.count() == 2
