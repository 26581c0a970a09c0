"""Bulk jobs that meet: at the same tickets, in several workers, with one key."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from tests.support.stages import Stage, fresh
from tickets.models import BulkJob, Message, TicketEvent
from tickets.services import (
    Order,
    confirm_bulk_job,
    lock_ticket,
    start_bulk_job,
    stop_bulk_job,
    work_on_bulk_jobs,
    work_on_job,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
AtOnce = Callable[..., list[Any]]
CLOSING = {"root_cause": "r", "solution": "s", "confirmation": "no_answer"}


def job_of(stage: Stage, order: Order, numbers: list[str], **options: Any) -> BulkJob:
    return start_bulk_job(
        actor=stage.actor("sari"), order=order, numbers=numbers, confirmed=True, **options
    )


def test_several_workers_at_one_job_do_each_ticket_once(stage: Stage, at_once: AtOnce) -> None:
    numbers = [stage.handled().number for _n in range(8)]
    job = job_of(stage, Order("reply", parts={"body": "Halo"}), numbers)
    turns = at_once([partial(work_on_job, job, within=60)] * 4)
    assert sum(turns) == 8
    assert Message.objects.filter(kind="reply").count() == 8
    job.refresh_from_db()
    assert job.state == "done"


def test_two_jobs_on_the_same_tickets_in_opposite_order(stage: Stage, at_once: AtOnce) -> None:
    numbers = [stage.handled().number for _n in range(6)]
    order = Order("close", parts=CLOSING)
    jobs = [job_of(stage, order, numbers), job_of(stage, order, numbers[::-1])]
    at_once([partial(work_on_job, job, within=60) for job in jobs])
    assert TicketEvent.objects.filter(kind="closed").count() == 6
    outcomes = [job.items.filter(state="done").count() for job in jobs]
    assert sum(outcomes) == 6
    assert all(BulkJob.objects.get(pk=job.pk).state == "done" for job in jobs)


def test_one_worker_alone_takes_the_wake_ups(stage: Stage, at_once: AtOnce) -> None:
    numbers = [stage.handled().number for _n in range(4)]
    job_of(stage, Order("close", parts=CLOSING), numbers)
    assert sum(at_once([work_on_bulk_jobs] * 3)) == 4


def test_the_same_key_at_once_makes_one_job(stage: Stage, at_once: AtOnce) -> None:
    numbers = [stage.handled().number]
    order = Order("close", parts=CLOSING)
    jobs = at_once([partial(job_of, stage, order, numbers, submission_key="k" * 64)] * 4)
    assert len({job.pk for job in jobs}) == BulkJob.objects.count() == 1
    assert BulkJob.objects.get().items.count() == 1


def test_a_stop_in_the_middle_leaves_the_rest_untouched(stage: Stage, at_once: AtOnce) -> None:
    numbers = [stage.handled().number for _n in range(8)]
    job = job_of(stage, Order("close", parts=CLOSING), numbers)
    at_once(
        [
            partial(work_on_job, job, within=60),
            partial(stop_bulk_job, actor=stage.actor("sari"), job_id=job.pk),
        ]
    )
    job.refresh_from_db()
    done = job.items.filter(state="done").count()
    assert TicketEvent.objects.filter(kind="closed").count() == done
    assert job.state in ("stopped", "done")
    assert job.items.exclude(state__in=["done", "waiting"]).count() == 0


def test_confirming_twice_at_once_runs_once(stage: Stage, at_once: AtOnce) -> None:
    sari = stage.actor("sari")
    order = Order("reply", parts={"body": "Halo"})
    job = start_bulk_job(actor=sari, order=order, numbers=[stage.handled().number])
    work_on_bulk_jobs()
    at_once([partial(confirm_bulk_job, actor=sari, job_id=job.pk)] * 3)
    at_once([work_on_bulk_jobs] * 2)
    assert Message.objects.filter(kind="reply").count() == 1


def test_a_locked_ticket_comes_last_and_is_told(stage: Stage, at_once: AtOnce) -> None:
    locked, free = stage.handled(), stage.handled()
    job = job_of(stage, Order("close", parts=CLOSING), [locked.number, free.number])

    def work() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        return work_on_job(job, within=60)

    def hold() -> int:
        with transaction.atomic():
            lock_ticket(locked.pk)
            return int(at_once([work])[0])

    assert hold() == 4
    assert fresh(free).state == "closed"
    assert fresh(locked).state == "handled"
    assert list(job.items.order_by("place").values_list("state", "code")) == [
        ("refused", "busy"),
        ("done", ""),
    ]
