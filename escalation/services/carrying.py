"""A published matrix holds for running tickets too: the moments of its triggers of time are moved.

Nobody has to ask for it: whoever finds that the version in force has not been carried over goes on
with it. So it makes no difference who published it, or that a worker was killed.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from escalation.matrix import concerned_by
from escalation.models import CarryingOver, EscalationMatrix
from escalation.services.firing import AGE
from escalation.services.waiting import FORMER_KINDS, next_moment, rearm
from helpdesk.common import clock
from helpdesk.common.alone import NotAlone, alone, still_alone
from helpdesk.common.versioned import CACHE_SECONDS
from sla.models import Timer
from tickets.models import Ticket
from tickets.services import lock_ticket
from tickets.states import OPEN_STATES

logger = logging.getLogger(__name__)
# By then no process arms by the version before, which it remembers for a while.
SETTLED = timedelta(seconds=3 * CACHE_SECONDS)
LOCK = 7_308_257
BATCH = 200
SLICE_SECONDS = 30.0


def carry_over() -> int:
    """Go on for a while; how many tickets were looked at. One indexed look when all is done."""
    matrix = EscalationMatrix.objects.order_by("-version").first()
    if (
        matrix is None
        or CarryingOver.objects.filter(matrix=matrix, ended_at__isnull=False).exists()
    ):
        return 0
    if clock.now() < matrix.published_at + SETTLED:
        return 0
    with alone(LOCK) as nobody_else:
        try:
            return _go_on(matrix) if nobody_else else 0
        except NotAlone:
            logger.warning("matrix version %s: the lock was lost, another goes on", matrix.version)
            return 0


def _go_on(matrix: EscalationMatrix) -> int:
    row, _new = CarryingOver.objects.get_or_create(
        matrix=matrix, defaults={"began_at": clock.now()}
    )
    looked_at, began = 0, time.monotonic()
    for tickets in _batches(matrix, row.last_ticket):
        for pk in tickets:
            _carry(row, matrix, pk)
        still_alone()
        row.last_ticket = tickets[-1]
        row.done += len(tickets)
        looked_at += len(tickets)
        row.save()
        # A newer version makes the rest of this one pointless: it goes through all tickets itself.
        if time.monotonic() - began > SLICE_SECONDS or _is_outdated(matrix):
            return looked_at
    row.ended_at = clock.now()
    row.save()
    return looked_at


def _carry(row: CarryingOver, matrix: EscalationMatrix, pk: int) -> None:
    still_alone()
    try:
        with transaction.atomic():
            row.moved += _rearm(pk, matrix)
    except Exception:
        logger.exception("matrix version %s on ticket %s", matrix.version, pk)
        row.skipped += 1


def _rearm(pk: int, matrix: EscalationMatrix) -> bool:
    """Whether the ticket's next moment is another one now. A second time changes nothing."""
    ticket, now = lock_ticket(pk), clock.now()
    armed = Timer.objects.filter(
        subject_type="ticket", subject_id=pk, kind__in=(AGE, *FORMER_KINDS), state="armed"
    )
    before = armed.values_list("due_at", flat=True).first()
    after = next_moment(ticket, matrix)
    if before == after or (before is not None and after is not None and max(before, after) <= now):
        return False
    rearm(ticket, now, after)
    return True


def _batches(matrix: EscalationMatrix, last: int) -> Iterator[list[int]]:
    """Open tickets that a trigger of time concerns, or that wait for a moment, by their ids."""
    timed = [trigger for trigger in matrix.triggers if trigger.kind == "time"]
    concerned = reduce(or_, map(concerned_by, timed), Q(pk__in=[]))
    armed = Timer.objects.filter(
        subject_type="ticket",
        subject_id=OuterRef("pk"),
        kind__in=(AGE, *FORMER_KINDS),
        state=Timer.State.ARMED,
    )
    rows = Ticket.objects.filter(concerned | Exists(armed), state__in=OPEN_STATES).order_by("pk")
    while found := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        yield found
        last = found[-1]


def _is_outdated(matrix: EscalationMatrix) -> bool:
    return EscalationMatrix.objects.filter(version__gt=matrix.version).exists()
