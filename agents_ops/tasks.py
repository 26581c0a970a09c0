from __future__ import annotations

from celery import shared_task

from agents_ops.services.block_work import work_on_blocks
from agents_ops.services.complaint_sending import send_owed_complaints


@shared_task(name="agents_ops.tasks.tell_suppliers", ignore_result=True)
def tell_suppliers() -> int:
    """What is owed to suppliers is sent."""
    return send_owed_complaints()


@shared_task(name="agents_ops.tasks.block_accounts", ignore_result=True)
def block_accounts() -> int:
    """Accounts in danger are blocked, then their logins collected."""
    return work_on_blocks()
