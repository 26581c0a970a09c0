"""Carries messages to suppliers: claimed by a lease, sent outside every transaction, then marked.

A crash between sending and marking sends once more, under the same key, which the supplier knows
already. What fails is tried again with growing pauses; after the last, and where no connection is set
up, it waits for a person.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from agents_ops.connectors import Complaint, Receipt, Unavailable, suppliers
from agents_ops.models import SupplierComplaint, SupplierMessage
from agents_ops.services.complaints import RESULTS, take_answer
from helpdesk.common import clock, leases
from people.actors import SUPPLIER
from people.commerce import Trouble
from tickets.services import lock_ticket

State = SupplierMessage.State
# Seconds between the tries: a supplier that is away for most of a day still hears of it.
PAUSES = (5, 15, 60, 180, 600, 1800, 3600, 3600, 7200, 14400, 14400)
JITTER = 0.2
LEASE = timedelta(minutes=2)
AT_ONCE = 20
# Below the time limit of a Celery task.
MAX_SECONDS = 25.0


@dataclass(frozen=True)
class Outcome:
    """`receipt`, or why there is none."""

    receipt: Receipt | None
    trouble: str = ""
    retry_after: float | None = None


def send_owed_complaints() -> int:
    """Send what is due, the oldest first; how many arrived. Outside a transaction."""
    stop_at, arrived = time.monotonic() + MAX_SECONDS, 0
    lease, rows = _claim()
    for row in rows:
        if time.monotonic() > stop_at:
            break  # its lease ends, and the next turn takes it
        arrived += _settle(row.pk, lease, _send(row))
    return arrived


def _claim() -> tuple[datetime, list[SupplierMessage]]:
    now = clock.now()
    due = SupplierMessage.objects.filter(state=State.PENDING, next_try_at__lte=now)
    rows = leases.unleased(due, now).select_related("complaint").order_by("next_try_at", "id")
    return now + LEASE, leases.take(rows, AT_ONCE, now + LEASE)


def _send(row: SupplierMessage) -> Outcome:
    about: SupplierComplaint = row.complaint
    message = Complaint(
        key=row.key,
        complaint=about.key,
        kind=row.kind,
        about=about.about,
        supplier=about.supplier,
        text=row.text,
        reference=about.reference,
        product=about.product,
        destination=about.destination,
        at=about.since,
    )
    try:
        return Outcome(suppliers().send(message))
    except Unavailable as error:
        return Outcome(None, error.trouble.value, error.retry_after)


@transaction.atomic
def _settle(pk: int, lease: datetime, outcome: Outcome) -> bool:
    """Mark what came of it. A message that ended meanwhile, or that another sender has by now, stays as
    it is: the supplier knows its key, and tells the other one the same."""
    ticket_id = SupplierMessage.objects.values_list("complaint__ticket_id", flat=True).get(pk=pk)
    ticket = lock_ticket(ticket_id, reply_leaves=False)
    row = leases.held(SupplierMessage.objects.filter(state=State.PENDING), pk, lease)
    if row is None:
        return False
    now = clock.now()
    row.attempts, row.leased_until = row.attempts + 1, None
    row.last_trouble = outcome.trouble
    if outcome.receipt is not None:
        row.state, row.sent_at, row.next_try_at = State.SENT, now, None
        row.reference = outcome.receipt.reference
    elif row.attempts > len(PAUSES) or outcome.trouble == Trouble.OFF:
        row.state, row.next_try_at = State.FAILED, None
    else:
        pause = PAUSES[row.attempts - 1] * random.uniform(1, 1 + JITTER)  # noqa: S311
        row.next_try_at = now + timedelta(seconds=max(pause, min(outcome.retry_after or 0, 3600)))
    row.save()
    complaint = SupplierComplaint.objects.select_for_update().get(pk=row.complaint_id)
    receipt = outcome.receipt
    if receipt is not None and complaint.is_open and receipt.result in RESULTS[:2]:
        take_answer(
            complaint,
            ticket,
            actor=SUPPLIER,
            result=receipt.result,
            text=receipt.text,
            reference=f"{receipt.reference}#{row.pk}",
        )
    return receipt is not None
