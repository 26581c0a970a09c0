"""The date that a team promised, when several hands and sweeps meet at its instant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from escalation.models import Escalation
from escalation.services import move_target, return_escalation
from helpdesk.common import clock
from helpdesk.common.errors import Refusal
from people.models import User
from sla.services import sweep
from tests.support.promised import armed, date_passed, missed
from tests.support.receiving import Receiving
from tests.support.stages import Stage, fresh

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
AtOnce = Callable[..., list[Any]]


@pytest.fixture
def case(stage: Stage, people: dict[str, User]) -> Receiving:
    return Receiving(stage.handled(), people)


def test_sweeps_at_once_miss_it_once(case: Receiving, at_once: AtOnce) -> None:
    date_passed(case)
    reports = at_once([sweep] * 4)
    sweep()
    assert sum(report.failed for report in reports) == 0
    assert missed(case) == (1, 1)
    assert (fresh(case.ticket).team.code, armed(case)) == ("operations", 0)


@pytest.mark.parametrize("_again", range(5))
def test_moved_at_the_instant_it_is_missed_or_moved_and_never_both(
    case: Receiving, at_once: AtOnce, _again: int
) -> None:
    made = date_passed(case)
    later = clock.now() + timedelta(days=2)
    move = partial(
        move_target, actor=case.actor("farah"), ticket_id=case.ticket.pk, target_at=later,
        reason="Bank tutup.",
    )  # fmt: skip
    (_swept, moved) = at_once([sweep, move])
    for _round in range(2):
        sweep()
    after = Escalation.objects.get(pk=made.pk)
    if isinstance(moved, Refusal):
        # The sweep was first: the case went up, there is no date to move any more.
        assert (missed(case), after.state, armed(case)) == ((1, 1), "replaced", 0)
    else:
        assert (missed(case), after.state) == ((0, 0), "accepted")
        assert (after.agreed_target_at, after.target_missed_at) == (later, None)
        assert armed(case) == 2


@pytest.mark.parametrize("way", ["closed", "returned"])
@pytest.mark.parametrize("_again", range(3))
def test_ended_at_the_instant_it_is_missed_before_or_not_at_all(
    case: Receiving, stage: Stage, at_once: AtOnce, way: str, _again: int
) -> None:
    date_passed(case)
    end = (
        partial(stage.close, case.ticket)
        if way == "closed"
        else partial(
            return_escalation,
            actor=case.actor("farah"),
            ticket_id=case.ticket.pk,
            reason="Akun aman.",
        )
    )
    (_swept, ended) = at_once([sweep, end])
    for _round in range(2):
        sweep()
    assert missed(case) in ((0, 0), (1, 1))
    assert armed(case) == 0
    if not isinstance(ended, Refusal):
        assert fresh(case.ticket).state == ("closed" if way == "closed" else "handled")
    else:
        assert (missed(case), fresh(case.ticket).team.code) == ((1, 1), "operations")
