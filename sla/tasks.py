from __future__ import annotations

from celery import shared_task

from sla.services import sweep


@shared_task(name="sla.tasks.sweep_deadlines", ignore_result=True)
def sweep_deadlines() -> int:
    return sweep().fired
