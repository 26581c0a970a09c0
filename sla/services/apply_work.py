"""The work behind an application: counting what would move, then moving it, ticket by ticket.

Everything that commits runs on the connection that holds the lock (`still_alone`).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import cast

from django.db import transaction
from django.db.models import Q, QuerySet

from helpdesk.common import clock
from helpdesk.common.alone import still_alone
from helpdesk.common.jobs import Job
from people.actors import of_user
from sla.models import Clock, PolicyApplication, PolicyMove
from sla.services.clocks import UNFINISHED, open_clocks
from sla.services.moves import Move, Moves, keep, moves_of, open_tickets_after
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
# How long the list of what was counted is kept, whatever became of it.
KEPT_FOR = timedelta(days=30)


def count_moves(job: Job) -> bool:
    """Fill the preview and the list of moves: nothing is changed."""
    application = cast("PolicyApplication", job)
    row = PolicyApplication.objects.filter(pk=job.pk, state=State.COUNTING)
    total = Ticket.objects.filter(state__in=OPEN_STATES).count()
    row.update(done=0, total=total, preview={}, counted_at=None)
    moves, done, now = Moves(), 0, clock.now()
    _forget_moves(application, now)
    for tickets in _chunks():
        found = list(moves_of(tickets, application.policy, now))
        moves.add(found)
        keep(found, application)
        done += len(tickets)
        still_alone()
        if not row.update(done=min(done, total), beat_at=clock.now()):
            return True
    preview, total = moves.as_json(), max(total, done)
    row.update(state=State.READY, preview=preview, counted_at=now, total=total, done=done)
    return True


def _forget_moves(application: PolicyApplication, now: datetime) -> None:
    """Of a count before, perhaps one that was killed; and old lists."""
    outdated = Q(application=application) | Q(application__created_at__lt=now - KEPT_FOR)
    with unhurried():
        PolicyMove.objects.filter(outdated).delete()


def apply_slice(job: Job) -> bool:
    """Go on moving deadlines for a while. True when it is done or was stopped."""
    application = cast("PolicyApplication", job)
    began = beat = time.monotonic()
    for pk in _ids_after(application):
        still_alone()
        _try(application, pk)
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


def _try(application: PolicyApplication, pk: int) -> None:
    """A ticket that fails is counted, unless the connection is what fails."""
    try:
        moves = _apply_to(application, pk)
    except Exception:
        still_alone()
        logger.exception("version %s on ticket %s", application.policy.version, pk)
        application.skipped += 1
    else:
        application.moved += sum(move.away != 0 for move in moves)
        application.at_once += sum(move.at_once for move in moves)


def _apply_to(application: PolicyApplication, pk: int) -> list[Move]:
    """What was applied to one ticket. A second time it is nothing."""
    policy = application.policy
    with transaction.atomic():
        ticket, now = lock_ticket(pk), clock.now()
        moves = list(moves_of([ticket], policy, now)) if ticket.is_open else []
        if not moves:
            return moves
        changed = [move for move in moves if move.changes]
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
    return moves


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
            at_once=application.at_once,
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
