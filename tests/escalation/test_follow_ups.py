"""The team's plan: steps with a name and a moment, each reminding once and escalating when left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from escalation.models import FollowUp
from escalation.services import (
    accept_escalation,
    finish_follow_up,
    move_follow_up,
    plan_follow_up,
    report_progress,
    return_escalation,
)
from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, WrongState
from people.models import Team, TeamMembership, User
from sla.models import Timer
from sla.services import sweep
from tests.support.receiving import Receiving
from tests.support.stages import Stage, fresh
from tickets.models import Notice, Ticket
from tickets.services import assign_ticket, reply_to_customer

pytestmark = pytest.mark.django_db
Case = Callable[[], Receiving]
DAY = timedelta(hours=24)
LEFT = timedelta(hours=4)


def armed(step: FollowUp) -> list[tuple[str, object]]:
    timers = Timer.objects.filter(subject_type="follow_up", subject_id=step.pk, state="armed")
    return [(timer.kind, timer.due_at) for timer in timers]


@pytest.fixture
def planned(case: Case) -> tuple[Receiving, FollowUp]:
    mine = case()
    mine.accept("fraud", "farah")
    return mine, mine.plan()


def again(step: FollowUp) -> FollowUp:
    return FollowUp.objects.select_related("escalation").get(pk=step.pk)


class TestPlanning:
    def test_a_step_has_an_owner_a_timer_and_an_event(
        self, planned: tuple[Receiving, FollowUp]
    ) -> None:
        case, step = planned
        event = fresh(case.ticket).events.last()
        assert (event.kind, event.data["follow_up"], event.note.text) == (
            "follow_up_planned",
            step.pk,
            "Cek mutasi",
        )
        assert "Cek" not in str(event.data)
        assert step.owner == case.actor("farah").user
        assert armed(step) == [("escalation.follow_up", step.due_at)]
        # The earliest of all open ones is shown in lists.
        assert again(step).escalation.follow_up_at == step.due_at

    def test_accepting_has_planned_the_news(self, planned: tuple[Receiving, FollowUp]) -> None:
        _case, step = planned
        kinds = list(step.escalation.follow_ups.values_list("kind", flat=True))
        assert sorted(kinds) == ["news", "step"]

    def test_words_a_moment_ahead_and_a_colleague(
        self, planned: tuple[Receiving, FollowUp]
    ) -> None:
        case, _step = planned
        ahead, farah = clock.now() + DAY, case.actor("farah")
        for bad, field in (
            ({"what": " ", "due_at": ahead}, "what"),
            ({"what": "x" * 501, "due_at": ahead}, "what"),
            ({"what": "Cek", "due_at": clock.now()}, "due_at"),
            ({"what": "Cek", "due_at": ahead, "owner": case.actor("leo").user}, "owner"),
        ):
            with pytest.raises(InvalidInput) as refused:
                plan_follow_up(actor=farah, ticket_id=case.ticket.pk, **bad)
            assert list(refused.value.fields) == [field]

    @pytest.mark.parametrize("name", ["dimas", "sari", "leo", "ratna", "admin"])
    def test_only_the_team_plans(self, planned: tuple[Receiving, FollowUp], name: str) -> None:
        case, step = planned
        actor, pk, at = case.actor(name), case.ticket.pk, clock.now() + DAY
        with pytest.raises(NotAllowed):
            plan_follow_up(actor=actor, ticket_id=pk, what="Cek", due_at=at)
        with pytest.raises(NotAllowed):
            finish_follow_up(actor=actor, ticket_id=pk, follow_up_id=step.pk, result="Ya.")
        with pytest.raises(NotAllowed):
            move_follow_up(actor=actor, ticket_id=pk, follow_up_id=step.pk, due_at=at, reason="Ya.")

    def test_before_accepting_and_with_an_old_version_it_is_refused(self, case: Case) -> None:
        mine = case()
        mine.send("fraud")
        at = clock.now() + DAY
        with pytest.raises(WrongState):
            mine.plan()
        accept_escalation(actor=mine.actor("farah"), ticket_id=mine.ticket.pk, plan="Ya.")
        with pytest.raises(Conflict):
            plan_follow_up(
                actor=mine.actor("farah"),
                ticket_id=mine.ticket.pk,
                what="Cek",
                due_at=at,
                expected_version=1,
            )

    def test_a_plan_has_an_end(self, planned: tuple[Receiving, FollowUp]) -> None:
        case, _step = planned
        for _ in range(18):
            case.plan()
        with pytest.raises(WrongState):
            case.plan()

    def test_secrets_are_masked(self, planned: tuple[Receiving, FollowUp]) -> None:
        case, _step = planned
        made = plan_follow_up(
            actor=case.actor("farah"),
            ticket_id=case.ticket.pk,
            what="Coba OTP: 482913",
            due_at=clock.now() + DAY,
        )
        assert "482913" not in made.what


class TestFinishing:
    def test_done_with_a_result_once(self, planned: tuple[Receiving, FollowUp]) -> None:
        case, step = planned
        farah, pk = case.actor("farah"), case.ticket.pk
        with pytest.raises(InvalidInput):
            finish_follow_up(actor=farah, ticket_id=pk, follow_up_id=step.pk, result="")
        finish_follow_up(actor=farah, ticket_id=pk, follow_up_id=step.pk, result="Mutasi aman.")
        done = again(step)
        assert (done.state, done.result, done.done_by) == ("done", "Mutasi aman.", farah.user)
        assert armed(step) == []
        event = fresh(case.ticket).events.last()
        assert (event.kind, event.data["late"]) == ("follow_up_done", False)
        with pytest.raises(WrongState):
            finish_follow_up(actor=farah, ticket_id=pk, follow_up_id=step.pk, result="Lagi.")

    def test_the_news_is_done_by_a_report(self, planned: tuple[Receiving, FollowUp]) -> None:
        case, step = planned
        news = step.escalation.follow_ups.get(kind="news")
        farah, pk = case.actor("farah"), case.ticket.pk
        with pytest.raises(WrongState) as refused:
            finish_follow_up(actor=farah, ticket_id=pk, follow_up_id=news.pk, result="Ya.")
        assert refused.value.code == "report_progress"
        report_progress(actor=farah, ticket_id=pk, report="Aman.")
        assert again(news).state == "done"
        fresh_news = step.escalation.follow_ups.get(kind="news", done_at__isnull=True)
        assert armed(news) == []
        assert len(armed(fresh_news)) == 1

    def test_another_tickets_step_is_unknown_here(
        self, planned: tuple[Receiving, FollowUp], case: Case
    ) -> None:
        _mine, step = planned
        other = case()
        other.accept("fraud", "farah")
        with pytest.raises(InvalidInput) as refused:
            finish_follow_up(
                actor=other.actor("farah"),
                ticket_id=other.ticket.pk,
                follow_up_id=step.pk,
                result="Ya.",
            )
        assert refused.value.code == "unknown_follow_up"


class TestMoving:
    def test_it_reminds_at_the_new_moment(self, planned: tuple[Receiving, FollowUp]) -> None:
        case, step = planned
        at, farah = clock.now() + timedelta(days=2), case.actor("farah")
        with pytest.raises(InvalidInput):
            move_follow_up(
                actor=farah, ticket_id=case.ticket.pk, follow_up_id=step.pk, due_at=at, reason=" "
            )
        move_follow_up(
            actor=farah,
            ticket_id=case.ticket.pk,
            follow_up_id=step.pk,
            due_at=at,
            reason="Bank tutup.",
        )
        assert armed(step) == [("escalation.follow_up", at)]
        event = fresh(case.ticket).events.last()
        assert (event.kind, event.data["moved_from"]) == (
            "follow_up_planned",
            step.due_at.isoformat(),
        )
        assert again(step).moves == 1


class TestTime:
    def test_it_reminds_its_owner_once(self, planned: tuple[Receiving, FollowUp]) -> None:
        case, step = planned
        self._live_until(case, step.due_at)
        fired = case.ticket.events.get(kind="timer_fired", data__follow_up=step.pk)
        # She owns it, keeps the case and leads the team: one notice.
        assert Notice.objects.get(event=fired).recipient == case.actor("farah").user
        assert armed(step) == [("escalation.follow_up_overdue", step.due_at + LEFT)]

    def test_who_keeps_the_case_and_the_teams_leads_hear_that_it_is_due(
        self, planned: tuple[Receiving, FollowUp], people: dict[str, User]
    ) -> None:
        case, step = planned
        team = Team.objects.get(code="fraud")
        for name, leads in (("maya", False), ("leo", True), ("dimas", False)):
            TeamMembership.objects.create(team=team, user=people[name], leads=leads)
        maya = case.actor("maya")
        assign_ticket(actor=maya, ticket_id=case.ticket.pk, assignee=maya.user)
        self._live_until(case, step.due_at)
        fired = case.ticket.events.get(kind="timer_fired", data__follow_up=step.pk)
        told = set(Notice.objects.filter(event=fired).values_list("recipient_id", flat=True))
        assert {people[name].pk for name in ("farah", "maya", "leo")} <= told
        assert people["dimas"].pk not in told

    def test_left_for_hours_it_is_overdue_and_a_specialists_case_goes_up(
        self, planned: tuple[Receiving, FollowUp]
    ) -> None:
        case, step = planned
        self._live_until(case, step.due_at + LEFT)
        overdue = case.ticket.events.get(kind="follow_up_overdue")
        assert overdue.data["follow_up"] == step.pk
        told = set(Notice.objects.filter(event=overdue).values_list("recipient_id", flat=True))
        assert {case.actor(name).user.pk for name in ("farah", "sari", "teguh")} <= told
        after = fresh(case.ticket)
        assert (after.state, after.team.code) == ("escalated", "operations")
        latest = after.escalations.first()
        assert (latest.trigger, latest.state) == ("follow_up", "sent")
        # It happened once, and what was open ended with the team's escalation.
        assert case.ticket.events.filter(kind="follow_up_overdue").count() == 1
        ended = again(step)
        assert ended.overdue_at is not None
        assert ended.state == "ended"
        assert armed(step) == []

    def test_overdue_at_the_supervisors_it_goes_up_as_well(self, case: Case) -> None:
        mine = case()
        mine.accept("supervisors", "sari")
        step = mine.plan("sari")
        self._live_until(mine, step.due_at + LEFT)
        assert mine.ticket.events.filter(kind="follow_up_overdue").count() == 1
        after = fresh(mine.ticket)
        assert (after.state, after.team.code) == ("escalated", "operations")
        assert after.escalations.filter(trigger="follow_up").count() == 1

    def test_overdue_at_the_top_only_tells(self, case: Case) -> None:
        mine = case()
        mine.accept("operations", "hendra")
        step = mine.plan("hendra")
        self._live_until(mine, step.due_at + LEFT)
        assert mine.ticket.events.filter(kind="follow_up_overdue").count() == 1
        assert (fresh(mine.ticket).state, again(step).state) == ("monitored", "overdue")

    def test_done_in_time_nothing_comes_of_it(self, planned: tuple[Receiving, FollowUp]) -> None:
        case, step = planned
        farah, pk = case.actor("farah"), case.ticket.pk
        finish_follow_up(actor=farah, ticket_id=pk, follow_up_id=step.pk, result="Ya.")
        with clock.at(step.due_at + DAY * 3):
            sweep()
        assert not case.ticket.events.filter(data__follow_up=step.pk, kind="timer_fired").exists()

    @staticmethod
    def _live_until(case: Receiving, moment: object) -> None:
        """The other promises are kept, so that this one alone moves the case."""
        Timer.objects.filter(subject_type="ticket", state="armed").update(state="cancelled")
        news = FollowUp.objects.get(escalation__ticket=case.ticket, kind="news", ended_at=None)
        Timer.objects.filter(subject_type="follow_up", subject_id=news.pk).delete()
        with clock.at(moment):  # type: ignore[arg-type]
            for _ in range(3):
                sweep()


class TestKeeper:
    def test_a_colleague_who_takes_it_keeps_the_escalation_and_owes_the_news(
        self, planned: tuple[Receiving, FollowUp], people: dict[str, User]
    ) -> None:
        case, step = planned
        TeamMembership.objects.create(team=Team.objects.get(code="fraud"), user=people["maya"])
        maya = case.actor("maya")
        assign_ticket(actor=maya, ticket_id=case.ticket.pk, assignee=maya.user)
        escalation = again(step).escalation
        assert escalation.assignee == maya.user
        assert escalation.accepted_by == case.actor("farah").user  # what was, stays
        assert escalation.follow_ups.get(kind="news").owner == maya.user
        assert again(step).owner == case.actor("farah").user  # a step has the name it was given

    def test_in_the_squad_nobodys_escalation_changes(self, case: Case) -> None:
        mine = case()
        mine.accept("fraud", "farah")
        return_escalation(actor=mine.actor("farah"), ticket_id=mine.ticket.pk, reason="Aman.")
        sari = mine.actor("sari")
        assign_ticket(actor=sari, ticket_id=mine.ticket.pk, assignee=sari.user)
        assert mine.ticket.escalations.get().assignee == mine.actor("farah").user


class TestEnding:
    @pytest.mark.parametrize("way", ["return", "close", "pass_on"])
    def test_the_plan_ends_with_the_escalation(
        self, planned: tuple[Receiving, FollowUp], stage: Stage, way: str
    ) -> None:
        case, step = planned
        if way == "return":
            return_escalation(actor=case.actor("farah"), ticket_id=case.ticket.pk, reason="Aman.")
        elif way == "close":
            stage.close(case.ticket)
        else:
            case.send("operations")
        assert again(step).state == "ended"
        assert again(step).escalation.follow_up_at is None
        assert not Timer.objects.filter(subject_type="follow_up", state="armed").exists()
        assert not FollowUp.objects.filter(done_at=None, ended_at=None).exists()

    def test_the_customers_next_update_goes_on_while_a_team_has_it(
        self, case: Case, stage: Stage
    ) -> None:
        mine = case()
        reply_to_customer(actor=mine.actor("dimas"), ticket_id=mine.ticket.pk, body="Kami cek.")
        mine.accept("fraud", "farah")
        report_progress(actor=mine.actor("farah"), ticket_id=mine.ticket.pk, report="Berjalan.")
        running = Ticket.objects.get(pk=mine.ticket.pk).clocks.get(metric="next_update")
        assert running.state == "running"  # a report among ourselves is no news to the customer
