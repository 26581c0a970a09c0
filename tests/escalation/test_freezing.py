"""Freezing: asked by one person, decided by another; the latest approved request is what holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from escalation.models import FreezeRequest
from escalation.services import ask_freeze, decide_freeze, frozen_now
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, WrongState
from tests.support.receiving import Receiving
from tests.support.stages import Stage, fresh
from tickets.models import Notice

pytestmark = pytest.mark.django_db
Case = Callable[[], Receiving]


def ask(case: Receiving, by: str = "dimas", **changes: Any) -> FreezeRequest:
    words = {"subject": "account", "reference": "ratna.dewi", "action": "freeze", "reason": "Ya."}
    return ask_freeze(actor=case.actor(by), ticket_id=case.ticket.pk, **{**words, **changes})


def decide(case: Receiving, asked: FreezeRequest, by: str = "sari", **words: Any) -> FreezeRequest:
    answer = {"approved": True, **words}
    return decide_freeze(
        actor=case.actor(by), ticket_id=case.ticket.pk, freeze_id=asked.pk, **answer
    )


@pytest.fixture
def mine(case: Case) -> Receiving:
    return case()


class TestAsking:
    def test_it_waits_and_those_who_decide_know(self, mine: Receiving) -> None:
        asked = ask(mine)
        assert (asked.state, frozen_now(mine.ticket)) == ("pending", [])
        event = fresh(mine.ticket).events.last()
        assert (event.kind, event.note.text) == ("freeze_asked", "Ya.")
        assert event.data == {"freeze": asked.pk, "subject": "account", "action": "freeze"}
        told = set(Notice.objects.filter(event=event).values_list("recipient_id", flat=True))
        assert {mine.actor(name).user.pk for name in ("farah", "sari", "teguh")} == told

    def test_what_is_missing_is_named(self, mine: Receiving) -> None:
        with pytest.raises(InvalidInput) as refused:
            ask(mine, subject="house", action="melt", reference=" ", reason="")
        assert set(refused.value.fields) == {"subject", "action", "reference", "reason"}

    def test_the_same_is_asked_once(self, mine: Receiving) -> None:
        asked = ask(mine)
        with pytest.raises(WrongState):
            ask(mine, reference=" ratna.dewi ")
        decide(mine, asked)
        with pytest.raises(WrongState):
            ask(mine)

    def test_what_is_not_frozen_is_not_freed(self, mine: Receiving) -> None:
        with pytest.raises(WrongState):
            ask(mine, action="unfreeze")

    @pytest.mark.parametrize("name", ["ayu", "leo", "ratna", "admin", "sistem"])
    def test_who_does_not_work_on_it_does_not_ask(self, mine: Receiving, name: str) -> None:
        with pytest.raises(NotAllowed):
            ask(mine, by=name)

    def test_the_version_is_looked_at(self, mine: Receiving) -> None:
        with pytest.raises(Conflict):
            ask(mine, expected_version=1)


class TestDeciding:
    def test_who_approved_is_on_record(self, mine: Receiving) -> None:
        asked = decide(mine, ask(mine), reason="Bukti cukup.")
        assert (asked.state, asked.decided_by) == ("approved", mine.actor("sari").user)
        event = fresh(mine.ticket).events.last()
        assert (event.kind, event.data["approved"], event.note.text) == (
            "freeze_decided",
            True,
            "Bukti cukup.",
        )
        assert Notice.objects.get(event=event).recipient == mine.actor("dimas").user
        assert [row.pk for row in frozen_now(mine.ticket)] == [asked.pk]

    @pytest.mark.parametrize("name", ["sari", "hendra", "farah"])
    def test_supervisors_operations_and_the_fraud_lead_decide(
        self, mine: Receiving, name: str
    ) -> None:
        assert decide(mine, ask(mine), by=name).approved

    @pytest.mark.parametrize("name", ["dimas", "ayu", "maya", "leo", "ratna", "admin", "sistem"])
    def test_others_do_not(self, mine: Receiving, name: str) -> None:
        asked = ask(mine)
        with pytest.raises(NotAllowed):
            decide(mine, asked, by=name)

    @pytest.mark.parametrize("name", ["sari", "farah"])
    def test_nobody_decides_their_own(self, mine: Receiving, name: str) -> None:
        asked = ask(mine, by=name)
        with pytest.raises(NotAllowed) as refused:
            decide(mine, asked, by=name)
        assert refused.value.code == "own_request"

    def test_the_database_says_so_too(self, mine: Receiving) -> None:
        asked = ask(mine)
        with pytest.raises(IntegrityError), transaction.atomic():
            FreezeRequest.objects.filter(pk=asked.pk).update(
                decided_by=asked.asked_by, decided_at=asked.asked_at, approved=True
            )

    def test_declining_needs_a_reason_and_twice_is_too_late(self, mine: Receiving) -> None:
        asked = ask(mine)
        with pytest.raises(InvalidInput):
            decide(mine, asked, approved=False)
        assert decide(mine, asked, approved=False, reason="Bukti kurang.").state == "declined"
        assert frozen_now(mine.ticket) == []
        with pytest.raises(WrongState):
            decide(mine, asked, by="hendra")

    def test_another_tickets_request_is_unknown_here(self, mine: Receiving, case: Case) -> None:
        asked = ask(mine)
        with pytest.raises(InvalidInput) as refused:
            decide(case(), asked)
        assert refused.value.code == "unknown_freeze"

    def test_freed_again_after_the_ticket_is_closed(self, mine: Receiving, stage: Stage) -> None:
        decide(mine, ask(mine))
        stage.close(mine.ticket)
        with pytest.raises(WrongState):
            ask(mine, reference="lain")  # nothing new is frozen on a closed ticket
        decide(mine, ask(mine, action="unfreeze"))
        assert frozen_now(mine.ticket) == []
