"""SIGKILL while a sweep finds a promised date missed: missed once and gone up once, or not yet."""

from __future__ import annotations

import signal

import pytest

from people.models import User
from sla.services import sweep
from tests.faults.backlog import drain, set_aside
from tests.faults.programs import Programs
from tests.support.promised import armed, date_passed, missed
from tests.support.receiving import Receiving
from tests.support.stages import Stage, fresh

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
SWEEP = "tests.faults.deaths:sweep_until_step"
FAILPOINTS = {
    "timer made terminal": "UPDATE sla_timer SET state = 'fired'",
    "missed": 'UPDATE "escalation_escalation"',
    "escalation": 'INSERT INTO "escalation_escalation"',
    "event": 'INSERT INTO "tickets_ticketevent"',
    "notice": 'INSERT INTO "tickets_notice"',
    "commit": "COMMIT",
    "after the last commit": "END",
}


def test_b3_whichever_step_is_a_sweeps_last_a_date_is_missed_once(
    stage: Stage, people: dict[str, User], programs: Programs
) -> None:
    def one_date_and_a_sweep(fatal: int) -> tuple[Receiving, list[str], int]:
        case = Receiving(stage.handled(), people)
        date_passed(case)
        program = programs.fork(f"target-{fatal}", SWEEP, fatal)
        code = programs.launcher.wait(program.pid)
        return case, program.log.read_text().splitlines(), code

    sweep()  # the very first one makes the row of its pulse
    undisturbed, steps, code = one_date_and_a_sweep(0)
    assert (code, missed(undisturbed)) == (0, (1, 1))
    fatal: set[int] = set()
    for name, statement in FAILPOINTS.items():
        found = [number for number, step in enumerate(steps, start=1) if statement in step]
        assert found, f"no failpoint at: {name}"
        fatal |= {found[0], found[-1]}
    struck = []
    for number in sorted(fatal):
        case, made, code = one_date_and_a_sweep(number)
        assert code == -signal.SIGKILL, made[-3:]
        assert missed(case) in ((0, 0), (1, 1))
        struck.append(case)
        set_aside()
    drain(sweep)
    for case in [undisturbed, *struck]:
        assert missed(case) == (1, 1)
        assert (fresh(case.ticket).team.code, armed(case)) == ("operations", 0)
