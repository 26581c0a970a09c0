"""A published matrix holds for running tickets: the moments of its triggers of time move."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from escalation.matrix import matrix
from escalation.models import CarryingOver, EscalationMatrix, TriggerFiring
from escalation.preview import preview
from escalation.services import carrying
from escalation.services.carrying import SETTLED, carry_over
from escalation.services.firing import AGE
from helpdesk.common import clock
from helpdesk.common.alone import alone
from sla.models import Timer
from sla.services import sweep
from tests.support.stages import Stage, fresh
from tickets.models import Ticket
from tickets.services import reclassify_ticket

pytestmark = pytest.mark.django_db
Dispute = Callable[[float], Ticket]


@pytest.fixture
def dispute(stage: Stage) -> Dispute:
    """A running dispute of so many days, whose other deadlines are out of the way."""

    def make(days: float) -> Ticket:
        ticket = stage.classified(days_open=days)
        reclassify_ticket(
            actor=stage.actor("sari"), ticket_id=ticket.pk, category="dispute",
            priority="MEDIUM", queue="general", reason="Sengketa.",
        )  # fmt: skip
        Timer.objects.filter(subject_id=ticket.pk).exclude(kind=AGE).update(state="cancelled")
        return fresh(ticket)

    return make


def body_with(days: int | None) -> dict[str, Any]:
    """The matrix with disputes going to mediation after so many days; None: never by themselves."""
    rows = [
        {**row, "when": {**row["when"], "age_more_than_days": days}}
        if row["code"] == "dispute_age"
        else row
        for row in matrix()["triggers"]
        if days or row["code"] != "dispute_age"
    ]
    return {**matrix(), "triggers": rows}


def carried() -> CarryingOver:
    # The clock of a test stands still at its beginning, the moment of publishing does not.
    with clock.shifted(SETTLED + timedelta(minutes=5)):
        carry_over()
    return CarryingOver.objects.latest("matrix__version")


def armed(ticket: Ticket) -> Any:
    rows = Timer.objects.filter(subject_id=ticket.pk, kind=AGE, state="armed")
    return rows.values_list("due_at", flat=True).first()


@pytest.mark.parametrize("days", [4, 10])
def test_a_moment_that_is_still_to_come_moves(dispute: Dispute, days: int) -> None:
    ticket = dispute(2)
    EscalationMatrix.publish(body_with(days))
    row = carried()
    assert armed(ticket) == ticket.problem_since + timedelta(days=days, seconds=1)
    assert (row.done, row.moved, row.skipped, row.ended_at is not None) == (1, 1, 0, True)


def test_a_moment_that_is_past_by_then_acts_at_once_and_once(dispute: Dispute) -> None:
    ticket = dispute(5)
    EscalationMatrix.publish(body_with(4))
    carried()
    with clock.shifted(timedelta(minutes=10)):
        sweep()
        carry_over()
        sweep()
    assert fresh(ticket).team.code == "mediation"
    firing = TriggerFiring.objects.get(ticket=ticket, trigger="dispute_age")
    assert firing.matrix_version == 2
    assert ticket.escalations.filter(to_team__code="mediation").count() == 1


def test_a_trigger_that_is_gone_leaves_no_timer_and_one_that_comes_arms(dispute: Dispute) -> None:
    ticket = dispute(2)
    with_it = matrix()
    EscalationMatrix.publish(body_with(None))
    carried()
    assert armed(ticket) is None
    EscalationMatrix.publish(with_it)
    carried()
    assert armed(ticket) == ticket.problem_since + timedelta(days=7, seconds=1)


def test_what_has_acted_does_not_act_again(dispute: Dispute) -> None:
    ticket = dispute(9)
    sweep()
    assert fresh(ticket).team.code == "mediation"
    EscalationMatrix.publish(body_with(4))
    assert (carried().moved, armed(ticket)) == (0, None)


def test_it_waits_until_no_process_remembers_the_version_before(dispute: Dispute) -> None:
    dispute(2)
    EscalationMatrix.publish(body_with(4))
    assert carry_over() == 0
    assert not CarryingOver.objects.exists()


def test_it_goes_on_where_it_was_killed(dispute: Dispute, monkeypatch: pytest.MonkeyPatch) -> None:
    tickets = [dispute(2) for _each in range(3)]
    EscalationMatrix.publish(body_with(4))
    monkeypatch.setattr(carrying, "BATCH", 1)
    monkeypatch.setattr(carrying, "SLICE_SECONDS", 0.0)
    for count in (1, 2, 3):
        assert (carried().done, CarryingOver.objects.get().ended_at) == (count, None)
    assert carried().ended_at is not None
    for ticket in tickets:
        assert armed(ticket) == ticket.problem_since + timedelta(days=4, seconds=1)
    assert carry_over() == 0


def test_a_newer_version_takes_the_place_of_one_that_is_not_through(
    dispute: Dispute, monkeypatch: pytest.MonkeyPatch
) -> None:
    tickets = [dispute(2) for _each in range(2)]
    monkeypatch.setattr(carrying, "BATCH", 1)
    EscalationMatrix.publish(body_with(4))
    rearm = carrying._rearm

    def published_meanwhile(pk: int, by: EscalationMatrix) -> bool:
        EscalationMatrix.publish(body_with(6))
        return rearm(pk, by)

    monkeypatch.setattr(carrying, "_rearm", published_meanwhile)
    assert carried().ended_at is None
    with clock.shifted(timedelta(minutes=5)):
        assert carried().matrix.version == 3
    for ticket in tickets:
        assert armed(ticket) == ticket.problem_since + timedelta(days=6, seconds=1)


def test_a_ticket_that_cannot_be_changed_stops_nobody(
    dispute: Dispute, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = dispute(2), dispute(2)
    EscalationMatrix.publish(body_with(4))
    lock = carrying.lock_ticket

    def refuse_one(pk: int) -> Ticket:
        if pk == bad.pk:
            raise RuntimeError("torn")
        return lock(pk)

    monkeypatch.setattr(carrying, "lock_ticket", refuse_one)
    row = carried()
    assert (row.done, row.moved, row.skipped) == (2, 1, 1)
    assert armed(good) == good.problem_since + timedelta(days=4, seconds=1)


def test_other_tickets_are_not_looked_at(dispute: Dispute, stage: Stage) -> None:
    dispute(2)
    stage.classified()
    EscalationMatrix.publish(body_with(4))
    assert carried().done == 1


def test_long_work_is_done_by_one_connection_at_a_time() -> None:
    """The lock belongs to a connection; the same one would get it a second time."""

    def another_has_it() -> bool:
        try:
            with alone(carrying.LOCK) as nobody_else:
                return nobody_else
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with alone(carrying.LOCK):
            assert pool.submit(another_has_it).result() is False
        assert pool.submit(another_has_it).result() is True


def test_the_preview_says_what_acts_at_once(dispute: Dispute) -> None:
    dispute(2)
    dispute(5)
    been = dispute(9)
    sweep()
    assert fresh(been).team.code == "mediation"
    (effect,) = preview(matrix(), body_with(4), clock.now()).effects
    assert effect.at_once == 1
    (effect,) = preview(matrix(), body_with(10), clock.now()).effects
    assert effect.at_once == 0
