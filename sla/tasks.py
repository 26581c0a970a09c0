from __future__ import annotations

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded

from sla.canary import arm_canary
from sla.services import sweep
from sla.services.assignment_rounds import look_again
from sla.services.audit_rounds import audit_slice
from sla.services.policy_work import work_on_policies as run_policy_jobs
from sla.services.tallies import compact_tallies, rebuild_risk_tally
from tickets.services import rebuild_open_tally


@shared_task(name="sla.tasks.sweep_deadlines", ignore_result=True)
def sweep_deadlines() -> int:
    return sweep(stopped_by=SoftTimeLimitExceeded).fired


@shared_task(name="sla.tasks.check_deadlines", ignore_result=True)
def check_deadlines() -> None:
    """A slice of the nightly round; `manage.py check_deadlines` does a whole one at once."""
    audit_slice()


@shared_task(
    name="sla.tasks.work_on_policies", ignore_result=True, soft_time_limit=900, time_limit=960
)
def work_on_policies() -> int:
    """Try drafts on the past, move deadlines to a new version; one job at a time."""
    return run_policy_jobs()


@shared_task(name="sla.tasks.compact_counters", ignore_result=True)
def compact_counters() -> int:
    return compact_tallies()


@shared_task(name="sla.tasks.recount", ignore_result=True)
def recount() -> None:
    """What a parked timer or a load in sets may have left out of the counters of open tickets."""
    rebuild_open_tally()
    rebuild_risk_tally()


@shared_task(name="sla.tasks.send_canary", ignore_result=True)
def send_canary() -> None:
    arm_canary()


@shared_task(name="sla.tasks.look_for_takers", ignore_result=True)
def look_for_takers() -> int:
    return look_again()
