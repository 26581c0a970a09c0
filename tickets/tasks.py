from __future__ import annotations

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded

from tickets.services import (
    compact_open_tally,
    deliver_owed_mail,
    forget_past_work,
    index_marked,
)
from tickets.services import work_on_bulk_jobs as work_on_jobs
from tickets.services import work_on_incidents as go_on_with_incidents
from tickets.services.trials import work_on_trials as try_rules
from tickets.services.weekly_report import report_on_triage as report
from tickets.webhooks.owing import owe_deliveries
from tickets.webhooks.sending import send_owed


@shared_task(name="tickets.tasks.deliver_mail", ignore_result=True)
def deliver_mail() -> int:
    return deliver_owed_mail()


@shared_task(name="tickets.tasks.deliver_webhooks", ignore_result=True)
def deliver_webhooks() -> int:
    """What follows from new events is owed, and what is owed is sent."""
    owe_deliveries()
    return send_owed()


@shared_task(name="tickets.tasks.compact_counters", ignore_result=True)
def compact_counters() -> int:
    return compact_open_tally()


@shared_task(name="tickets.tasks.index_for_search", ignore_result=True)
def index_for_search() -> int:
    return index_marked()


@shared_task(name="tickets.tasks.work_on_incidents", ignore_result=True)
def work_on_incidents() -> int:
    return go_on_with_incidents()


@shared_task(name="tickets.tasks.work_on_bulk_jobs", ignore_result=True)
def work_on_bulk_jobs() -> int:
    """Orders on many tickets, in turns; what is left goes on with the next wake-up."""
    return work_on_jobs(stopped_by=SoftTimeLimitExceeded)


@shared_task(name="tickets.tasks.work_on_trials", ignore_result=True)
def work_on_trials() -> int:
    """Try drafts of the triage rules on the past, a slice at a time."""
    return try_rules()


@shared_task(name="tickets.tasks.report_on_triage", ignore_result=True)
def report_on_triage() -> int:
    """On Monday morning: where people disagreed with the machine in the week before."""
    return report()


@shared_task(name="tickets.tasks.forget_the_past", ignore_result=True)
def forget_the_past() -> int:
    """Bulk jobs, settled replies and drafts left lying, of more than ninety days."""
    return forget_past_work()
