"""Mediation: both sides heard, one decision by the assigned mediator, a letter to each side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from escalation.models import Decision, Hearing
from escalation.services import Ruling, decide_mediation, record_hearing
from helpdesk.common import clock, events
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, WrongState
from helpdesk.common.money import idr_text
from people.models import Shop, Team, TeamMembership, User
from sla.services import audit_deadlines
from tests.support.receiving import Receiving
from tests.support.stages import fresh
from tickets.events import MediationDecided
from tickets.models import Message, Ticket
from tickets.services import deliver_owed_mail, reply_to_customer
from tickets.story import Story

pytestmark = pytest.mark.django_db
Case = Callable[..., Receiving]
BUYER, SELLER = "Garansi masih berlaku.", "Segel rusak bukan oleh pembeli."


def ruling(**changes: Any) -> Ruling:
    parts = {"outcome": "buyer", "reasons_buyer": BUYER, "reasons_seller": SELLER}
    return Ruling(**{**parts, "amount_idr": 1_500_000, **changes})


@pytest.fixture
def mediated(case: Case) -> Receiving:
    made = case()
    made.accept("mediation", "maya")
    return made


def decide(case: Receiving, by: str = "maya", **changes: Any) -> Decision:
    return decide_mediation(
        actor=case.actor(by), ticket_id=case.ticket.pk, ruling=ruling(**changes)
    )


class TestHearing:
    def test_notes_of_one_side(self, mediated: Receiving) -> None:
        mediated.hear("buyer")
        made = Hearing.objects.get()
        assert (made.party, made.silent, made.by) == ("buyer", False, mediated.actor("maya").user)
        event = fresh(mediated.ticket).events.last()
        assert (event.kind, event.data["party"], event.note.text) == ("heard", "buyer", "Begitu.")

    @pytest.mark.parametrize(
        ("bad", "field"),
        [
            ({"party": "courier", "notes": "Ya."}, "party"),
            ({"party": "buyer", "notes": " "}, "notes"),
            ({"party": "buyer", "notes": " ", "silent": True}, "notes"),
        ],
    )
    def test_what_is_missing_is_named(
        self, mediated: Receiving, bad: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(InvalidInput) as refused:
            record_hearing(actor=mediated.actor("maya"), ticket_id=mediated.ticket.pk, **bad)
        assert list(refused.value.fields) == [field]

    @pytest.mark.parametrize("shift", [timedelta(days=-90), timedelta(minutes=5)])
    def test_it_lies_between_the_complaint_and_now(
        self, mediated: Receiving, shift: timedelta
    ) -> None:
        with pytest.raises(InvalidInput):
            record_hearing(
                actor=mediated.actor("maya"),
                ticket_id=mediated.ticket.pk,
                party="buyer",
                notes="Ya.",
                heard_at=clock.now() + shift,
            )

    @pytest.mark.parametrize("name", ["dimas", "sari", "farah", "ratna"])
    def test_only_the_team_hears(self, mediated: Receiving, name: str) -> None:
        with pytest.raises(NotAllowed):
            record_hearing(
                actor=mediated.actor(name), ticket_id=mediated.ticket.pk, party="buyer", notes="Y."
            )

    def test_another_teams_case_is_no_mediation(self, case: Case) -> None:
        fraud = case()
        fraud.accept("fraud", "farah")
        with pytest.raises(WrongState):
            record_hearing(
                actor=fraud.actor("farah"), ticket_id=fraud.ticket.pk, party="buyer", notes="Ya."
            )


class TestDeciding:
    @pytest.mark.parametrize("heard", [(), ("buyer",), ("seller", "seller")])
    def test_not_before_both_sides_are_heard(
        self, mediated: Receiving, heard: tuple[str, ...]
    ) -> None:
        mediated.hear(*heard)
        with pytest.raises(WrongState) as refused:
            decide(mediated)
        assert refused.value.code == "not_both_heard"
        assert not Decision.objects.exists()

    def test_a_side_that_stays_silent_counts_with_a_reason(self, mediated: Receiving) -> None:
        mediated.hear("buyer")
        record_hearing(
            actor=mediated.actor("maya"),
            ticket_id=mediated.ticket.pk,
            party="seller",
            notes="Tidak menjawab tiga kali.",
            silent=True,
        )
        assert decide(mediated).outcome == "buyer"

    def test_it_is_on_record_and_told_once(
        self, mediated: Receiving, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        heard: list[MediationDecided] = []
        monkeypatch.setitem(events._receivers, MediationDecided, [heard.append])
        mediated.hear("buyer", "seller")
        decision = decide(mediated)
        event = mediated.ticket.events.get(kind="decided")
        assert decision.event == event
        assert [news.event for news in heard] == [event]
        assert event.data == {
            "escalation": decision.escalation_id,
            "outcome": "buyer",
            "amount_idr": 1_500_000,
        }
        with pytest.raises(WrongState) as refused:
            decide(mediated, outcome="seller", amount_idr=None)
        assert refused.value.code == "decided_already"
        with pytest.raises(WrongState):
            mediated.hear("buyer")

    def test_its_clock_runs_from_acceptance_and_stops_with_it(self, mediated: Receiving) -> None:
        clocks = mediated.ticket.clocks.filter(metric="mediation_decision")
        assert clocks.get().state == "running"
        mediated.hear("buyer", "seller")
        decide(mediated)
        assert clocks.get().state == "met"
        assert list(audit_deadlines()) == []

    def test_only_the_assigned_mediator_with_the_version_that_was_seen(
        self, mediated: Receiving
    ) -> None:
        mediated.hear("buyer", "seller")
        TeamMembership.objects.create(
            team=Team.objects.get(code="mediation"), user=mediated.actor("farah").user
        )
        with pytest.raises(NotAllowed):
            decide(mediated, by="farah")
        for name in ("dimas", "sari"):
            with pytest.raises(NotAllowed):
                decide(mediated, by=name)
        with pytest.raises(Conflict):
            decide_mediation(
                actor=mediated.actor("maya"),
                ticket_id=mediated.ticket.pk,
                ruling=ruling(),
                expected_version=1,
            )

    @pytest.mark.parametrize(
        ("bad", "fields"),
        [
            ({"outcome": "draw"}, {"outcome"}),
            ({"outcome": "split", "amount_idr": None}, {"amount_idr"}),
            ({"outcome": "seller"}, {"amount_idr"}),
            ({"outcome": "dismissed"}, {"amount_idr"}),
            ({"amount_idr": -1}, {"amount_idr"}),
            ({"amount_idr": 10**16}, {"amount_idr"}),
            ({"reasons_buyer": " ", "reasons_seller": ""}, {"reasons_buyer", "reasons_seller"}),
        ],
    )
    def test_what_is_missing_is_named(
        self, mediated: Receiving, bad: dict[str, Any], fields: set[str]
    ) -> None:
        mediated.hear("buyer", "seller")
        with pytest.raises(InvalidInput) as refused:
            decide(mediated, **bad)
        assert set(refused.value.fields) == fields
        assert not mediated.ticket.events.filter(kind="decided").exists()


class TestLetters:
    def _with_shop(self, case: Receiving) -> None:
        ticket = Ticket.objects.get(pk=case.ticket.pk)
        ticket.shop = Shop.objects.get(name="Toko Maju Jaya")
        ticket.save(update_fields=["shop"])

    def test_each_side_reads_its_own_reasons(self, mediated: Receiving) -> None:
        self._with_shop(mediated)
        mediated.hear("buyer", "seller")
        decide(mediated)
        reply = mediated.ticket.messages.get(kind=Message.Kind.REPLY)
        assert BUYER in reply.body
        assert SELLER not in reply.body
        assert idr_text(1_500_000) in reply.body
        deliver_owed_mail()
        letters = {letter.to[0]: letter for letter in mail.outbox}
        seller = letters["toko.maju@demo.tuntas.id"]
        assert SELLER in seller.body
        assert BUYER not in seller.body
        assert "Ratna" not in seller.body
        assert BUYER in letters["ratna@demo.tuntas.id"].body
        note = mediated.ticket.messages.get(kind=Message.Kind.NOTE)
        assert SELLER in note.body

    @pytest.mark.parametrize(("theirs", "customers"), [("en", "id"), ("id", "en")])
    def test_each_side_reads_it_in_its_own_language(
        self, mediated: Receiving, theirs: str, customers: str
    ) -> None:
        self._with_shop(mediated)
        Ticket.objects.filter(pk=mediated.ticket.pk).update(language=customers)
        seller = User.objects.filter(shops__name="Toko Maju Jaya")
        seller.update(language=theirs)
        mediated.hear("buyer", "seller")
        decide(mediated)
        owed = mediated.ticket.outgoing_mails
        assert owed.get(template="decision").language == theirs
        assert owed.get(template="reply").language == customers
        greeting = {"en": "Hello,", "id": "Halo,"}
        deliver_owed_mail()
        letters = {letter.to[0]: letter.body for letter in mail.outbox}
        assert greeting[theirs] in letters[seller.get().email]

    def test_without_an_address_the_note_says_so(self, mediated: Receiving) -> None:
        mediated.hear("buyer", "seller")
        decide(mediated)
        assert not mediated.ticket.outgoing_mails.filter(template="decision").exists()
        note = mediated.ticket.messages.get(kind=Message.Kind.NOTE)
        assert "tidak tercatat" in note.body

    def test_a_seller_who_complained_gets_the_sellers_reasons(self, case: Case) -> None:
        mine = case(reporter="seller")
        self._with_shop(mine)
        mine.accept("mediation", "maya")
        mine.hear("buyer", "seller")
        decide(mine)
        assert SELLER in mine.ticket.messages.get(kind=Message.Kind.REPLY).body
        # The other side is a buyer of whom no address is known: never the shop's.
        assert not mine.ticket.outgoing_mails.filter(template="decision").exists()

    def test_the_customers_story_tells_of_it_and_of_no_hearing(self, mediated: Receiving) -> None:
        mediated.hear("buyer", "seller")
        decide(mediated)
        kinds = [line.kind for line in Story(fresh(mediated.ticket)).lines()]
        assert "decided" in kinds
        assert "heard" not in kinds


def test_a_late_decision_is_late_and_stays_with_the_mediators(mediated: Receiving) -> None:
    """The promise was just kept: what is found missed by it moves the ticket nowhere."""
    mediated.hear("buyer", "seller")
    promise = mediated.ticket.clocks.get(metric="mediation_decision")
    reply_to_customer(actor=mediated.actor("maya"), ticket_id=mediated.ticket.pk, body="Dicek.")
    others = mediated.ticket.clocks.exclude(pk=promise.pk)
    others.update(due_at=promise.due_at + timedelta(days=1))
    with clock.at(promise.due_at + timedelta(seconds=1)):
        decide(mediated)
    promise.refresh_from_db()
    assert (promise.state, promise.met_at is not None) == ("breached", True)
    after = fresh(mediated.ticket)
    assert (after.state, after.team.code) == ("monitored", "mediation")
