"""Freezing: asked by one person, decided by another; frozen as long as any ticket's freeze stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from escalation.freezes import frozen_elsewhere, standing, still_frozen, with_what_holds
from escalation.models import FreezeRequest
from escalation.services import ask_freeze, ask_unfreeze, decide_freeze
from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, WrongState
from sla.models import Timer
from sla.services import sweep
from tests.support.receiving import Receiving
from tests.support.stages import Stage, fresh
from tickets.models import Notice, TicketEvent

pytestmark = pytest.mark.django_db
Case = Callable[[], Receiving]


def ask(case: Receiving, by: str = "dimas", **changes: Any) -> FreezeRequest:
    words = {"subject": "account", "reference": "ratna.dewi", "reason": "Ya."}
    return ask_freeze(actor=case.actor(by), ticket_id=case.ticket.pk, **{**words, **changes})


def free(
    case: Receiving, freeze: FreezeRequest, by: str = "dimas", **changes: Any
) -> FreezeRequest:
    words = {"freeze_id": freeze.pk, "reason": "Sudah beres.", **changes}
    return ask_unfreeze(actor=case.actor(by), ticket_id=case.ticket.pk, **words)


def frozen_now(case: Receiving) -> list[int]:
    """The freezes of its ticket that stand; both accounts of it must agree."""
    found = [row.pk for row in still_frozen(case.ticket.freeze_requests.all())]
    assert found == sorted(standing().filter(ticket=case.ticket).values_list("pk", flat=True))
    return found


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
        assert (asked.state, frozen_now(mine)) == ("pending", [])
        event = fresh(mine.ticket).events.last()
        assert (event.kind, event.note.text) == ("freeze_asked", "Ya.")
        assert event.data == {"freeze": asked.pk, "subject": "account", "action": "freeze"}
        told = set(Notice.objects.filter(event=event).values_list("recipient_id", flat=True))
        assert {mine.actor(name).user.pk for name in ("farah", "sari", "teguh")} == told

    def test_what_is_missing_is_named(self, mine: Receiving) -> None:
        with pytest.raises(InvalidInput) as refused:
            ask(mine, subject="house", reference=" ", reason="")
        assert set(refused.value.fields) == {"subject", "reference", "reason"}

    def test_the_same_is_asked_once(self, mine: Receiving) -> None:
        asked = ask(mine)
        with pytest.raises(WrongState):
            ask(mine, reference=" ratna.dewi ")
        decide(mine, asked)
        with pytest.raises(WrongState):
            ask(mine)

    def test_what_is_not_frozen_is_not_freed(self, mine: Receiving) -> None:
        asked = ask(mine)
        with pytest.raises(WrongState):
            free(mine, asked)
        with pytest.raises(InvalidInput) as refused:
            free(mine, FreezeRequest(pk=asked.pk + 1))
        assert refused.value.code == "unknown_freeze"

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
        assert frozen_now(mine) == [asked.pk]

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
        assert frozen_now(mine) == []
        with pytest.raises(WrongState):
            decide(mine, asked, by="hendra")

    def test_another_tickets_request_is_unknown_here(self, mine: Receiving, case: Case) -> None:
        asked = ask(mine)
        with pytest.raises(InvalidInput) as refused:
            decide(case(), asked)
        assert refused.value.code == "unknown_freeze"

    def test_freed_again_after_the_ticket_is_closed(self, mine: Receiving, stage: Stage) -> None:
        frozen = decide(mine, ask(mine))
        stage.close(mine.ticket)
        with pytest.raises(WrongState):
            ask(mine, reference="lain")  # nothing new is frozen on a closed ticket
        decide(mine, free(mine, frozen))
        assert frozen_now(mine) == []


class TestUndecided:
    """Nobody waits in silence for a decision."""

    def test_those_who_decide_hear_of_it_again_then_operations_every_day(
        self, mine: Receiving
    ) -> None:
        asked = ask(mine)
        self._sweep(asked, minutes=29)
        assert self._said(mine) == []
        self._sweep(asked, minutes=31)
        (first,) = self._said(mine)
        assert self._told(first) == {
            mine.actor(name).user.pk for name in ("farah", "sari", "teguh")
        }
        self._sweep(asked, minutes=121)
        _first, second = self._said(mine)
        assert mine.actor("hendra").user.pk in self._told(second)
        assert second.data["waited_seconds"] >= 7_200
        self._sweep(asked, minutes=121 + 24 * 60 + 1)
        assert len(self._said(mine)) == 3

    def test_what_is_decided_is_spoken_of_no_more(self, mine: Receiving) -> None:
        asked = ask(mine)
        decide(mine, asked)
        self._sweep(asked, minutes=500)
        assert self._said(mine) == []
        waiting = Timer.objects.filter(subject_type="freeze", subject_id=asked.pk, state="armed")
        assert not waiting.exists()

    def _sweep(self, asked: FreezeRequest, minutes: int) -> None:
        with clock.at(asked.asked_at + timedelta(minutes=minutes)):
            sweep()

    def _said(self, case: Receiving) -> list[TicketEvent]:
        return list(case.ticket.events.filter(kind="freeze_undecided"))

    def _told(self, event: TicketEvent) -> set[int]:
        return set(Notice.objects.filter(event=event).values_list("recipient_id", flat=True))


class TestManyTickets:
    """Another ticket's freeze on the same thing is its own: nobody frees it by the way."""

    def test_it_is_frozen_until_the_last_freeze_is_lifted(
        self, mine: Receiving, case: Case
    ) -> None:
        other = case()
        first, second = decide(mine, ask(mine)), decide(other, ask(other))
        lifted = decide(mine, free(mine, first))
        assert (frozen_now(mine), frozen_now(other)) == ([], [second.pk])
        assert lifted.lifts == first
        assert fresh(mine.ticket).events.last().data["frozen"] is True
        rows = with_what_holds(FreezeRequest.objects.order_by("pk"))
        assert [(row.pk, row.stands, row.frozen) for row in rows] == [
            (first.pk, False, True), (second.pk, True, True), (lifted.pk, False, True),
        ]  # fmt: skip
        decide(other, free(other, second))
        assert fresh(other.ticket).events.last().data["frozen"] is False
        assert not with_what_holds(FreezeRequest.objects.all()).filter(frozen=True).exists()

    def test_the_freeze_of_another_ticket_is_not_lifted_here(
        self, mine: Receiving, case: Case
    ) -> None:
        other = case()
        theirs = decide(other, ask(other))
        with pytest.raises(InvalidInput) as refused:
            free(mine, theirs)
        assert refused.value.code == "unknown_freeze"
        assert frozen_now(other) == [theirs.pk]

    def test_each_is_lifted_once(self, mine: Receiving) -> None:
        frozen = decide(mine, ask(mine))
        asked = free(mine, frozen)
        with pytest.raises(WrongState):
            free(mine, frozen)
        decide(mine, asked, approved=False, reason="Belum.")
        assert frozen_now(mine) == [frozen.pk]
        decide(mine, free(mine, frozen))
        with pytest.raises(WrongState):
            free(mine, frozen)
        with pytest.raises(IntegrityError), transaction.atomic():
            FreezeRequest.objects.filter(action="unfreeze", approved=False).update(approved=True)
        again = decide(mine, ask(mine))
        assert frozen_now(mine) == [again.pk]

    def test_an_unfreezing_without_its_freeze_is_refused_by_the_database(
        self, mine: Receiving
    ) -> None:
        asked = ask(mine)
        with pytest.raises(IntegrityError), transaction.atomic():
            FreezeRequest.objects.filter(pk=asked.pk).update(action="unfreeze")

    def test_who_may_not_see_the_other_ticket_learns_that_it_is_there(
        self, mine: Receiving, case: Case
    ) -> None:
        other = case()
        decide(mine, ask(mine))
        decide(other, ask(other))
        rows = list(mine.ticket.freeze_requests.all())

        def seen_by(name: str) -> tuple[list[str], int]:
            (found,) = frozen_elsewhere(mine.ticket, rows, actor=mine.actor(name))
            assert (found.subject, found.reference) == ("account", "ratna.dewi")
            return found.tickets, found.hidden

        assert seen_by("sari") == ([other.ticket.number], 0)
        assert seen_by("ayu") == ([], 1)
        ask(mine, reference="lain")
        assert len(frozen_elsewhere(mine.ticket, rows, actor=mine.actor("sari"))) == 1

    def test_it_costs_two_queries_at_most(
        self, mine: Receiving, case: Case, django_assert_num_queries: Any
    ) -> None:
        for _each in range(3):
            other = case()
            decide(other, ask(other))
        decide(mine, ask(mine))
        rows, actor = list(mine.ticket.freeze_requests.all()), mine.actor("sari")
        frozen_elsewhere(mine.ticket, rows, actor=actor)  # now the actor's teams are known
        with django_assert_num_queries(2):
            frozen_elsewhere(mine.ticket, rows, actor=actor)
