"""Putting a ticket's facts right, and what follows from it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from desk.reasons import reasons_of
from escalation.models import TriggerFiring
from escalation.services import return_escalation
from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, WrongState
from sla.models import Timer
from sla.services import audit_deadlines
from tests.support.stages import Stage, fresh
from tickets.models import Notice, Ticket
from tickets.services import Correction, correct_ticket, reclassify_ticket
from tickets.story import Story

pytestmark = pytest.mark.django_db


def correct(stage: Stage, ticket: Ticket, name: str = "dimas", **facts: Any) -> Ticket:
    options = {key: facts.pop(key) for key in ("reason", "expected_version") if key in facts}
    correct_ticket(
        actor=stage.actor(name),
        ticket_id=ticket.pk,
        facts=Correction(**facts),
        **{"reason": "Kata pelanggan lewat telepon.", **options},
    )
    return fresh(ticket)


@pytest.fixture
def suspicious(stage: Stage) -> Ticket:
    """A suspicious transaction of which no amount is known, handled by Dimas's squad."""
    ticket = stage.handled()
    reclassify_ticket(
        actor=stage.actor("dimas"), ticket_id=ticket.pk, category="suspicious_transaction",
        priority="MEDIUM", queue="general", reason="Transaksi tidak dikenal.",
    )  # fmt: skip
    return fresh(ticket)


class TestRecord:
    def test_it_keeps_old_and_new_numbers_but_no_words(self, stage: Stage) -> None:
        ticket = stage.handled(amount_idr=1_000)
        since = clock.now() - timedelta(days=2)
        after = correct(
            stage, ticket, amount_idr=2_000, order_number="INV/9/8", problem_since=since,
            wanted_solution="refund",
        )  # fmt: skip
        assert (after.amount_idr, after.order_number, after.problem_since) == (
            2_000, "INV/9/8", since,
        )  # fmt: skip
        event = after.events.get(kind="corrected")
        assert event.data["changed"] == [
            "amount_idr", "order_number", "problem_since", "wanted_solution",
        ]  # fmt: skip
        assert (event.data["from"]["amount_idr"], event.data["to"]["amount_idr"]) == (1_000, 2_000)
        assert "INV/9/8" not in str(event.data)
        assert ticket.order_number not in str(event.data)
        assert event.note.text == "Kata pelanggan lewat telepon."
        assert after.version > ticket.version

    def test_the_customer_hears_that_details_changed(self, stage: Stage) -> None:
        after = correct(stage, stage.handled(), amount_idr=5)
        line = next(line for line in Story(after).lines() if line.kind == "corrected")
        assert line.text
        assert "telepon" not in line.text

    def test_not_known_after_all(self, stage: Stage) -> None:
        assert correct(stage, stage.handled(amount_idr=7), amount_idr=None).amount_idr is None

    def test_the_assignee_hears_of_anothers_correction(self, stage: Stage) -> None:
        after = correct(stage, stage.handled(), "sari", amount_idr=5)
        event = after.events.get(kind="corrected")
        assert Notice.objects.get(event=event).recipient == stage.actor("dimas").user

    def test_secrets_are_masked(self, stage: Stage) -> None:
        after = correct(stage, stage.handled(), amount_idr=5, reason="PIN-nya 482913")
        assert "482913" not in after.events.last().note.text


class TestRefusals:
    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"amount_idr": -1}, "amount_idr"),
            ({"amount_idr": 10**16}, "amount_idr"),
            ({"amount_idr": True}, "amount_idr"),
            ({"amount_idr": 2.5}, "amount_idr"),
            ({"wanted_solution": "gold"}, "wanted_solution"),
            ({"amount_idr": 5, "reason": " "}, "reason"),
            ({"order_number": "x" * 61}, "order_number"),
            ({"order_number": "a\x00b"}, "order_number"),
        ],
    )
    def test_what_cannot_be(self, stage: Stage, facts: dict[str, Any], field: str) -> None:
        ticket = stage.handled()
        with pytest.raises(InvalidInput) as refused:
            correct(stage, ticket, **facts)
        assert field in refused.value.fields
        assert fresh(ticket).version == ticket.version

    @pytest.mark.parametrize("days", [-1, 4000])
    def test_a_problem_that_begins_tomorrow_or_long_ago(self, stage: Stage, days: int) -> None:
        with pytest.raises(InvalidInput):
            correct(stage, stage.handled(), problem_since=clock.now() - timedelta(days=days))

    def test_a_change_of_nothing(self, stage: Stage) -> None:
        ticket = stage.handled(amount_idr=5)
        for facts in ({}, {"amount_idr": 5}):
            with pytest.raises(InvalidInput):
                correct(stage, ticket, **facts)

    def test_role_team_state_and_version(self, stage: Stage) -> None:
        ticket = stage.handled()
        for name in ("farah", "ayu", "ratna", "sistem", "admin"):
            with pytest.raises(NotAllowed):
                correct(stage, ticket, name, amount_idr=5)
        with pytest.raises(Conflict):
            correct(stage, ticket, amount_idr=5, expected_version=ticket.version - 1)
        with pytest.raises(WrongState):
            correct(stage, stage.closed(), amount_idr=5)


class TestTriggers:
    def test_an_amount_edited_to_12_juta_goes_to_fraud_at_once(
        self, stage: Stage, suspicious: Ticket
    ) -> None:
        after = correct(stage, suspicious, amount_idr=12_000_000)
        assert (after.state, after.team.code) == ("escalated", "fraud")
        escalation = after.escalations.get(to_team__code="fraud")
        assert (escalation.trigger, escalation.is_automatic) == ("rule.suspicious_amount", True)
        assert escalation.facts["amount_idr"] == 12_000_000
        assert stage.actor("dimas").user.full_name in escalation.decision_reason  # type: ignore[union-attr]
        assert after.events.get(kind="corrected").actor == stage.actor("dimas").user
        assert after.events.get(kind="escalated").actor_label == "escalation_rules"

    def test_ten_juta_is_not_more_than_ten(self, stage: Stage, suspicious: Ticket) -> None:
        assert correct(stage, suspicious, amount_idr=10_000_000).team.code == "cs_account"
        assert correct(stage, suspicious, amount_idr=10_000_001).team.code == "fraud"

    def test_what_held_before_fires_nothing_anew(self, stage: Stage, suspicious: Ticket) -> None:
        correct(stage, suspicious, amount_idr=12_000_000)
        return_escalation(
            actor=stage.actor("farah"), ticket_id=suspicious.pk, reason="Transaksi wajar."
        )
        assert correct(stage, suspicious, amount_idr=13_000_000).state == "handled"
        correct(stage, suspicious, amount_idr=8_000_000)
        # The very amount that fraud has seen already.
        assert correct(stage, suspicious, amount_idr=12_000_000).state == "handled"
        assert correct(stage, suspicious, amount_idr=8_000_000).state == "handled"
        assert correct(stage, suspicious, amount_idr=30_000_000).team.code == "fraud"
        assert TriggerFiring.objects.filter(trigger="suspicious_amount").count() == 2

    def test_specialists_keep_their_case_and_the_others_are_told(
        self, stage: Stage, suspicious: Ticket
    ) -> None:
        stage.send(suspicious, "legal")
        after = correct(stage, suspicious, "sari", amount_idr=12_000_000)
        assert after.team.code == "legal"
        told = after.events.get(kind="alerted", data__trigger="suspicious_amount")
        assert Notice.objects.filter(event=told, recipient=stage.actor("farah").user).exists()

    def test_an_earlier_begin_moves_the_trigger_of_time(self, stage: Stage) -> None:
        ticket = stage.handled()
        reclassify_ticket(
            actor=stage.actor("sari"), ticket_id=ticket.pk, category="dispute",
            priority="MEDIUM", queue="general", reason="Sengketa.",
        )  # fmt: skip
        since = clock.now() - timedelta(days=3)
        correct(stage, ticket, "sari", problem_since=since)
        timer = Timer.objects.get(subject_id=ticket.pk, kind="escalation.age", state="armed")
        assert timer.due_at == since + timedelta(days=7, seconds=1)


class TestJudgedAgain:
    """What the rules gave follows the facts; what an officer decided stands."""

    @pytest.fixture
    def lost(self, stage: Stage) -> Ticket:
        words = "Paket saya hilang di ekspedisi, nilainya Rp 900.000."
        return stage.classified(subject="Paket hilang", description=words)

    def test_the_priority_follows_with_its_reasons_and_deadline(
        self, stage: Stage, lost: Ticket
    ) -> None:
        assert (lost.category, lost.priority) == ("order_lost", "MEDIUM")
        due_at = lost.clocks.get(metric="resolution").due_at
        after = correct(stage, lost, "sari", amount_idr=2_500_000)
        assert after.priority == "HIGH"
        assert after.clocks.get(metric="resolution").due_at < due_at
        told = reasons_of(after)
        assert told.latest is not None
        assert not told.overridden
        assert any("2.500.000" in fact for card in told.cards for fact in card.facts)
        assert not any("900.000" in quote for card in told.cards for quote in card.quotes)
        event = after.events.get(kind="reclassified")
        assert (event.actor, event.actor_label) == (None, "triage")
        assert event.data["correction"] == after.events.get(kind="corrected").pk
        assert list(audit_deadlines()) == []

    def test_the_same_priority_has_the_new_reasons(self, stage: Stage, lost: Ticket) -> None:
        after = correct(stage, lost, "sari", amount_idr=800_000)
        assert after.priority == "MEDIUM"
        assert not after.events.filter(kind="reclassified").exists()
        assert after.classifications.count() == 2
        assert after.classifications.last().event.kind == "corrected"

    def test_what_escalates_at_once_is_written_with_the_new_priority(
        self, stage: Stage, lost: Ticket
    ) -> None:
        after = correct(stage, lost, "sari", amount_idr=6_000_000)
        assert (after.priority, after.team.code) == ("HIGH", "mediation")
        sent = after.escalations.get(trigger="rule.dispute_value")
        written = str({field.name: getattr(sent, field.name) for field in sent._meta.fields})
        assert "HIGH" in written
        assert "MEDIUM" not in written
        kinds = list(after.events.order_by("id").values_list("kind", flat=True))
        assert kinds.index("corrected") < kinds.index("reclassified") < kinds.index("escalated")
        assert TriggerFiring.objects.filter(ticket=after, trigger="dispute_value").count() == 1
        assert list(audit_deadlines()) == []

    def test_an_officers_judgement_stands(self, stage: Stage, lost: Ticket) -> None:
        words = {"category": "order_lost", "queue": "general", "reason": "Pelanggan menunggu obat."}
        reclassify_ticket(actor=stage.actor("sari"), ticket_id=lost.pk, priority="URGENT", **words)
        after = correct(stage, fresh(lost), "sari", amount_idr=2_500_000)
        assert after.priority == "URGENT"
        assert after.classifications.last().rules_version is None
