"""A request that nobody decides ends by itself, and who asked hears of it."""

from __future__ import annotations

from datetime import datetime

from agents_ops.models import ApprovalRequest
from agents_ops.services.approvals import APPROVAL_EXPIRES, SUBJECT, expire
from people.actors import SWEEP
from sla.models import Timer
from sla.timers import fires, locks
from tickets.models import Ticket


@locks(SUBJECT)
def lock_free_requests(ids: list[int]) -> dict[int, ApprovalRequest]:
    """Those on whose tickets nobody works now; their tickets are locked."""
    wanted = dict(ApprovalRequest.objects.filter(pk__in=ids).values_list("pk", "ticket_id"))
    locked = (
        Ticket.objects.select_for_update(skip_locked=True, no_key=True)
        .filter(pk__in=set(wanted.values()))
        .order_by("pk")
        .in_bulk()
    )
    free = [pk for pk in wanted if wanted[pk] in locked]
    found = ApprovalRequest.objects.select_related("asked_by").in_bulk(free)
    for pk, request in found.items():
        request.ticket = locked[wanted[pk]]
    return found


@fires(APPROVAL_EXPIRES)
def _expires(timer: Timer, request: ApprovalRequest, now: datetime) -> None:
    expire(request, actor=SWEEP, now=now)
