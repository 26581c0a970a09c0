"""What is kept for a time only: orders on many tickets, replies before they left, drafts left lying."""

from __future__ import annotations

import time
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from helpdesk.common import clock
from tickets.bulk_reads import KEPT
from tickets.models import BulkItem, BulkJob, Draft, OutgoingReply, WebhookDelivery
from tickets.services.changes import lock_ticket
from tickets.services.drafts import drop_draft

# Ends before its worker is missed elsewhere; the next day goes on.
WORK_SECONDS = 35.0
# Rows of one transaction.
BATCH = 2_000


def forget_past_work() -> int:
    """Delete what is older than KEPT, a batch at a time, for WORK_SECONDS at most; how many rows.

    The messages, files and events that came of it stay.
    """
    before, stop_at, gone = clock.now() - KEPT, time.monotonic() + WORK_SECONDS, 0
    for forget in (_bulk_items, _bulk_jobs, _outgoing_replies, _drafts, _deliveries):
        while time.monotonic() < stop_at:
            made = forget(before)
            if not made:
                break
            gone += made
    return gone


def _bulk_items(before: datetime) -> int:
    """First and by themselves: a job may have ten thousand."""
    old = BulkItem.objects.filter(job__in=_old_jobs(before)).order_by().values_list("pk", flat=True)
    gone, _models = BulkItem.objects.filter(pk__in=list(old[:BATCH])).delete()
    return gone


def _bulk_jobs(before: datetime) -> int:
    empty = _old_jobs(before).filter(items=None).values_list("pk", flat=True)
    gone, _models = BulkJob.objects.filter(pk__in=list(empty[:BATCH])).delete()
    return gone


def _old_jobs(before: datetime) -> QuerySet[BulkJob]:
    """Not one that was confirmed at last and is at work."""
    jobs = BulkJob.objects.filter(created_at__lt=before).order_by()
    return jobs.exclude(state__in=BulkJob.WORKING)


def _outgoing_replies(before: datetime) -> int:
    """What was sent is a message since, what was not is in its author's draft."""
    old = (
        OutgoingReply.objects.filter(settled_at__lt=before).order_by().values_list("pk", flat=True)
    )
    gone, _models = OutgoingReply.objects.filter(pk__in=list(old[:BATCH])).delete()
    return gone


def _deliveries(before: datetime) -> int:
    """Those that wait for an endpoint to be put on again stay."""
    old = WebhookDelivery.objects.filter(created_at__lt=before).exclude(state="pending").order_by()
    found = list(old.values_list("pk", flat=True)[:BATCH])
    gone, _models = WebhookDelivery.objects.filter(pk__in=found).delete()
    return gone


@transaction.atomic
def _drafts(before: datetime) -> int:
    """One, with its files, unless its author goes on with it in this moment."""
    found = Draft.objects.filter(saved_at__lt=before).order_by("pk").first()
    if found is None:
        return 0
    lock_ticket(found.ticket_id, reply_leaves=False)
    old = Draft.objects.select_for_update(of=("self",)).filter(pk=found.pk, saved_at__lt=before)
    if draft := old.select_related("user").first():
        drop_draft(draft.user, draft.ticket_id, draft.mode)
    return 1
