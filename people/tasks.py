from __future__ import annotations

from celery import shared_task
from django.core.management import call_command

from people.services import forget_past_attempts


@shared_task(name="people.tasks.forget_the_past", ignore_result=True)
def forget_the_past() -> int:
    """Attempt windows and sessions that have ended; they count for nothing any more."""
    call_command("clearsessions")
    return forget_past_attempts()
