"""Triggers as data: what holds, what fires, and never twice for the same facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escalation.matrix import concerned_by, facts_about, matrix
from escalation.models import EscalationMatrix, TriggerFiring
from escalation.services import firing, request_escalation, return_escalation
from escalation.services.firing import AGE
from escalation.triggers import Facts, Trigger, reached
from helpdesk.common import clock
from helpdesk.common.versioned import forget_cached_rules
from sla.models import Timer
from sla.services import sweep
from tests.support.stages import Stage, form, fresh
from tickets.models import Notice, Ticket
from tickets.services import handle_ticket, reclassify_ticket

NOON = datetime(2026, 11, 18, 5, tzinfo=UTC)
FACTS = Facts("dispute", "general", "MEDIUM", "web", "regular", "buyer", None, NOON)
DAY = timedelta(days=1)


def trigger(**when: Any) -> Trigger:
    return Trigger(code="t", name_id="t", name_en="t", when=when, team="mediation")


class TestConditions:
    @pytest.mark.parametrize(
        ("amount", "holds"), [(None, False), (5_000_000, False), (5_000_001, True)]
    )
    def test_more_than_is_strict(self, amount: int | None, holds: bool) -> None:
        row = trigger(amount_more_than=5_000_000)
        assert row.matches(replace(FACTS, amount_idr=amount)) is holds

    def test_an_age_is_reached_just_after_the_last_instant_that_is_not_more(self) -> None:
        row = trigger(age_more_than_days=7)
        assert row.moment(FACTS) == NOON + timedelta(days=7, seconds=1)
        assert trigger().moment(FACTS) is None

    @pytest.mark.parametrize(
        ("when", "holds"),
        [
            ({}, True),
            ({"category": ["dispute", "tracking"]}, True),
            ({"category": ["tracking"]}, False),
            ({"category": ["dispute"], "tier": ["gold"]}, False),
            ({"except_category": ["dispute"]}, False),
            ({"except_category": ["tracking"], "reporter": ["buyer"]}, True),
            ({"category": [], "channel": ["web"]}, True),
        ],
    )
    def test_all_that_is_asked_must_hold(self, when: dict[str, Any], holds: bool) -> None:
        assert trigger(**when).matches(FACTS) is holds

    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.integers(0, 200), max_size=12), st.integers(0, 200), st.integers(1, 5))
    def test_a_window_is_reached_exactly_when_some_window_holds_enough(
        self, hours: list[int], newest: int, at_least: int
    ) -> None:
        hours = [*hours, newest]
        at = [NOON + timedelta(hours=hour) for hour in hours]
        windows = range(newest - 24, newest + 1)
        slow = any(sum(w <= hour <= w + 24 for hour in hours) >= at_least for w in windows)
        fast = reached(at, at[-1], at_least=at_least, within=DAY)
        assert fast == slow

    def test_three_in_a_day_and_an_hour_are_too_few(self) -> None:
        at = [NOON, NOON + timedelta(hours=12), NOON + timedelta(hours=25)]
        assert not reached(at, at[-1], at_least=3, within=DAY)
        assert reached([*at[:2], NOON + DAY], NOON + DAY, at_least=3, within=DAY)


pytestmark = pytest.mark.django_db


def publish(**changes: Any) -> EscalationMatrix:
    made = EscalationMatrix.publish({**matrix(), **changes})
    forget_cached_rules()
    return made


def become(stage: Stage, ticket: Ticket, name: str = "sari", **words: Any) -> Ticket:
    present = {"category": ticket.category, "priority": ticket.priority, "queue": ticket.queue}
    reclassify_ticket(
        actor=stage.actor(name), ticket_id=ticket.pk, reason="Begitu.", **{**present, **words}
    )
    return fresh(ticket)


def quiet(stage: Stage) -> Ticket:
    """About account data, with Dimas; nobody was told of anything."""
    ticket = stage.classified(subject="nomor", description="Tolong ganti nomor ponsel akun saya.")
    wanted = {"category": "account_data_update", "queue": "general", "priority": "MEDIUM"}
    if any(getattr(ticket, name) != value for name, value in wanted.items()):
        ticket = become(stage, ticket, **wanted)
    handle_ticket(actor=stage.actor("dimas"), ticket_id=ticket.pk)
    assert not ticket.events.filter(kind="alerted").exists()
    return fresh(ticket)


def without_deadlines(ticket: Ticket) -> Ticket:
    """No missed promise moves it first."""
    Timer.objects.filter(subject_id=ticket.pk).exclude(kind=AGE).update(state="cancelled")
    return ticket


class TestShipped:
    """Domain section 4, each automatic trigger."""

    def test_all_of_the_domain_are_there_with_their_source(self) -> None:
        codes = {row.code for row in EscalationMatrix.in_force().triggers}
        assert codes >= {
            *("suspicious_amount", "failed_logins", "sensitive_data", "account_hijack"),
            *("dispute_age", "warranty_rejected", "complex_return", "dispute_value"),
            *("forged_document", "ip_violation", "court_case", "law_enforcement"),
            "seller_silent",
        }
        assert all(row.source for row in EscalationMatrix.in_force().triggers)

    @pytest.mark.parametrize(
        ("amount", "team"), [(5_000_000, "cs_order"), (5_000_001, "mediation")]
    )
    def test_a_disputed_value_goes_to_mediation(self, stage: Stage, amount: int, team: str) -> None:
        ticket = stage.classified(
            subject="sengketa", description="Penjual dan saya berselisih.", amount_idr=amount
        )
        if ticket.category != "dispute":
            ticket = become(stage, ticket, category="dispute", queue="general")
        assert ticket.team.code == team

    @pytest.mark.parametrize(
        ("category", "code"),
        [
            ("document_forgery", "forged_document"),
            ("ip_violation", "ip_violation"),
            ("legal_action", "court_case"),
            ("law_enforcement_request", "law_enforcement"),
        ],
    )
    def test_cases_for_legal_go_there_by_their_own_trigger(
        self, stage: Stage, category: str, code: str
    ) -> None:
        ticket = become(stage, stage.classified(), category=category, queue="legal")
        assert (ticket.state, ticket.team.code) == ("escalated", "legal")
        assert ticket.escalations.get().trigger == f"rule.{code}"

    def test_it_records_which_trigger_version_and_facts(self, stage: Stage) -> None:
        ticket = become(stage, stage.classified(), category="ip_violation", queue="legal")
        facts = {"category": "ip_violation", "queue": "legal"}
        event = ticket.events.get(kind="escalated")
        assert event.data["trigger"] == "rule.ip_violation"
        assert (event.data["matrix_version"], event.data["facts"]) == (1, facts)
        firing = TriggerFiring.objects.get(ticket=ticket, trigger="ip_violation")
        assert (firing.facts, firing.matrix_version) == (facts, 1)
        assert firing.escalation == ticket.escalations.get()

    def test_the_automatic_form_says_why_and_what_is_wanted(self, stage: Stage) -> None:
        ticket = become(stage, stage.classified(), category="ip_violation", queue="legal")
        form = ticket.escalations.get()
        assert "Pelanggaran HAKI" in form.decision_reason
        assert "Matriks versi 1" in form.wanted_outcome
        assert "sisi hukum" in form.wanted_outcome
        assert "{" not in form.summary + form.evidence + form.wanted_outcome


class TestConcerned:
    def test_the_query_finds_what_the_trigger_concerns(self, stage: Stage) -> None:
        found = stage.classified()
        facts = facts_about(found)
        for when in (
            {},
            {"category": [found.category]},
            {"category": ["tracking"]},
            {"except_category": [found.category]},
            {"except_category": ["tracking"], "tier": [found.tier], "queue": [found.queue]},
            {"priority": [found.priority], "channel": ["email"]},
        ):
            row = trigger(**when)
            same = Ticket.objects.filter(concerned_by(row), pk=found.pk).exists()
            assert same is row.concerns(facts), when


class TestOnce:
    def test_the_same_facts_never_fire_twice(self, stage: Stage) -> None:
        ticket = become(stage, stage.classified(), category="ip_violation", queue="legal")
        firing = TriggerFiring.objects.get(ticket=ticket, trigger="ip_violation")
        with pytest.raises(IntegrityError), transaction.atomic():
            TriggerFiring.objects.create(
                ticket=ticket, trigger="ip_violation", key=firing.key, matrix_version=1,
                at=firing.at,
            )  # fmt: skip

    def test_an_officer_who_lowers_a_priority_is_not_overruled_again(self, stage: Stage) -> None:
        ticket = become(
            stage, stage.classified(days_open=6), category="seller_unresponsive",
            priority="MEDIUM", queue="general",
        )  # fmt: skip
        sweep()
        assert fresh(ticket).priority == "HIGH"
        become(stage, fresh(ticket), priority="LOW")
        sweep()
        assert fresh(ticket).priority == "LOW"

    def test_what_was_returned_is_not_sent_again_by_a_priority(self, stage: Stage) -> None:
        ticket = become(stage, stage.handled(), category="ip_violation", queue="legal")
        return_escalation(actor=stage.actor("leo"), ticket_id=ticket.pk, reason="Bukan kami.")
        after = become(stage, fresh(ticket), priority="LOW")
        assert after.state == "handled"


class TestReclassified:
    """Another kind of problem is looked at as at its receipt, whoever says so."""

    @pytest.mark.parametrize("name", ["dimas", "sari"])
    def test_a_hijack_that_comes_to_light_alerts_fraud(self, stage: Stage, name: str) -> None:
        ticket = quiet(stage)
        after = become(stage, ticket, name, category="account_takeover")
        told = after.events.get(kind="alerted", data__trigger="account_hijack")
        assert Notice.objects.filter(event=told, recipient=stage.actor("farah").user).exists()
        assert (after.state, after.team.code) == ("handled", "cs_account")

    def test_the_officers_own_request_does_not_swallow_the_alert(self, stage: Stage) -> None:
        ticket = quiet(stage)
        after = become(stage, ticket, "dimas", category="account_takeover", queue="mediation")
        asked = after.escalations.get()
        assert (asked.state, asked.trigger, asked.to_team.code) == (
            "requested", "reclassified", "mediation",
        )  # fmt: skip
        assert after.events.filter(kind="alerted", data__trigger="account_hijack").count() == 1
        firing = TriggerFiring.objects.get(ticket=after, trigger="mediation_case")
        assert (firing.escalation, firing.matrix_version) == (asked, asked.matrix_version)
        assert "Kasus untuk mediasi" in asked.wanted_outcome

    def test_what_a_waiting_request_leaves_no_room_for_is_told_to_who_decides(
        self, stage: Stage
    ) -> None:
        """One request at a time waits; declined or not, the other way is not lost with it."""
        ticket, dimas = quiet(stage), stage.actor("dimas")
        request_escalation(actor=dimas, ticket_id=ticket.pk, form=form("fraud"), reason="Curiga.")
        after = become(stage, ticket, "dimas", category="ip_violation", queue="legal")
        assert [row.to_team.code for row in after.escalations.all()] == ["fraud"]
        told = after.events.get(kind="alerted")
        assert (told.data["team"], told.data["trigger"]) == ("supervisors", "ip_violation")
        assert Notice.objects.filter(event=told, recipient=stage.actor("sari").user).exists()

    def test_a_request_for_the_same_team_says_it_all(self, stage: Stage) -> None:
        ticket, dimas = quiet(stage), stage.actor("dimas")
        request_escalation(actor=dimas, ticket_id=ticket.pk, form=form("legal"), reason="Hukum.")
        after = become(stage, ticket, "dimas", category="ip_violation", queue="legal")
        assert after.escalations.count() == 1
        assert not after.events.filter(kind="alerted").exists()

    def test_fraud_hears_of_it_while_mediation_has_the_case(self, stage: Stage) -> None:
        ticket = become(stage, quiet(stage), category="dispute", queue="mediation")
        assert ticket.team.code == "mediation"
        after = become(stage, ticket, category="account_takeover")
        assert (after.state, after.team.code) == ("escalated", "mediation")
        assert after.events.filter(kind="alerted", data__trigger="account_hijack").count() == 1

    @pytest.mark.parametrize("name", ["ayu", "sari"])
    def test_urgent_by_hand_sets_off_what_asks_for_it(self, stage: Stage, name: str) -> None:
        row = {
            "code": "urgent", "name_id": "Gawat", "name_en": "Urgent", "alert": "operations",
            "when": {"priority": ["URGENT"], "category": ["tracking"]}, "level": 4,
        }  # fmt: skip
        publish(triggers=[*matrix()["triggers"], row])
        ticket = become(stage, quiet(stage), category="tracking", priority="LOW")
        after = become(stage, ticket, name, priority="URGENT")
        assert after.events.filter(kind="alerted", data__trigger="urgent").count() == 1

    @pytest.mark.parametrize("name", ["dimas", "sari"])
    def test_a_priority_that_the_kind_asks_for_is_raised(self, stage: Stage, name: str) -> None:
        row = {
            "code": "leak", "name_id": "Bocor", "name_en": "Leak", "priority": "HIGH",
            "when": {"category": ["account_data_update"]},
        }  # fmt: skip
        publish(triggers=[*matrix()["triggers"], row])
        ticket = become(stage, stage.handled(), name, category="account_data_update",
                        queue="general", priority="LOW")  # fmt: skip
        assert ticket.priority == "HIGH"
        assert become(stage, ticket, name, priority="LOW").priority == "LOW"  # a hand's last word

    def test_of_two_teams_the_second_ones_priority_counts_but_not_its_team(
        self, stage: Stage
    ) -> None:
        row = {
            "code": "second", "name_id": "b", "name_en": "b", "team": "operations", "level": 4,
            "priority": "URGENT", "when": {"category": ["ip_violation"]},
        }  # fmt: skip
        publish(triggers=[*matrix()["triggers"], row])
        after = become(stage, stage.handled(), category="ip_violation", queue="legal",
                       priority="LOW")  # fmt: skip
        assert (after.team.code, after.priority) == ("legal", "URGENT")


class TestVersion:
    def test_the_version_on_record_is_the_one_that_decided(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A version published in the middle of a firing changes nothing of it."""
        ticket = quiet(stage)
        rows = [row for row in matrix()["triggers"] if row["code"] != "ip_violation"]
        form = {**matrix()["forms"]["legal"], "wanted_outcome": "Versi baru. {cause}"}
        later = {**matrix(), "triggers": rows, "forms": {**matrix()["forms"], "legal": form}}
        act = firing._act

        def published_meanwhile(*args: Any) -> Any:
            EscalationMatrix.publish(later)
            return act(*args)

        monkeypatch.setattr(firing, "_act", published_meanwhile)
        after = become(stage, ticket, category="ip_violation", queue="legal")
        assert EscalationMatrix.in_force().version == 2
        made = after.escalations.get()
        assert (made.trigger, made.matrix_version) == ("rule.ip_violation", 1)
        assert "Matriks versi 1" in made.decision_reason
        assert "Versi baru" not in made.wanted_outcome
        assert after.events.get(kind="escalated").data["matrix_version"] == 1
        assert after.trigger_firings.get(trigger="ip_violation").matrix_version == 1


class TestOwnTriggers:
    """What a supervisor may write in the editor."""

    def test_of_priority_and_tier(self, stage: Stage) -> None:
        row = {
            "code": "vip_urgent", "name_id": "VIP", "name_en": "VIP", "alert": "operations",
            "when": {"priority": ["URGENT"], "category": ["tracking"]}, "level": 4,
        }  # fmt: skip
        publish(triggers=[*matrix()["triggers"], row])
        ticket = become(stage, stage.classified(), category="tracking", queue="general",
                        priority="LOW")  # fmt: skip
        assert not ticket.events.filter(kind="alerted", data__team="operations").exists()
        after = become(stage, ticket, priority="URGENT")
        told = after.events.get(kind="alerted", data__team="operations")
        assert told.data["trigger"] == "vip_urgent"
        assert Notice.objects.filter(event=told, recipient__email__startswith="hendra").exists()

    def test_two_moments_on_one_ticket_fire_in_their_order(self, stage: Stage) -> None:
        rows = [row for row in matrix()["triggers"] if row["code"] != "dispute_age"]
        first = {"code": "old_3", "name_id": "a", "name_en": "a", "priority": "HIGH",
                 "when": {"category": ["dispute"], "age_more_than_days": 3}}  # fmt: skip
        second = {"code": "old_5", "name_id": "b", "name_en": "b", "team": "legal", "level": 3,
                  "when": {"category": ["dispute"], "age_more_than_days": 5}}  # fmt: skip
        publish(triggers=[*rows, first, second])
        ticket = become(stage, stage.classified(days_open=1), category="dispute",
                        queue="general", priority="LOW")  # fmt: skip
        without_deadlines(ticket)
        with clock.at(ticket.problem_since + timedelta(days=3, seconds=1)):
            sweep()
        assert without_deadlines(fresh(ticket)).priority == "HIGH"
        with clock.at(ticket.problem_since + timedelta(days=5, seconds=1)):
            sweep()
            sweep()
        fired = fresh(ticket).events.filter(kind="timer_fired")
        assert [event.data["trigger"] for event in fired] == ["old_3", "old_5"]

    def test_a_moment_moved_by_a_new_version_fires_by_the_version_in_force(
        self, stage: Stage
    ) -> None:
        ticket = become(stage, stage.classified(days_open=6), category="dispute",
                        queue="general", priority="LOW")  # fmt: skip
        without_deadlines(ticket)
        rows = [
            {**row, "when": {**row["when"], "age_more_than_days": 10}}
            if row["code"] == "dispute_age"
            else row
            for row in matrix()["triggers"]
        ]
        publish(triggers=rows)
        with clock.at(ticket.problem_since + timedelta(days=7, seconds=1)):
            sweep()
            assert not fresh(ticket).escalations.filter(to_team__code="mediation").exists()
        with clock.at(ticket.problem_since + timedelta(days=10, seconds=1)):
            sweep()
        firing = TriggerFiring.objects.get(ticket=ticket, trigger="dispute_age")
        assert firing.matrix_version == 2
