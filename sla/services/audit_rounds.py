"""The nightly check in slices: each goes on where the last one ended, and a round begins each night.

A slice is short, so that it holds up no sweep, and a killed worker costs a part of a second's work.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from helpdesk.common import clock
from helpdesk.common.alone import alone, still_alone
from sla.calendars import WIB
from sla.models import AuditRound
from sla.models.audit_round import KEPT
from sla.services.audit import Part, audited_after

logger = logging.getLogger(__name__)
LOCK = 7_308_242
SLICE_SECONDS = 10.0
# By WIB, when the fewest people work.
BEGINS_AT = 1
ROUNDS_KEPT = timedelta(days=90)


def audit_slice() -> AuditRound | None:
    """Look at further tickets for a while; None when nothing is to be done or another worker is at it."""
    with alone(LOCK) as mine:
        found = _round_to_work_on(clock.now()) if mine else None
        if found is None:
            return None
        began = time.monotonic()
        for part in audited_after(found.last_ticket):
            _add(found, part)
            if time.monotonic() - began > SLICE_SECONDS:
                return found
        _end(found)
        return found


def _round_to_work_on(now: datetime) -> AuditRound | None:
    """The one that is under way, else a new one when none began since the night did."""
    latest = AuditRound.objects.order_by("-id").first()
    if latest is not None and latest.ended_at is None:
        return latest
    if latest is not None and latest.started_at >= night_before(now):
        return None
    AuditRound.objects.filter(started_at__lt=now - ROUNDS_KEPT).delete()
    return AuditRound.objects.create(started_at=now)


def night_before(now: datetime) -> datetime:
    """The latest moment at which a round was to begin."""
    local = now.astimezone(WIB)
    begins = local.replace(hour=BEGINS_AT, minute=0, second=0, microsecond=0)
    return begins if begins <= local else begins - timedelta(days=1)


def _add(found: AuditRound, part: Part) -> None:
    still_alone()
    room = max(0, KEPT - len(found.found))
    found.found += [{"ticket": each.number, "what": each.what} for each in part.found[:room]]
    found.last_ticket = part.last
    found.tickets += part.tickets
    found.differences += len(part.found)
    found.save(update_fields=["found", "last_ticket", "tickets", "differences"])


def _end(found: AuditRound) -> None:
    still_alone()
    found.ended_at = clock.now()
    found.save(update_fields=["ended_at"])
    if found.differences:
        logger.error("the audit of deadlines found %d differences", found.differences)
