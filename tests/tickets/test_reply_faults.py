"""A waiting reply that cannot leave because of a fault, not because of a rule."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError

from tests.support.stages import Stage
from tests.tickets.test_undo_send import WORDS, after_undo_time, replies, sent
from tickets.models import Draft
from tickets.services import outgoing, reply_to_customer

pytestmark = pytest.mark.django_db


def test_a_fault_of_ours_keeps_nobody_from_the_ticket(stage: Stage, monkeypatch: Any) -> None:
    ticket = stage.handled()
    sent(stage, ticket)

    def breaks(**_said: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(outgoing, "reply_to_customer", breaks)
    reply_to_customer(actor=stage.actor("sari"), ticket_id=ticket.pk, body="Sebentar.")
    assert (replies(ticket), Draft.objects.get().body) == (["Sebentar."], WORDS)
    told = ticket.events.filter(kind="reply_not_sent").get()
    assert told.data["code"] == "fault"
    after_undo_time()
    assert replies(ticket) == ["Sebentar."]


def test_a_database_that_is_away_is_no_refusal(stage: Stage, monkeypatch: Any) -> None:
    ticket = stage.handled()
    sent(stage, ticket)

    def away(**_said: Any) -> None:
        raise OperationalError("lock timeout")

    with monkeypatch.context() as broken:
        broken.setattr(outgoing, "reply_to_customer", away)
        with pytest.raises(OperationalError):
            reply_to_customer(actor=stage.actor("sari"), ticket_id=ticket.pk, body="Sebentar.")
    after_undo_time()
    assert replies(ticket) == [WORDS]
