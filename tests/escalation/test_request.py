"""Asking for an escalation, verifying and declining it."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

import pytest

from escalation.models import Escalation
from escalation.services import decline_escalation, request_escalation, verify_escalation
from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, WrongState
from helpdesk.common.versioned import forget_cached_rules
from people.models import Team
from sla.models import SlaPolicy
from sla.services import sweep
from tests.support.stages import Stage, form, fresh
from tickets.models import Notice, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(stage: Stage) -> Escalation:
    return request_escalation(
        actor=stage.actor("dimas"), ticket_id=stage.handled().pk, form=form("fraud")
    )


def ticket_of(escalation: Escalation) -> Ticket:
    return fresh(escalation.ticket)


class TestAsking:
    def test_the_ticket_stays_until_a_supervisor_has_looked(self, asked: Escalation) -> None:
        ticket = ticket_of(asked)
        assert (ticket.state, ticket.team.code, asked.state) == (
            "handled",
            "cs_account",
            "requested",
        )
        event = ticket.events.last()
        assert (event.kind, event.data["to_team"]) == ("escalation_requested", "fraud")
        told = Notice.objects.filter(event=event).values_list("recipient__email", flat=True)
        assert set(told) == {"sari@demo.tuntas.id", "teguh@demo.tuntas.id"}

    def test_the_matrix_knows_who_is_next(self, stage: Stage, asked: Escalation) -> None:
        assert asked.follows_matrix
        other = request_escalation(
            actor=stage.actor("dimas"),
            ticket_id=stage.handled().pk,
            form=form("legal"),
            reason="Ada gugatan.",
        )
        assert not other.follows_matrix

    def test_no_level_is_skipped_without_a_reason_of_whoever_asks(self, stage: Stage) -> None:
        ticket = stage.handled()
        for name in ("dimas", "sari"):
            with pytest.raises(InvalidInput) as refused:
                request_escalation(
                    actor=stage.actor(name), ticket_id=ticket.pk, form=form("legal"), reason=" "
                )
            assert refused.value.code == "level_skipped"
            assert list(refused.value.fields) == ["reason"]
        assert not ticket.escalations.exists()

    def test_the_reason_is_kept_with_the_request(self, stage: Stage) -> None:
        asked = request_escalation(
            actor=stage.actor("dimas"),
            ticket_id=stage.handled().pk,
            form=form("legal"),
            reason="Ada gugatan. OTP: 482913",
        )
        event = ticket_of(asked).events.get(kind="escalation_requested")
        assert event.note.text == asked.request_reason
        assert asked.request_reason.startswith("Ada gugatan.")
        assert "482913" not in asked.request_reason

    def test_the_team_sets_the_target_unless_the_form_does(
        self, stage: Stage, asked: Escalation
    ) -> None:
        assert asked.target_at == asked.requested_at + timedelta(hours=6)
        at = clock.now() + timedelta(hours=2)
        own = request_escalation(
            actor=stage.actor("dimas"),
            ticket_id=stage.handled().pk,
            form=form("fraud", target_at=at),
        )
        assert own.target_at == at

    @pytest.mark.parametrize("part", ["summary", "tried", "evidence", "wanted_outcome"])
    def test_every_part_of_the_form_is_needed(self, stage: Stage, part: str) -> None:
        ticket = stage.handled()
        with pytest.raises(InvalidInput) as refused:
            request_escalation(
                actor=stage.actor("dimas"), ticket_id=ticket.pk, form=form("fraud", **{part: " "})
            )
        assert list(refused.value.fields) == [part]
        assert not ticket.escalations.exists()

    def test_a_target_behind_us_and_ones_own_team_are_refused(self, stage: Stage) -> None:
        ticket = stage.handled()
        for bad, field in (
            (form("fraud", target_at=clock.now()), "target_at"),
            (form("cs_account"), "to_team"),
        ):
            with pytest.raises(InvalidInput) as refused:
                request_escalation(actor=stage.actor("dimas"), ticket_id=ticket.pk, form=bad)
            assert field in refused.value.fields

    def test_one_request_at_a_time(self, stage: Stage, asked: Escalation) -> None:
        with pytest.raises(WrongState):
            request_escalation(
                actor=stage.actor("dimas"),
                ticket_id=asked.ticket_id,
                form=form("legal"),
                reason="Ada gugatan.",
            )

    def test_the_version_is_looked_at(self, stage: Stage) -> None:
        ticket = stage.handled()
        with pytest.raises(Conflict):
            request_escalation(
                actor=stage.actor("dimas"),
                ticket_id=ticket.pk,
                form=form("fraud"),
                expected_version=ticket.version - 1,
            )

    def test_secrets_in_the_form_are_masked(self, stage: Stage) -> None:
        made = request_escalation(
            actor=stage.actor("dimas"),
            ticket_id=stage.handled().pk,
            form=form("fraud", evidence="OTP: 482913"),
        )
        assert "482913" not in made.evidence


class TestVerifying:
    def test_it_sends_the_ticket(self, stage: Stage, asked: Escalation) -> None:
        verify_escalation(actor=stage.actor("sari"), escalation_id=asked.pk)
        ticket = ticket_of(asked)
        assert (ticket.state, ticket.team.code, ticket.assignee) == ("escalated", "fraud", None)
        asked.refresh_from_db()
        assert (asked.state, asked.decided_by) == ("sent", stage.actor("sari").user)
        event = ticket.events.get(kind="escalated")
        assert asked.event == event
        assert (event.from_state, event.to_state) == ("handled", "escalated")
        assert ticket.outgoing_mails.filter(template="escalation", event=event).count() == 1
        assert Notice.objects.filter(event=event).get().recipient == stage.actor("farah").user
        answer = ticket.clocks.get(metric="fraud_response")
        assert answer.due_at == event.at + timedelta(hours=6)

    def test_a_skipped_level_needs_the_reason_of_the_request_alone(self, stage: Stage) -> None:
        asked = request_escalation(
            actor=stage.actor("dimas"),
            ticket_id=stage.handled().pk,
            form=form("legal"),
            reason="Ada gugatan.",
        )
        made = verify_escalation(actor=stage.actor("sari"), escalation_id=asked.pk)
        assert ticket_of(asked).team.code == "legal"
        assert (made.decision_reason, made.reason) == ("", "Ada gugatan.")

    def test_one_that_was_asked_for_before_without_a_reason_needs_the_supervisors(
        self, stage: Stage
    ) -> None:
        asked = request_escalation(
            actor=stage.actor("dimas"),
            ticket_id=stage.handled().pk,
            form=form("legal"),
            reason="Ada gugatan.",
        )
        Escalation.objects.filter(pk=asked.pk).update(request_reason="")
        with pytest.raises(InvalidInput) as refused:
            verify_escalation(actor=stage.actor("sari"), escalation_id=asked.pk)
        assert refused.value.code == "level_skipped"
        assert ticket_of(asked).state == "handled"
        verify_escalation(actor=stage.actor("sari"), escalation_id=asked.pk, reason="Ada gugatan.")
        assert ticket_of(asked).team.code == "legal"

    def test_a_reason_to_skip_is_none_to_redirect(self, stage: Stage) -> None:
        asked = request_escalation(
            actor=stage.actor("dimas"),
            ticket_id=stage.handled().pk,
            form=form("legal"),
            reason="Ada gugatan.",
        )
        top = Team.objects.get(code="operations")
        with pytest.raises(InvalidInput) as refused:
            verify_escalation(actor=stage.actor("sari"), escalation_id=asked.pk, to_team=top)
        assert refused.value.code == "redirect_reason"

    def test_a_supervisors_own_request_is_verified_by_that(self, stage: Stage) -> None:
        made = request_escalation(
            actor=stage.actor("sari"), ticket_id=stage.handled().pk, form=form("fraud")
        )
        assert (made.state, ticket_of(made).state) == ("sent", "escalated")

    def test_twice_is_the_wrong_state(self, stage: Stage, asked: Escalation) -> None:
        verify_escalation(actor=stage.actor("sari"), escalation_id=asked.pk)
        for again in (verify_escalation, decline_escalation):
            with pytest.raises(WrongState):
                again(actor=stage.actor("hendra"), escalation_id=asked.pk, reason="Lagi.")

    def test_a_request_of_a_ticket_closed_meanwhile_is_over(
        self, stage: Stage, asked: Escalation
    ) -> None:
        stage.close(asked.ticket)
        with pytest.raises(WrongState):
            verify_escalation(actor=stage.actor("sari"), escalation_id=asked.pk)

    @pytest.mark.parametrize("name", ["dimas", "farah", "ratna", "admin", "sistem"])
    def test_only_leads_verify(self, stage: Stage, asked: Escalation, name: str) -> None:
        for decide in (verify_escalation, decline_escalation):
            with pytest.raises(NotAllowed):
                decide(actor=stage.actor(name), escalation_id=asked.pk, reason="Coba.")

    def test_what_does_not_exist_is_not_allowed(self, stage: Stage) -> None:
        with pytest.raises(NotAllowed):
            verify_escalation(actor=stage.actor("sari"), escalation_id=0)

    def test_the_version_is_looked_at(self, stage: Stage, asked: Escalation) -> None:
        version = ticket_of(asked).version
        with pytest.raises(Conflict):
            verify_escalation(
                actor=stage.actor("sari"), escalation_id=asked.pk, expected_version=version - 1
            )


class TestDeclining:
    def test_the_officer_hears_why_and_may_ask_again(self, stage: Stage, asked: Escalation) -> None:
        decline_escalation(actor=stage.actor("sari"), escalation_id=asked.pk, reason="Cek dulu.")
        asked.refresh_from_db()
        assert (asked.state, asked.decision_reason) == ("declined", "Cek dulu.")
        event = ticket_of(asked).events.last()
        assert (event.kind, event.note.text) == ("escalation_declined", "Cek dulu.")
        assert Notice.objects.get(event=event).recipient == stage.actor("dimas").user
        assert request_escalation(
            actor=stage.actor("dimas"), ticket_id=asked.ticket_id, form=form("fraud")
        )

    def test_a_reason_is_needed(self, stage: Stage, asked: Escalation) -> None:
        with pytest.raises(InvalidInput):
            decline_escalation(actor=stage.actor("sari"), escalation_id=asked.pk, reason=" ")


def test_a_squad_is_no_place_to_escalate_to(stage: Stage) -> None:
    ticket = stage.handled()
    with pytest.raises(InvalidInput) as refusal:
        request_escalation(actor=stage.actor("dimas"), ticket_id=ticket.pk, form=form("cs_order"))
    assert "to_team" in refusal.value.fields
    assert not ticket.escalations.exists()


class TestDecidingTooLate:
    """A policy may send what a supervisor left waiting to the operations manager."""

    @pytest.fixture
    def asked(self, stage: Stage) -> Escalation:
        body = SlaPolicy.in_force().body
        breach = body["breach"] | {"verification": "operations"}
        SlaPolicy.publish(body | {"breach": breach})
        ticket = stage.handled()
        return request_escalation(
            actor=stage.actor("dimas"), ticket_id=ticket.pk, form=form("fraud")
        )

    @pytest.mark.parametrize("sweeps", [True, False], ids=["sweep first", "supervisor first"])
    def test_the_decision_stands_whoever_comes_first(
        self, stage: Stage, asked: Escalation, *, sweeps: bool
    ) -> None:
        owed = asked.ticket.clocks.get(metric="verification")
        with clock.at(owed.due_at + timedelta(seconds=1)):
            if sweeps:
                sweep()
                assert ticket_of(asked).team.code == "operations"
            verify_escalation(
                actor=stage.actor("sari"), escalation_id=asked.pk, reason="Harus ke sana."
            )
        assert ticket_of(asked).team.code == "fraud"
        owed.refresh_from_db()
        assert (owed.state, owed.met_at is not None) == ("breached", True)

    def test_what_was_sent_back_stays_with_the_officer(
        self, stage: Stage, asked: Escalation
    ) -> None:
        owed = asked.ticket.clocks.get(metric="verification")
        with clock.at(owed.due_at + timedelta(seconds=1)):
            decline_escalation(actor=stage.actor("sari"), escalation_id=asked.pk, reason="Tanya.")
        assert ticket_of(asked).team.code == "cs_account"


@pytest.mark.parametrize(
    ("team", "metric"),
    [("fraud", "fraud_response"), ("mediation", "mediator_assigned"), ("legal", "acceptance")],
)
def test_the_target_on_the_form_is_the_clock_that_runs(
    stage: Stage, team: str, metric: str
) -> None:
    """One figure, one source: also after the policy gives the team another time."""
    body = deepcopy(SlaPolicy.in_force().body)
    for row in body["targets"]:
        if row["metric"] == metric:
            row["within"] = {"hours": 5}
    SlaPolicy.publish(body)
    forget_cached_rules()
    ticket = stage.escalated(team)
    sent = ticket.escalations.get()
    assert sent.target_at == ticket.clocks.get(metric=metric).due_at
    assert sent.target_at == sent.decided_at + timedelta(hours=5)
