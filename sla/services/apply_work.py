"""The work behind an application: counting what would move, then moving it, ticket by ticket.

Everything that commits runs on the connection that holds the lock (`still_alone`).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from typing import cast

from django.db import transaction
from django.db.models import QuerySet

from helpdesk.common import clock
from helpdesk.common.alone import still_alone
from helpdesk.common.jobs import Job
from people.actors import of_user
from sla.models import Clock, PolicyApplication
from sla.services.clocks import UNFINISHED, open_clocks
from sla.services.moves import Move, Moves, moves_of, open_tickets_after
from sla.what_if.reading import unhurried
from tickets.models import EventKind, Ticket
from tickets.services import lock_ticket, record
from tickets.states import OPEN_STATES

logger = logging.getLogger(__name__)
State = PolicyApplication.State
BATCH = 200
BEAT_SECONDS = 0.7
# A slice ends before its worker is missed elsewhere; the next wake-up goes on.
SLICE_SECONDS = 30.0
# How often tickets are tried again that were locked, failed, or only now show an older version.
ROUNDS = 3


def count_moves(job: Job) -> bool:
    """Fill the preview: nothing is changed."""
    application = cast("PolicyApplication", job)
    row = PolicyApplication.objects.filter(pk=job.pk, state=State.COUNTING)
    total = Ticket.objects.filter(state__in=OPEN_STATES).count()
    row.update(done=0, total=total)
    moves, done, now = Moves(), 0, clock.now()
    for tickets in _chunks():
        moves.add(tickets, application.policy, now)
        done += len(tickets)
        still_alone()
        if not row.update(done=min(done, total), beat_at=clock.now()):
            return True
    preview, total = moves.as_json(), max(total, done)
    row.update(state=State.READY, preview=preview, counted_at=now, total=total, done=done)
    return True


def apply_slice(job: Job) -> bool:
    """Go on moving deadlines for a while. True when it is done or was stopped."""
    application = cast("PolicyApplication", job)
    began = beat = time.monotonic()
    for pk in _ids_after(application):
        still_alone()
        application.moved += _try(application, pk)
        application.last_ticket = pk
        if application.round == 0:
            application.done += 1
        if time.monotonic() - beat > BEAT_SECONDS:
            if not _report(application):
                return True
            beat = time.monotonic()
        if time.monotonic() - began > SLICE_SECONDS:
            return not _report(application)
    return _end_round(application)


def _end_round(application: PolicyApplication) -> bool:
    """Again from the start for those that are left, after a rest; or it is done."""
    if not _report(application):
        return True
    running = PolicyApplication.objects.filter(pk=application.pk, state=State.RUNNING)
    if application.round + 1 < ROUNDS and _is_any_left(application):
        running.update(round=application.round + 1, last_ticket=0, skipped=0)
        return False
    done = application.done
    running.update(state=State.DONE, ended_at=clock.now(), done=done, total=done)
    return True


def _try(application: PolicyApplication, pk: int) -> int:
    """How many deadlines moved; a ticket that fails is counted, unless the connection is what fails."""
    try:
        return _apply_to(application, pk)
    except Exception:
        still_alone()
        logger.exception("version %s on ticket %s", application.policy.version, pk)
        application.skipped += 1
        return 0


def _apply_to(application: PolicyApplication, pk: int) -> int:
    """How many deadlines of one ticket moved. A second time moves none."""
    policy = application.policy
    with transaction.atomic():
        ticket, now = lock_ticket(pk), clock.now()
        if not ticket.is_open:
            return 0
        moves = list(moves_of([ticket], policy, now))
        if not moves:
            return 0
        changed = [move for move in moves if move.away or move.stops or move.goes_on]
        event = None
        if changed:
            data = {
                "policy_version": policy.version,
                "moves": [_as_data(move) for move in changed],
            }
            actor = of_user(application.started_by)
            event = record(ticket, actor=actor, kind=EventKind.RECOMPUTED, at=now, data=data)
        with open_clocks(ticket, now, cause=event) as clocks:
            clocks.recompute(policy=policy)
    return sum(move.away != 0 for move in moves)


def _as_data(move: Move) -> dict[str, str]:
    """`then`, where its running changes: 'paused' or 'running'."""
    then = Clock.State.PAUSED if move.stops else Clock.State.RUNNING if move.goes_on else ""
    return {
        "metric": move.clock.metric,
        "from": move.before.isoformat(),
        "to": move.after.isoformat(),
        **({"then": str(then)} if then else {}),
    }


def _report(application: PolicyApplication) -> bool:
    """Write how far it came, so that a kill costs a second's work; False when it was stopped.

    It came further, so what kills a worker next is tried anew.
    """
    still_alone()
    running = PolicyApplication.objects.filter(pk=application.pk, state=State.RUNNING)
    return bool(
        running.update(
            last_ticket=application.last_ticket,
            done=application.done,
            moved=application.moved,
            skipped=application.skipped,
            attempts=0,
            beat_at=clock.now(),
        )
    )


def _chunks() -> Iterator[list[Ticket]]:
    last = 0
    while found := list(open_tickets_after(last)[:BATCH]):
        yield found
        last = found[-1].pk


def _unfinished() -> QuerySet[Clock]:
    return Clock.objects.filter(state__in=UNFINISHED, ticket__state__in=OPEN_STATES)


def _is_any_left(application: PolicyApplication) -> bool:
    with unhurried():
        return _unfinished().exclude(policy=application.policy).exists()


def _ids_after(application: PolicyApplication) -> Iterator[int]:
    """Open tickets in the order of their ids, a batch at a time; after the first round those left."""
    last, rows = application.last_ticket, _unfinished().order_by("ticket_id")
    if application.round:
        rows = rows.exclude(policy=application.policy)
    while found := list(
        rows.filter(ticket__gt=last).values_list("ticket_id", flat=True).distinct()[:BATCH]
    ):
        yield from found
        last = found[-1]
