from __future__ import annotations

from celery import shared_task
from django.core.management import call_command

from helpdesk.common.idempotency import forget_answers
from people.services import forget_ended_tokens, forget_past_attempts


@shared_task(name="people.tasks.forget_the_past", ignore_result=True)
def forget_the_past() -> int:
    """Attempt windows, sessions, kept answers and fetched tokens whose time is over."""
    call_command("clearsessions")
    return forget_past_attempts() + forget_answers() + forget_ended_tokens()
