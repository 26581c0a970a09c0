"""The receiving team accepts, reports, gives back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from escalation.models import FollowUp
from escalation.services import accept_escalation, report_progress, return_escalation
from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, WrongState
from sla.models import Timer
from sla.services import audit_deadlines, sweep
from tests.support.stages import Stage, fresh
from tickets.models import Notice, Ticket

pytestmark = pytest.mark.django_db


def follow_up(ticket: Ticket) -> Timer | None:
    rows = FollowUp.objects.filter(escalation__ticket=ticket)
    return Timer.objects.filter(
        subject_type="follow_up",
        subject_id__in=rows.values("pk"),
        kind="escalation.follow_up",
        state="armed",
    ).first()


class TestAccepting:
    def test_a_name_a_plan_and_a_follow_up(self, stage: Stage) -> None:
        ticket = stage.escalated()
        accept_escalation(
            actor=stage.actor("farah"),
            ticket_id=ticket.pk,
            plan="Blokir akun.",
            expected_version=ticket.version,
        )
        after = fresh(ticket)
        farah = stage.actor("farah").user
        assert (after.state, after.assignee) == ("monitored", farah)
        escalation = after.escalations.get()
        assert (escalation.state, escalation.accepted_by, escalation.plan) == (
            "accepted",
            farah,
            "Blokir akun.",
        )
        event = after.events.last()
        assert (event.kind, event.from_state, event.to_state) == (
            "accepted",
            "escalated",
            "monitored",
        )
        assert Notice.objects.get(event=event).recipient == stage.actor("sari").user
        timer = follow_up(ticket)
        assert timer
        assert timer.due_at == escalation.follow_up_at == event.at + timedelta(hours=24)
        assert list(audit_deadlines()) == []

    def test_a_plan_is_needed_and_the_follow_up_lies_ahead(self, stage: Stage) -> None:
        ticket = stage.escalated()
        farah = stage.actor("farah")
        with pytest.raises(InvalidInput):
            accept_escalation(actor=farah, ticket_id=ticket.pk, plan=" ")
        with pytest.raises(InvalidInput):
            accept_escalation(
                actor=farah, ticket_id=ticket.pk, plan="Ya.", follow_up_at=clock.now()
            )
        assert fresh(ticket).state == "escalated"

    def test_others_a_second_time_and_an_old_version_are_refused(self, stage: Stage) -> None:
        ticket = stage.escalated()
        for name in ("leo", "dimas", "sari"):
            with pytest.raises(NotAllowed):
                accept_escalation(actor=stage.actor(name), ticket_id=ticket.pk, plan="Ya.")
        with pytest.raises(Conflict):
            accept_escalation(
                actor=stage.actor("farah"),
                ticket_id=ticket.pk,
                plan="Ya.",
                expected_version=ticket.version - 1,
            )
        accept_escalation(actor=stage.actor("farah"), ticket_id=ticket.pk, plan="Ya.")
        with pytest.raises(WrongState):
            accept_escalation(actor=stage.actor("farah"), ticket_id=ticket.pk, plan="Ya.")

    def test_supervisors_accept_what_came_to_them(self, stage: Stage) -> None:
        ticket = stage.handled()
        stage.send(ticket, "supervisors")
        accept_escalation(actor=stage.actor("sari"), ticket_id=ticket.pk, plan="Saya tangani.")
        assert fresh(ticket).state == "monitored"


class TestReporting:
    def test_it_is_an_internal_note_and_moves_the_follow_up(self, stage: Stage) -> None:
        ticket = stage.monitored()
        at = clock.now() + timedelta(hours=3)
        report_progress(
            actor=stage.actor("farah"),
            ticket_id=ticket.pk,
            report="Akun terkunci.",
            follow_up_at=at,
        )
        note = ticket.messages.get(kind="note")
        assert note.body == "Akun terkunci."
        timer = follow_up(ticket)
        assert timer
        assert timer.due_at == at
        event = fresh(ticket).events.last()
        assert (event.kind, event.data["message"]) == ("progress", note.pk)
        assert Notice.objects.filter(event=event, recipient=stage.actor("sari").user).exists()

    def test_before_accepting_it_is_the_wrong_state(self, stage: Stage) -> None:
        with pytest.raises(WrongState):
            report_progress(
                actor=stage.actor("farah"), ticket_id=stage.escalated().pk, report="Sudah."
            )

    def test_words_are_needed_and_the_follow_up_lies_ahead(self, stage: Stage) -> None:
        ticket = stage.monitored()
        farah = stage.actor("farah")
        with pytest.raises(InvalidInput):
            report_progress(actor=farah, ticket_id=ticket.pk, report="")
        with pytest.raises(InvalidInput):
            report_progress(
                actor=farah, ticket_id=ticket.pk, report="Sudah.", follow_up_at=clock.now()
            )

    def test_the_follow_up_comes_due_once_and_reminds(self, stage: Stage) -> None:
        ticket = stage.monitored()
        at = clock.now() + timedelta(minutes=30)
        farah = stage.actor("farah")
        report_progress(actor=farah, ticket_id=ticket.pk, report="Dikunci.", follow_up_at=at)
        before = ticket.events.count()
        with clock.at(at):
            sweep()
            sweep()
        fired = ticket.events.get(kind="timer_fired")
        news = FollowUp.objects.get(escalation__ticket=ticket, done_at__isnull=True)
        assert fired.data["kind"] == "escalation.follow_up"
        assert fired.data["follow_up"] == news.pk
        assert Notice.objects.get(event=fired).recipient == stage.actor("farah").user
        assert ticket.events.count() > before
        assert follow_up(ticket) is None


class TestReturning:
    @pytest.mark.parametrize("state", ["escalated", "monitored"])
    def test_it_goes_back_to_whoever_had_it(self, stage: Stage, state: str) -> None:
        ticket = stage.at(state)
        return_escalation(actor=stage.actor("farah"), ticket_id=ticket.pk, reason="Bukan penipuan.")
        after = fresh(ticket)
        dimas = stage.actor("dimas").user
        assert (after.state, after.team.code, after.assignee) == ("handled", "cs_account", dimas)
        assert after.escalations.get().state == "returned"
        event = after.events.last()
        assert (event.kind, event.from_state, event.note.text) == (
            "returned",
            state,
            "Bukan penipuan.",
        )
        assert Notice.objects.get(event=event).recipient == dimas
        assert follow_up(ticket) is None
        assert not after.clocks.filter(metric="fraud_response", state="running").exists()
        assert list(audit_deadlines()) == []

    def test_nobody_had_it_so_the_officer_with_the_fewest_gets_it(self, stage: Stage) -> None:
        ticket = stage.classified()
        stage.send(ticket)
        return_escalation(actor=stage.actor("farah"), ticket_id=ticket.pk, reason="Bukan kami.")
        # Of Dimas and Sari, who leads, the officer.
        assert fresh(ticket).assignee == stage.actor("dimas").user

    def test_whoever_left_gets_nothing(self, stage: Stage) -> None:
        ticket = stage.escalated()
        dimas = stage.actor("dimas").user
        assert dimas
        dimas.is_active = False
        dimas.save()
        return_escalation(actor=stage.actor("farah"), ticket_id=ticket.pk, reason="Bukan kami.")
        assert fresh(ticket).assignee == stage.actor("sari").user

    def test_a_reason_the_team_and_the_version_are_looked_at(self, stage: Stage) -> None:
        ticket = stage.escalated()
        with pytest.raises(InvalidInput):
            return_escalation(actor=stage.actor("farah"), ticket_id=ticket.pk, reason="")
        with pytest.raises(NotAllowed):
            return_escalation(actor=stage.actor("leo"), ticket_id=ticket.pk, reason="Coba.")
        with pytest.raises(Conflict):
            return_escalation(
                actor=stage.actor("farah"),
                ticket_id=ticket.pk,
                reason="Ya.",
                expected_version=ticket.version - 1,
            )
