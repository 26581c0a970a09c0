"""SIGKILL at every step of a sweep: the end is the one that would have been without it."""

from __future__ import annotations

import signal
from datetime import timedelta

import pytest

from people.models import User
from sla.services import sweep
from tests.faults.backlog import drain, file_one, overdue, set_aside
from tests.faults.checker import check, check_all_alike
from tests.faults.programs import Programs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
SWEEP = "tests.faults.deaths:sweep_until_step"
# Where the row of the plan wants deaths; the steps between them are all tried as well.
FAILPOINTS = {
    "claim": "WITH due AS MATERIALIZED",
    "lock": "FOR UPDATE SKIP LOCKED",
    "timer made terminal": "UPDATE sla_timer SET state = 'fired'",
    "clock": 'UPDATE "sla_clock"',
    "log": 'INSERT INTO "sla_clockevent"',
    "escalation": 'INSERT INTO "escalation_escalation"',
    "notice": 'INSERT INTO "tickets_notice"',
    "mail": 'INSERT INTO "tickets_outgoingmail"',
    "event": 'INSERT INTO "tickets_ticketevent"',
    "commit": "COMMIT",
    "after the last commit": "END",
}


def test_b3_whichever_step_is_a_sweeps_last_the_next_sweep_ends_its_work(
    people: dict[str, User], programs: Programs
) -> None:
    def two_tickets_and_a_sweep(fatal: int) -> tuple[list[int], list[str], int]:
        tickets = [file_one(ago=timedelta(hours=3)).pk for _number in range(2)]
        program = programs.fork(f"sweep-{fatal}", SWEEP, fatal)
        code = programs.launcher.wait(program.pid)
        return tickets, program.log.read_text().splitlines(), code

    sweep()  # the very first one makes the row of its pulse
    undisturbed, steps, code = two_tickets_and_a_sweep(0)
    assert (code, overdue()) == (0, 0)
    for name, statement in FAILPOINTS.items():
        assert any(statement in step for step in steps), f"no failpoint at: {name}"
    struck: list[int] = []
    for fatal in range(1, len(steps) + 1):
        tickets, made, code = two_tickets_and_a_sweep(fatal)
        assert code == -signal.SIGKILL, made[-3:]
        assert made == steps[:fatal]
        struck += tickets
        set_aside()
    drain(sweep)
    check()
    check_all_alike([*undisturbed, *struck])
