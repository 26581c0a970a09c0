from __future__ import annotations

from celery import shared_task

from seller_chat.services import deliver_letters as deliver
from seller_chat.services import judge_weeks
from seller_chat.services.audit import report_clocks
from seller_chat.services.evaluation import evaluate_due_weeks


@shared_task(
    name="seller_chat.tasks.evaluate_sellers",
    ignore_result=True,
    soft_time_limit=300,
    time_limit=360,
)
def evaluate_sellers() -> int:
    """Looks whether a week is over that nobody has evaluated and judged to its end."""
    return evaluate_due_weeks() + judge_weeks()


@shared_task(name="seller_chat.tasks.check_reply_clocks", ignore_result=True)
def check_reply_clocks() -> int:
    """The nightly round over the 24-hour clocks; `manage.py check_reply_clocks` prints it."""
    return report_clocks()


@shared_task(name="seller_chat.tasks.deliver_letters", ignore_result=True)
def deliver_letters() -> int:
    return deliver()
