from __future__ import annotations

import logging

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded

from sla.services import audit_deadlines, sweep

logger = logging.getLogger(__name__)


@shared_task(name="sla.tasks.sweep_deadlines", ignore_result=True)
def sweep_deadlines() -> int:
    return sweep(stopped_by=SoftTimeLimitExceeded).fired


@shared_task(
    name="sla.tasks.check_deadlines", ignore_result=True, soft_time_limit=900, time_limit=960
)
def check_deadlines() -> int:
    """How many differences the audit finds; `manage.py check_deadlines` shows each."""
    found = set(audit_deadlines())
    if found:  # A ticket that changed while it was read differs once only.
        found &= set(audit_deadlines())
    if found:
        logger.error("the audit of deadlines found %d differences", len(found))
    return len(found)
