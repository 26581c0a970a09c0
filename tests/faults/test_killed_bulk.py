"""SIGKILL in the middle of a bulk job: whoever comes next goes on, and no ticket is done twice."""

from __future__ import annotations

import signal

import pytest

from people.actors import of_user
from people.models import User
from tests.faults.programs import Programs
from tests.support.stages import Stage, stage
from tickets.models import BulkJob, Message, OutgoingMail
from tickets.services import Order, start_bulk_job, work_on_bulk_jobs

__all__ = ["stage"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
WORK = "tests.faults.deaths:bulk_until_step"
TICKETS = 3
# Every so many steps one death: within a deed, before its commit, after it.
STRIDE = 9


def test_a_killed_worker_leaves_each_ticket_whole(
    stage: Stage, people: dict[str, User], programs: Programs
) -> None:
    numbers = [stage.handled().number for _n in range(TICKETS)]
    actor = of_user(User.objects.get(pk=people["dimas"].pk))

    def job_and_worker(fatal: int) -> tuple[BulkJob, int, list[str]]:
        order = Order("reply", parts={"body": f"Halo {fatal}"})
        job = start_bulk_job(actor=actor, order=order, numbers=numbers, confirmed=True)
        program = programs.fork(f"bulk-{fatal}", WORK, fatal)
        code = programs.launcher.wait(program.pid)
        return job, code, program.log.read_text().splitlines()

    _job, code, steps = job_and_worker(0)
    assert code == 0
    for fatal in range(2, len(steps), STRIDE):
        job, code, _made = job_and_worker(fatal)
        assert code == -signal.SIGKILL
        # The session of who was killed may hold the lock for a moment yet.
        programs.wait_until(lambda job=job: _worked_off(job), seconds=30)
        assert set(job.items.values_list("state", flat=True)) == {"done"}
        said = Message.objects.filter(kind="reply", body=f"Halo {fatal}")
        assert said.count() == TICKETS
        mails = OutgoingMail.objects.filter(event__data__message__in=[each.pk for each in said])
        assert mails.count() == TICKETS


def _worked_off(job: BulkJob) -> bool:
    work_on_bulk_jobs()
    job.refresh_from_db()
    return job.state == "done"
