from __future__ import annotations

from celery import shared_task

from tickets.services import compact_open_tally, deliver_owed_mail


@shared_task(name="tickets.tasks.deliver_mail", ignore_result=True)
def deliver_mail() -> int:
    return deliver_owed_mail()


@shared_task(name="tickets.tasks.compact_counters", ignore_result=True)
def compact_counters() -> int:
    return compact_open_tally()
