"""A case whose team promised a date that has just passed, with nothing else due; and what must hold."""

from __future__ import annotations

from datetime import datetime, timedelta

from escalation.models import Escalation
from escalation.services.targets import TARGET_MISSED, TARGET_NEARS
from helpdesk.common import clock
from sla.models import Timer
from tests.support.receiving import Receiving

KINDS = (TARGET_NEARS, TARGET_MISSED)


def date_passed(case: Receiving, *, ago: timedelta = timedelta(seconds=5)) -> Escalation:
    """Accepted by fraud; the date lies in the past, its timers alone are armed."""
    made = case.accept("fraud", "farah")
    Timer.objects.filter(state="armed").exclude(kind__in=KINDS).update(state="cancelled")
    passed: datetime = clock.now() - ago
    Timer.objects.filter(
        subject_id=case.ticket.pk, kind__in=KINDS, state="armed", subject_type="ticket"
    ).update(due_at=passed, armed_at=passed - timedelta(minutes=1))
    Escalation.objects.filter(pk=made.pk).update(agreed_target_at=passed)
    return Escalation.objects.get(pk=made.pk)


def missed(case: Receiving) -> tuple[int, int]:
    """How often it was recorded as missed, and how often it went up for that."""
    return (
        case.ticket.events.filter(kind="target_missed").count(),
        case.ticket.escalations.filter(trigger="target").count(),
    )


def armed(case: Receiving) -> int:
    rows = Timer.objects.filter(subject_id=case.ticket.pk, kind__in=KINDS, state="armed")
    return rows.filter(subject_type="ticket").count()
