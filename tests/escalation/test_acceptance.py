"""Acceptance by a named person with a target date."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from escalation.services import accept_escalation
from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput
from people.models import Team, TeamMembership, User
from tests.support.stages import Stage, fresh
from tickets.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(people: dict[str, User]) -> User:
    """Maya helps out in the fraud team."""
    TeamMembership.objects.create(team=Team.objects.get(code="fraud"), user=people["maya"])
    return User.objects.get(pk=people["maya"].pk)


def accept(stage: Stage, pk: int, **words: Any) -> Any:
    return accept_escalation(actor=stage.actor("farah"), ticket_id=pk, plan="Blokir.", **words)


def test_without_a_target_the_teams_time_begins_with_its_acceptance(stage: Stage) -> None:
    ticket = stage.escalated()
    made = accept(stage, ticket.pk)
    assert made.agreed_target_at == made.accepted_at + timedelta(hours=6)
    assert made.assignee == made.accepted_by == stage.actor("farah").user
    assert fresh(ticket).events.last().data["target_at"] == made.agreed_target_at.isoformat()


def test_the_team_may_agree_to_another_date_that_lies_ahead(stage: Stage) -> None:
    ticket = stage.escalated()
    at = clock.now() + timedelta(days=2)
    with pytest.raises(InvalidInput) as refused:
        accept(stage, ticket.pk, target_at=clock.now())
    assert list(refused.value.fields) == ["target_at"]
    made = accept(stage, ticket.pk, target_at=at, target_reason="Menunggu bank.")
    assert made.agreed_target_at == at


def test_mediators_promise_their_decision_not_their_acceptance(stage: Stage) -> None:
    """The date on the document is that of the clock beside it."""
    ticket = stage.escalated("mediation")
    made = accept_escalation(actor=stage.actor("maya"), ticket_id=ticket.pk, plan="Dengar.")
    decision = ticket.clocks.get(metric="mediation_decision")
    assert made.agreed_target_at == decision.due_at


def test_a_target_that_passed_before_anybody_looked_gives_the_teams_own_time(stage: Stage) -> None:
    ticket = stage.escalated()
    late = ticket.escalations.get().target_at + timedelta(hours=1)
    with clock.at(late):
        made = accept(stage, ticket.pk)
    assert made.agreed_target_at == late + timedelta(hours=6)


def test_a_colleague_may_be_named_and_is_told(stage: Stage, colleague: User) -> None:
    ticket = stage.escalated()
    made = accept(stage, ticket.pk, assignee=colleague)
    assert fresh(ticket).assignee == made.assignee == colleague
    assert made.accepted_by == stage.actor("farah").user
    assert made.follow_ups.get().owner == colleague
    event = fresh(ticket).events.get(kind="accepted")
    assert Notice.objects.filter(event=event, recipient=colleague).exists()


@pytest.mark.parametrize("name", ["leo", "dimas", "ratna"])
def test_somebody_of_another_team_cannot_be_named(stage: Stage, name: str) -> None:
    ticket = stage.escalated()
    with pytest.raises(InvalidInput) as refused:
        accept(stage, ticket.pk, assignee=stage.actor(name).user)
    assert refused.value.code == "not_a_member"
    assert fresh(ticket).state == "escalated"


def test_who_has_left_cannot_be_named(stage: Stage, colleague: User) -> None:
    ticket = stage.escalated()
    colleague.is_active = False
    colleague.save()
    with pytest.raises(InvalidInput):
        accept(stage, ticket.pk, assignee=colleague)
