"""Handling time per step, against what the playbook allows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from agents_ops.quality.handling import Times, handling
from agents_ops.quality.scope import Scope, scope_of, scope_of_own
from agents_ops.quality.spans import span_of
from agents_ops.services import do_step, start_playbook
from helpdesk.common import clock
from people.actors import Actor, of_user
from people.models import Team, User
from tests.agents_ops.quality.conftest import Cases

pytestmark = pytest.mark.django_db
DATA = {"agent_id": "TP4410", "destination": "0812", "product": "50rb"}


def time_first_step(cases: Cases, seconds: int) -> None:
    ticket = cases.open()
    call: dict[str, Any] = {"actor": cases.officer, "ticket_id": ticket.pk}
    run = start_playbook(**call, playbook="transaction")
    with clock.at(run.started_at + timedelta(seconds=seconds)):
        values = {**DATA, "transacted_at": run.started_at.isoformat()}
        do_step(**call, step="data", values=values)


def test_median_p90_and_share_within_the_standard(cases: Cases, lead: Actor) -> None:
    for seconds in (10, 20, 30, 100):
        time_first_step(cases, seconds)
    found = handling(span_of(clock.now(), 1), scope_of(lead))
    expected = found.whole
    assert expected == Times(4, 25.0, expected.p90, judged=4, within=3, least=30)
    assert expected.p90 == pytest.approx(79.0)
    rizal, squad = cases.officer.user, Team.objects.get(code="cs_agent")
    assert rizal
    assert found.steps == {("transaction", "data"): expected}
    assert found.playbooks == {"transaction": expected}
    assert found.officers == {rizal.pk: expected}
    assert found.teams == {squad.pk: expected}
    assert list(found.weeks.values()) == [expected]
    assert expected.share == 0.75


def test_nothing_is_measured_of_others(cases: Cases, supervisor: User, officer: User) -> None:
    time_first_step(cases, 10)
    span = span_of(clock.now(), 1)
    nothing = Times(0, None, None, 0, 0, None)
    assert handling(span, scope_of(of_user(supervisor))).whole == nothing
    assert handling(span, scope_of_own(of_user(officer))).whole == nothing
    assert handling(span, scope_of_own(cases.officer)).whole.n == 1


def test_the_time_of_a_whole_case_is_that_of_ended_playbooks(cases: Cases) -> None:
    ticket = cases.open(subject="lupa id agen", description="Saya lupa ID agen saya, tolong")
    call: dict[str, Any] = {"actor": cases.officer, "ticket_id": ticket.pk}
    run = start_playbook(**call, playbook="login_id")
    step = run.script.by_code["active"]
    chosen = step.fields[0]
    with clock.at(run.started_at + timedelta(seconds=50)):
        do_step(**call, step="active", values={chosen.code: chosen.choices[0][0]})
    with clock.at(run.started_at + timedelta(seconds=90)):
        run = do_step(**call, step="menu", values={})
    assert run.state == "finished"
    found = handling(span_of(clock.now(), 1), Scope(None))
    assert (found.ended, found.case_seconds) == (1, 90.0)
    # The step has no standard: it is timed, and judged by none.
    assert found.steps["login_id", "active"].share is None
