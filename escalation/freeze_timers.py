"""A freeze that was asked for waits for nobody in silence: those who decide hear of it again."""

from __future__ import annotations

from datetime import datetime, timedelta

from escalation.matrix import matrix
from escalation.models import FreezeRequest
from escalation.services.freezing import (
    FREEZE_UNDECIDED,
    SUBJECT,
    arm_decision,
    data_of,
    patience,
)
from escalation.specialists import FRAUD
from people.actors import SWEEP
from people.models import Team
from sla.models import Timer
from sla.timers import fires, locks
from tickets.models import EventKind, Ticket
from tickets.services import notify_team, record

AGAIN = timedelta(days=1)


@locks(SUBJECT)
def lock_free_requests(ids: list[int]) -> dict[int, FreezeRequest]:
    """Those on whose tickets nobody works now; their tickets are locked."""
    rows = FreezeRequest.objects.filter(pk__in=ids)
    wanted = dict(rows.values_list("pk", "ticket_id"))
    locked = (
        Ticket.objects.select_for_update(skip_locked=True, no_key=True)
        .filter(pk__in=set(wanted.values()))
        .order_by("pk")
        .in_bulk()
    )
    found = FreezeRequest.objects.in_bulk([pk for pk in wanted if wanted[pk] in locked])
    for pk, asked in found.items():
        asked.ticket = locked[wanted[pk]]
    return found


@fires(FREEZE_UNDECIDED)
def _undecided(timer: Timer, asked: FreezeRequest, now: datetime) -> None:
    """First those who were asked; from then on the operations manager too, every day."""
    if not asked.is_pending:
        return
    _first, operations_after = patience()
    waited = now - asked.asked_at
    data = data_of(asked) | {"waited_seconds": round(waited.total_seconds())}
    event = record(asked.ticket, actor=SWEEP, kind=EventKind.FREEZE_UNDECIDED, at=now, data=data)
    teams = Team.objects.in_bulk(
        [FRAUD, matrix()["default_team"], matrix()["top_team"]], field_name="code"
    )
    notify_team(asked.ticket, event, teams[FRAUD], leads_only=True)
    notify_team(asked.ticket, event, teams[matrix()["default_team"]])
    if waited < operations_after:
        arm_decision(asked, asked.asked_at + operations_after, at=now)
        return
    notify_team(asked.ticket, event, teams[matrix()["top_team"]])
    arm_decision(asked, now + AGAIN, at=now)
