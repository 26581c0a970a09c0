"""Signals of other systems: recorded once, and the third failed login escalates."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from escalation.matrix import matrix
from escalation.models import EscalationMatrix, Signal, TriggerFiring
from escalation.services import SignalReceipt, SignalReport, receive_signal, return_escalation
from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed
from helpdesk.common.versioned import forget_cached_rules
from people.models import Customer
from tests.support.stages import Stage, fresh
from tickets.models import Notice, OutgoingMail, Ticket
from tickets.services import reclassify_ticket
from tickets.story import Story

pytestmark = pytest.mark.django_db

RATNA = "ratna@demo.tuntas.id"


def publish(**changes: Any) -> EscalationMatrix:
    made = EscalationMatrix.publish({**matrix(), **changes})
    forget_cached_rules()
    return made


class Reporter:
    """The security system, reporting about Ratna unless told otherwise."""

    def __init__(self, stage: Stage, email: str) -> None:
        self.stage, self.email, self.count = stage, email, 0

    def __call__(self, kind: str = "failed_login", **changes: Any) -> SignalReceipt:
        self.count += 1
        now = clock.now()
        actor = self.stage.actor(changes.pop("actor", "sistem"))
        ago = changes.pop("hours_ago", 0)
        values = {
            "kind": kind,
            "reference": f"R{self.count}",
            "occurred_at": now - timedelta(hours=ago),
            "email": self.email,
            **changes,
        }
        return receive_signal(actor=actor, report=SignalReport(**values))


@pytest.fixture
def report(stage: Stage, customer: Customer) -> Reporter:
    return Reporter(stage, customer.email or "")


@pytest.fixture
def account_ticket(stage: Stage) -> Ticket:
    """An open ticket of Ratna's about account data, with Dimas."""
    ticket = stage.handled()
    reclassify_ticket(
        actor=stage.actor("dimas"), ticket_id=ticket.pk, category="account_data_update",
        priority="MEDIUM", queue="general", reason="Hanya ganti nomor.",
    )  # fmt: skip
    return fresh(ticket)


class TestThirdFailedLogin:
    def test_it_escalates_the_open_account_ticket_to_fraud(
        self, report: Reporter, account_ticket: Ticket
    ) -> None:
        report(hours_ago=20)
        report(hours_ago=3)
        assert fresh(account_ticket).team.code == "cs_account"
        receipt = report()
        after = fresh(account_ticket)
        assert (after.state, after.team.code) == ("escalated", "fraud")
        escalation = after.escalations.get(to_team__code="fraud")
        assert escalation.trigger == "rule.failed_logins"
        assert (escalation.facts["signal"], escalation.facts["count"]) == ("failed_login", 3)
        effect = receipt.signal.effects.get()
        assert (effect.ticket, effect.trigger, effect.opened) == (after, "failed_logins", False)
        assert after.events.filter(kind="signalled").count() == 3

    def test_three_in_more_than_a_day_are_no_three(
        self, report: Reporter, account_ticket: Ticket
    ) -> None:
        for hours in (25, 2, 0):
            report(hours_ago=hours)
        assert fresh(account_ticket).state == "handled"

    def test_they_may_be_reported_late_and_out_of_order(
        self, report: Reporter, account_ticket: Ticket
    ) -> None:
        for hours in (0, 20, 10):
            report(hours_ago=hours)
        assert fresh(account_ticket).team.code == "fraud"

    def test_without_a_ticket_one_is_received_in_the_customers_name(
        self, report: Reporter, customer: Customer
    ) -> None:
        for _each in range(3):
            receipt = report()
        ticket = Ticket.objects.get(customer=customer)
        assert (ticket.channel, ticket.category) == ("api", "account_takeover")
        assert (ticket.state, ticket.team.code, ticket.home_team.code) == (
            "escalated", "fraud", "cs_account",
        )  # fmt: skip
        assert ticket.escalations.get().trigger == "rule.failed_logins"
        effect = receipt.signal.effects.get()
        assert (effect.ticket, effect.opened) == (ticket, True)
        received = ticket.events.get(kind="received")
        assert received.data["proactive"] is True
        mail = OutgoingMail.objects.get(ticket=ticket, recipient=customer.email)
        assert mail.template == "proactive"
        assert Story(ticket).lines()[0].text != ""
        running = set(ticket.clocks.filter(state="running").values_list("metric", flat=True))
        assert "first_response" in running

    def test_more_of_the_same_burst_change_nothing_more(
        self, report: Reporter, customer: Customer
    ) -> None:
        for _each in range(5):
            report()
        ticket = Ticket.objects.get(customer=customer)
        assert ticket.escalations.count() == 1
        assert ticket.events.filter(kind="signalled").count() == 3
        assert TriggerFiring.objects.filter(trigger="failed_logins").count() == 1

    def test_three_new_ones_after_the_return_escalate_again(
        self, stage: Stage, report: Reporter, account_ticket: Ticket
    ) -> None:
        for _each in range(3):
            report()
        return_escalation(actor=stage.actor("farah"), ticket_id=account_ticket.pk, reason="Wajar.")
        report()
        report()
        assert fresh(account_ticket).state == "handled"
        report()
        assert fresh(account_ticket).team.code == "fraud"

    def test_another_customers_do_not_count(
        self, report: Reporter, account_ticket: Ticket, other_customer: Customer
    ) -> None:
        report()
        report(email=other_customer.email)
        report(phone=other_customer.phone, email="")
        assert fresh(account_ticket).state == "handled"
        assert other_customer.signals.count() == 2


class TestOtherKinds:
    @pytest.mark.parametrize("kind", ["sensitive_data_changed", "account_hijacked"])
    def test_one_is_enough(self, report: Reporter, account_ticket: Ticket, kind: str) -> None:
        report(kind)
        assert fresh(account_ticket).team.code == "fraud"

    @pytest.mark.parametrize(("amount", "count"), [(10_000_000, 0), (10_000_001, 1)])
    def test_a_suspicious_transaction_above_ten_juta(
        self, report: Reporter, customer: Customer, amount: int, count: int
    ) -> None:
        report("suspicious_transaction", amount_idr=amount)
        tickets = Ticket.objects.filter(customer=customer)
        assert tickets.count() == count
        for ticket in tickets:
            assert (ticket.category, ticket.team.code) == ("suspicious_transaction", "fraud")
            assert ticket.amount_idr == amount
        assert Signal.objects.count() == 1

    def test_a_ticket_of_another_kind_is_left_alone(
        self, stage: Stage, report: Reporter, customer: Customer
    ) -> None:
        parcel = stage.classified(
            subject="paket", description="Paket saya belum sampai, resi tidak bergerak."
        )
        report("account_hijacked")
        assert fresh(parcel).state == "classified"
        assert Ticket.objects.filter(customer=customer).count() == 2

    def test_the_ticket_that_was_named_hears_of_it(
        self, stage: Stage, report: Reporter, account_ticket: Ticket
    ) -> None:
        report(ticket=account_ticket, email="")
        event = account_ticket.events.get(kind="signalled")
        assert event.data == {"signal": Signal.objects.get().pk, "kind": "failed_login"}


class TestSecondWave:
    """What comes while specialists have the ticket is never lost."""

    def with_mediation(self, stage: Stage, ticket: Ticket) -> Ticket:
        stage.send(ticket, "mediation")
        return fresh(ticket)

    def test_fraud_is_alerted_each_time_and_mediation_keeps_it(
        self, stage: Stage, report: Reporter, account_ticket: Ticket
    ) -> None:
        self.with_mediation(stage, account_ticket)
        for wave in (1, 2):
            for _each in range(3):
                report()
            told = account_ticket.events.filter(kind="alerted", data__trigger="failed_logins")
            assert told.count() == wave
            notices = Notice.objects.filter(event=told.last())
            assert notices.filter(recipient=stage.actor("farah").user).exists()
        after = fresh(account_ticket)
        assert (after.state, after.team.code) == ("escalated", "mediation")
        firings = TriggerFiring.objects.filter(trigger="failed_logins", ticket=after)
        assert [row.facts["count"] for row in firings] == [3, 3]

    def test_what_only_tells_tells_again_too(
        self, report: Reporter, account_ticket: Ticket
    ) -> None:
        rows = [
            {**row, "team": "", "alert": "fraud"} if row["code"] == "failed_logins" else row
            for row in matrix()["triggers"]
        ]
        publish(triggers=rows)
        for _each in range(6):
            report()
        told = account_ticket.events.filter(kind="alerted", data__trigger="failed_logins")
        assert told.count() == 2
        assert fresh(account_ticket).state == "handled"


class TestAmount:
    """The amount reported counts for triggers of amounts as one on the ticket does."""

    @pytest.mark.parametrize(
        ("amount", "team"), [(5_000_000, "cs_order"), (5_000_001, "mediation")]
    )
    def test_it_counts_on_the_ticket_it_names(
        self, stage: Stage, report: Reporter, amount: int, team: str
    ) -> None:
        ticket = stage.classified()
        reclassify_ticket(
            actor=stage.actor("sari"), ticket_id=ticket.pk, category="dispute",
            priority="MEDIUM", queue="general", reason="Sengketa.",
        )  # fmt: skip
        receipt = report("suspicious_transaction", ticket=ticket, email="", amount_idr=amount)
        after = fresh(ticket)
        assert (after.team.code, after.amount_idr) == (team, None)
        if team == "mediation":
            firing = TriggerFiring.objects.get(ticket=ticket, trigger="dispute_value")
            assert (firing.signal, firing.facts["amount_idr"]) == (receipt.signal, amount)

    def test_one_that_the_ticket_has_already_changes_nothing(
        self, stage: Stage, report: Reporter
    ) -> None:
        ticket = stage.classified(amount_idr=9_000_000)
        reclassify_ticket(
            actor=stage.actor("sari"), ticket_id=ticket.pk, category="suspicious_transaction",
            priority="MEDIUM", queue="general", reason="Transaksi.",
        )  # fmt: skip
        report("suspicious_transaction", ticket=ticket, email="", amount_idr=8_000_000)
        assert not TriggerFiring.objects.filter(signal__isnull=False).exists()

    def test_only_reports_above_the_limit_add_up(self, report: Reporter) -> None:
        rows = [
            {**row, "when": {**row["when"], "signal": {**row["when"]["signal"], "at_least": 2}}}
            if row["code"] == "suspicious_signal"
            else row
            for row in matrix()["triggers"]
        ]
        publish(triggers=rows)
        report("suspicious_transaction", amount_idr=12_000_000)
        report("suspicious_transaction", amount_idr=10_000_000)
        assert not Ticket.objects.exists()
        report("suspicious_transaction", amount_idr=13_000_000)
        assert Ticket.objects.get().team.code == "fraud"


class TestConcerned:
    def test_only_the_latest_of_the_kind_are_looked_at(
        self, stage: Stage, report: Reporter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("escalation.services.signals.MAX_TICKETS", 2)
        mine = []
        for number in (1, 2, 3):
            ticket = stage.classified(
                description=f"Tolong ganti nomor ponsel {number} di akun saya."
            )
            reclassify_ticket(
                actor=stage.actor("sari"), ticket_id=ticket.pk, category="account_data_update",
                priority="LOW", queue="general", reason=f"Hanya ganti nomor {number}.",
            )  # fmt: skip
            mine.append(ticket.pk)
        signal = report().signal
        assert sorted(signal.effects.values_list("ticket_id", flat=True)) == mine[1:]
        named = report(ticket=fresh(Ticket(pk=mine[0])), email="").signal
        assert [effect.ticket_id for effect in named.effects.all()] == mine[:1]

    def test_a_ticket_of_another_kind_is_not_even_locked(
        self, stage: Stage, report: Reporter, account_ticket: Ticket
    ) -> None:
        parcel = stage.classified(
            subject="paket", description="Paket saya belum sampai, resi tidak bergerak."
        )
        with CaptureQueriesContext(connection) as seen:
            report()
        locking = [query["sql"] for query in seen if 'UPDATE OF "tickets_ticket"' in query["sql"]]
        assert any(f'"tickets_ticket"."id" = {account_ticket.pk}' in sql for sql in locking)
        assert not any(f'"tickets_ticket"."id" = {parcel.pk}' in sql for sql in locking)


class TestRecord:
    def test_the_same_reference_is_the_same_report(self, report: Reporter) -> None:
        at = clock.now()
        first = report(reference="A", occurred_at=at)
        again = report(reference="A", occurred_at=at)
        assert (first.created, again.created) == (True, False)
        assert first.signal == again.signal
        with pytest.raises(Conflict) as refused:
            report(reference="A", occurred_at=at, amount_idr=5)
        assert refused.value.code == "reference_reused"
        assert Signal.objects.count() == 1

    def test_the_database_refuses_changes(self, report: Reporter) -> None:
        signal = report().signal
        for statement in (
            "UPDATE escalation_signal SET kind = 'x' WHERE id = %s",
            "DELETE FROM escalation_signal WHERE id = %s",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, [signal.pk])

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"reference": " "}, "reference"),
            ({"reference": "x" * 101}, "reference"),
            ({"kind": "rain"}, "kind"),
            ({"hours_ago": -1}, "occurred_at"),
            ({"hours_ago": 24 * 31}, "occurred_at"),
            ({"amount_idr": -1}, "amount_idr"),
            ({"email": ""}, "contact"),
            ({"email": "nobody"}, "contact"),
        ],
    )
    def test_what_cannot_be(self, report: Reporter, changes: dict[str, Any], field: str) -> None:
        before = Customer.objects.count()
        with pytest.raises(InvalidInput) as refused:
            report(**changes)
        assert field in refused.value.fields
        assert (Signal.objects.count(), Customer.objects.count()) == (0, before)

    @pytest.mark.parametrize("name", ["dimas", "sari", "ratna", "farah", "admin"])
    def test_only_connected_systems_report(self, report: Reporter, name: str) -> None:
        with pytest.raises(NotAllowed):
            report(actor=name)
