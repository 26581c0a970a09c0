"""Many hands on one case of a receiving team at the same instant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from escalation.freezes import standing
from escalation.models import Decision, FollowUp, FreezeRequest
from escalation.models.escalation import FOLLOWED
from escalation.services import (
    Ruling,
    ask_unfreeze,
    decide_freeze,
    decide_mediation,
    finish_follow_up,
)
from helpdesk.common import clock
from people.models import User
from sla.models import Timer
from sla.services import sweep
from tests.support.receiving import Receiving
from tests.support.stages import Stage
from tickets.models import TicketEvent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
AtOnce = Callable[..., list[Any]]


@pytest.fixture
def case(stage: Stage, people: dict[str, User]) -> Receiving:
    return Receiving(stage.handled(), people)


def test_a_mediation_is_decided_once(case: Receiving, at_once: AtOnce) -> None:
    case.accept("mediation", "maya")
    case.hear("buyer", "seller")
    acts = [
        partial(
            decide_mediation,
            actor=case.actor("maya"),
            ticket_id=case.ticket.pk,
            ruling=Ruling(outcome, "Alasan.", "Alasan."),
        )
        for outcome in ("buyer", "seller", "dismissed", "settled")
    ]
    results = at_once(acts)
    assert sum(isinstance(result, Decision) for result in results) == 1
    assert case.ticket.events.filter(kind="decided").count() == 1
    assert case.ticket.messages.filter(kind="reply").count() == 1


def test_a_freeze_is_decided_once(case: Receiving, at_once: AtOnce) -> None:
    asked = case.ask_freeze()
    words = {"ticket_id": case.ticket.pk, "freeze_id": asked.pk, "reason": "Begitu."}
    results = at_once(
        partial(decide_freeze, actor=case.actor(name), approved=approved, **words)
        for name, approved in (("sari", True), ("hendra", False), ("farah", True), ("teguh", False))
    )
    assert sum(isinstance(result, FreezeRequest) for result in results) == 1
    assert case.ticket.events.filter(kind="freeze_decided").count() == 1


def test_a_freeze_is_lifted_once_and_another_tickets_holds(
    case: Receiving, stage: Stage, people: dict[str, User], at_once: AtOnce
) -> None:
    frozen, other = case.freeze(), Receiving(stage.handled(), people)
    wanted = other.ask_freeze()
    words = {"ticket_id": case.ticket.pk, "freeze_id": frozen.pk, "reason": "Beres."}
    results = at_once(
        partial(ask_unfreeze, actor=case.actor(name), **words)
        for name in ("dimas", "farah", "teguh", "dimas")
    )
    (asked,) = [result for result in results if isinstance(result, FreezeRequest)]
    at_once(
        [
            partial(decide_freeze, actor=case.actor("sari"), ticket_id=case.ticket.pk,
                    freeze_id=asked.pk, approved=True),
            partial(decide_freeze, actor=case.actor("hendra"), ticket_id=case.ticket.pk,
                    freeze_id=asked.pk, approved=True),
            partial(decide_freeze, actor=case.actor("teguh"), ticket_id=other.ticket.pk,
                    freeze_id=wanted.pk, approved=True),
        ]
    )  # fmt: skip
    assert [row.pk for row in standing()] == [wanted.pk]
    # Decided one after the other: the last decision on record says what holds.
    last = FreezeRequest.objects.filter(approved=True).order_by("-decided_at").first()
    said = TicketEvent.objects.get(kind="freeze_decided", data__freeze=last.pk)
    assert said.data["frozen"] is True


def test_a_follow_up_is_either_done_or_overdue_and_goes_up_once(
    stage: Stage, people: dict[str, User], at_once: AtOnce
) -> None:
    for _round in range(3):
        case = Receiving(stage.handled(), people)
        case.accept("supervisors", "sari")
        step = case.plan("sari")
        Timer.objects.exclude(subject_type="follow_up", subject_id=step.pk).delete()
        with clock.shifted(timedelta(hours=6)):
            sweep()
        with clock.shifted(timedelta(hours=30)):
            done = partial(
                finish_follow_up,
                actor=case.actor("sari"),
                ticket_id=case.ticket.pk,
                follow_up_id=step.pk,
                result="Selesai.",
            )
            *_sweeps, finished = at_once([sweep, sweep, sweep, done])
            sweep()
        kept = FollowUp.objects.get(pk=step.pk)
        overdue = case.ticket.events.filter(kind="follow_up_overdue", data__follow_up=step.pk)
        went_up = case.ticket.escalations.filter(trigger=FOLLOWED)
        # Whoever had the ticket first decides; the other one finds the plan ended.
        won = isinstance(finished, FollowUp)
        assert (kept.done_at is not None) is won
        assert (kept.overdue_at is None and kept.ended_at is None) is won
        assert overdue.count() == went_up.count() == int(not won)
        assert not Timer.objects.filter(
            subject_type="follow_up", subject_id=step.pk, state="armed"
        ).exists()
