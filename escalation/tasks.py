from __future__ import annotations

from celery import shared_task

from escalation.services.carrying import carry_over as carry_on


@shared_task(
    name="escalation.tasks.carry_over", ignore_result=True, soft_time_limit=300, time_limit=360
)
def carry_over() -> int:
    """The matrix in force, for the tickets that run already."""
    return carry_on()
