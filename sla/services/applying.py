"""A version applied to clocks that run already: by an explicit step, after seeing what moves."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from typing import cast

from django.db import IntegrityError, transaction

from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, WrongState
from helpdesk.common.wording import gettext as _
from people.actors import Actor, of_user
from sla.models import Clock, PolicyApplication, SlaPolicy
from sla.models.policy_job import PolicyJob
from sla.services.clocks import open_clocks
from sla.services.moves import Moves, moves_of, open_tickets_after
from tickets.models import EventKind, Ticket
from tickets.services import lock_ticket, record
from tickets.states import OPEN_STATES

logger = logging.getLogger(__name__)
State = PolicyApplication.State
BATCH = 200
BEAT_SECONDS = 0.7
# A slice ends before its worker is missed elsewhere; the next wake-up goes on.
SLICE_SECONDS = 30.0


def prepare_application(*, actor: Actor, version: int) -> PolicyApplication:
    """Begin counting what would move if `version` (the one in force) judged the running clocks."""
    person = actor.require_person("edit_rules")
    policy = SlaPolicy.objects.filter(version=version).first()
    if policy is None:
        raise InvalidInput(_("There is no such version."), code="unknown_version")
    if SlaPolicy.objects.filter(version__gt=version).exists():
        raise WrongState(_("Only the version in force can be applied. Put it in force first."))
    return PolicyApplication.objects.create(
        policy=policy, started_by=person, created_at=clock.now(), state=State.COUNTING
    )


def start_application(*, actor: Actor, pk: int) -> PolicyApplication:
    """Move the deadlines that were counted. Raises WrongState, Conflict (another one runs)."""
    person = actor.require_person("edit_rules")
    with transaction.atomic():
        job = _locked(pk)
        if job.state != State.READY:
            raise WrongState(_("This was started or called off already."))
        if SlaPolicy.objects.filter(version__gt=job.policy.version).exists():
            raise WrongState(_("A newer version is in force. Apply that one."))
        job.state, job.started_by, job.confirmed_at = State.RUNNING, person, clock.now()
        job.done = 0
        try:
            with transaction.atomic():
                job.save(update_fields=["state", "started_by", "confirmed_at", "done"])
        except IntegrityError as error:
            raise Conflict(
                _("Another version is being applied. Wait for it or stop it.")
            ) from error
    return job


def cancel_application(*, actor: Actor, pk: int) -> PolicyApplication:
    """Stop; deadlines that moved already stay moved. Stopping twice changes nothing."""
    actor.require_person("edit_rules")
    with transaction.atomic():
        job = _locked(pk)
        if job.state in (State.COUNTING, State.READY, State.RUNNING):
            job.state, job.ended_at = State.CANCELLED, clock.now()
            job.save(update_fields=["state", "ended_at"])
    return job


def count_moves(job: PolicyJob) -> bool:
    """Fill the preview: nothing is changed."""
    application = cast("PolicyApplication", job)
    row = PolicyApplication.objects.filter(pk=job.pk, state=State.COUNTING)
    total = Ticket.objects.filter(state__in=OPEN_STATES).count()
    row.update(done=0, total=total)
    moves, done, now = Moves(), 0, clock.now()
    for tickets in _chunks():
        moves.add(tickets, application.policy, now)
        done += len(tickets)
        if not row.update(done=min(done, total), beat_at=clock.now()):
            return True
    row.update(state=State.READY, preview=moves.as_json(), total=max(total, done), done=done)
    return True


def apply_slice(job: PolicyJob) -> bool:
    """Go on moving deadlines for a while. True when it is done or was stopped."""
    application = cast("PolicyApplication", job)
    began = beat = time.monotonic()
    moved, skipped = 0, 0
    last = application.last_ticket
    for pk in _ids_after(last):
        try:
            moved += _apply_to(application, pk)
        except Exception:
            logger.exception("version %s on ticket %s", application.policy.version, pk)
            skipped += 1
        last, application.done = pk, application.done + 1
        if time.monotonic() - beat > BEAT_SECONDS:
            if not _report(application, last, moved, skipped):
                return True
            beat, moved, skipped = time.monotonic(), 0, 0
        if time.monotonic() - began > SLICE_SECONDS:
            return not _report(application, last, moved, skipped)
    if _report(application, last, moved, skipped):
        PolicyApplication.objects.filter(pk=application.pk, state=State.RUNNING).update(
            state=State.DONE, ended_at=clock.now(), done=application.done, total=application.done
        )
    return True


def _apply_to(application: PolicyApplication, pk: int) -> int:
    """How many deadlines of one ticket moved. A second time moves none."""
    policy = application.policy
    with transaction.atomic():
        ticket, now = lock_ticket(pk), clock.now()
        if not ticket.is_open:
            return 0
        moves = list(moves_of([ticket], policy))
        moved = [move for move in moves if move.before != move.after]
        if not moves:
            return 0
        event = None
        if moved:
            data = {
                "policy_version": policy.version,
                "moves": [
                    {
                        "metric": move.clock.metric,
                        "from": move.before.isoformat(),
                        "to": move.after.isoformat(),
                    }
                    for move in moved
                ],
            }
            actor = of_user(application.started_by)
            event = record(ticket, actor=actor, kind=EventKind.RECOMPUTED, at=now, data=data)
        with open_clocks(ticket, now, cause=event) as clocks:
            clocks.recompute(policy=policy)
    return len(moved)


def _report(application: PolicyApplication, last: int, moved: int, skipped: int) -> bool:
    """Write how far it came, so that a kill costs a second's work; False when it was stopped."""
    application.moved += moved
    application.skipped += skipped
    running = PolicyApplication.objects.filter(pk=application.pk, state=State.RUNNING)
    return bool(
        running.update(
            last_ticket=last,
            done=application.done,
            moved=application.moved,
            skipped=application.skipped,
            beat_at=clock.now(),
        )
    )


def _chunks() -> Iterator[list[Ticket]]:
    last = 0
    while found := list(open_tickets_after(last)[:BATCH]):
        yield found
        last = found[-1].pk


def _ids_after(last: int) -> Iterator[int]:
    """Open tickets in the order of their ids, a batch at a time."""
    unfinished = [Clock.State.RUNNING, Clock.State.PAUSED]
    while found := list(
        Ticket.objects.filter(state__in=OPEN_STATES, pk__gt=last, clocks__state__in=unfinished)
        .order_by("pk")
        .values_list("pk", flat=True)
        .distinct()[:BATCH]
    ):
        yield from found
        last = found[-1]


def _locked(pk: int) -> PolicyApplication:
    found = PolicyApplication.objects.select_for_update(of=("self",)).select_related("policy")
    job = found.filter(pk=pk).first()
    if job is None:
        raise InvalidInput(_("There is no such application."), code="unknown_application")
    return job
