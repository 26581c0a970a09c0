"""The work behind bulk jobs: one ticket after the other, each with its row in one transaction.

A row is claimed with its ticket's deed and marked in the same commit: a killed worker leaves the
ticket untouched and its row open, and whoever comes next goes on there. Two workers at one job take
different rows, so nothing here needs to be alone to be right; `alone` only keeps long jobs from
taking every worker.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from django.db import transaction
from django.db.models import F

from helpdesk.common import clock
from helpdesk.common.alone import NotAlone, alone, still_alone
from helpdesk.common.errors import Refusal
from helpdesk.common.faults import words_of
from helpdesk.common.outage import is_outage
from helpdesk.common.wording import gettext as _
from people.actors import Actor, of_user
from tickets.models import BulkItem, BulkJob
from tickets.selectors import visible_tickets
from tickets.services.bulk import Busy, nothing_there, refusal_of
from tickets.services.bulk_jobs import refused_words
from tickets.services.bulk_orders import Order, order_of_json

logger = logging.getLogger(__name__)
LOCK = 7_308_244
# Jobs take turns: a short one is not kept waiting by ten thousand tickets.
SLICE_SECONDS = 5.0
# Ends before its worker is missed elsewhere; the next wake-up goes on.
WORK_SECONDS = 35.0
MAX_ATTEMPTS = 3
# A locked ticket comes again at the end of the line, this often.
TRIES = 3
Stops = type[BaseException] | tuple[type[BaseException], ...]
State, Item = BulkJob.State, BulkItem.State
_OPEN = {
    State.CHECKING: (Item.WAITING,),
    State.RUNNING: (Item.WAITING, Item.FITS, Item.UNFIT),
}


class Fault(Refusal):
    """An error of ours met this ticket; it is logged."""

    status = 500
    code = "fault"


class _OnlyTried(Exception):
    """Undoes what the trial of an order has changed."""


def work_on_bulk_jobs(*, stopped_by: Stops = ()) -> int:
    """Go on with the jobs in turns until none is left or the time is up; how many tickets."""
    done, began = 0, time.monotonic()
    with alone(LOCK) as mine:
        while mine and time.monotonic() - began < WORK_SECONDS:
            try:
                still_alone()
            except NotAlone:
                logger.warning("bulk jobs are left to the next worker: the connection was lost")
                break
            job = _next()
            if job is None:
                break
            done += _attempt(job, stopped_by)
    return done


def work_on_job(job: BulkJob, *, within: float, stopped_by: Stops = ()) -> int:
    """Go on with one job for `within` seconds, one ticket at least; how many had their turn."""
    began, turns = time.monotonic(), 0
    BulkJob.objects.filter(pk=job.pk).update(worked_at=clock.now())
    actor = of_user(job.started_by)
    try:
        order = order_of_json(job.verb, job.order, seen=job.seen_message)
    except Refusal as refusal:
        _end(job, State.FAILED, error=str(refusal)[:300])
        return 0
    while _one(job, actor, order, stopped_by):
        turns += 1
        if time.monotonic() - began >= within:
            return turns
    _end_if_done(job)
    return turns


def _next() -> BulkJob | None:
    """Whichever waited longest for its turn."""
    jobs = BulkJob.objects.filter(state__in=BulkJob.WORKING).select_related("started_by")
    return jobs.order_by(F("worked_at").asc(nulls_first=True), "pk").first()


def _attempt(job: BulkJob, stopped_by: Stops) -> int:
    """A slice of a job. Counted first, so that one which kills its worker ends."""
    row = BulkJob.objects.filter(pk=job.pk, state=job.state)
    if job.attempts >= MAX_ATTEMPTS:
        _end(job, State.FAILED, error=job.error or "gave up")
        return 0
    row.update(attempts=job.attempts + 1)
    try:
        turns = work_on_job(job, within=SLICE_SECONDS, stopped_by=stopped_by)
    except stopped_by:
        row.update(attempts=job.attempts)
        raise
    except Exception as error:
        logger.exception("%s failed", job)
        row.update(error=words_of(error), worked_at=clock.now())
        return 0
    row.update(attempts=0)
    return turns


@transaction.atomic
def _one(job: BulkJob, actor: Actor, order: Order, stopped_by: Stops) -> bool:
    """The next open ticket of the job; False when there is none, or the job was stopped."""
    if not BulkJob.objects.filter(pk=job.pk, state=job.state).exists():
        return False
    rows = BulkItem.objects.filter(job=job, state__in=_OPEN[State(job.state)])
    item = rows.select_for_update(skip_locked=True).order_by("tries", "place").first()
    if item is None:
        return False
    tries = job.state == State.CHECKING
    refusal = _tried(item, actor, order, only=tries, stopped_by=stopped_by)
    item.at = clock.now()
    item.tries += 1
    if isinstance(refusal, Busy) and item.tries < TRIES:
        item.save(update_fields=["tries", "at"])
        return True
    item.code = refusal.code if refusal else ""
    item.why = refused_words(refusal.message) if refusal else {}
    if tries:
        item.state, item.tries = (Item.UNFIT if refusal else Item.FITS), 0
    else:
        item.state = Item.REFUSED if refusal else Item.DONE
    item.save(update_fields=["state", "tries", "code", "why", "at"])
    return True


def _tried(
    item: BulkItem, actor: Actor, order: Order, *, only: bool, stopped_by: Stops
) -> Refusal | None:
    """The very deed, its own changes undone where it is refused or `only` tried."""
    refusal: Refusal | None = None
    try:
        with transaction.atomic():
            refusal = _refusal(actor, item.ticket_id, order)
            if refusal is not None or only:
                raise _OnlyTried
    except _OnlyTried:
        return refusal
    except stopped_by:
        raise
    except Exception as error:
        if is_outage(error):
            raise
        logger.exception("bulk %s on ticket %s", order.verb, item.ticket_id)
        return Fault(_("An error on our side. It is on record; this ticket is unchanged."))
    return None


def _refusal(actor: Actor, pk: int | None, order: Order) -> Refusal | None:
    """Through the funnel first, as on the ticket's own page."""
    if pk is None or not visible_tickets(actor).filter(pk=pk).exists():
        return nothing_there()
    return refusal_of(actor, pk, order)


def _end_if_done(job: BulkJob) -> None:
    """Rows that another worker has in hand are open still: whoever closes the last one ends it."""
    if job.items.filter(state__in=_OPEN[State(job.state)]).exists():
        return
    now = clock.now()
    row: Any = BulkJob.objects.filter(pk=job.pk, state=job.state)
    if job.state == State.CHECKING:
        row.update(state=State.READY, checked_at=now, attempts=0)
    else:
        row.update(state=State.DONE, ended_at=now, attempts=0)


def _end(job: BulkJob, state: str, *, error: str) -> None:
    row = BulkJob.objects.filter(pk=job.pk, state__in=BulkJob.WORKING)
    row.update(state=state, ended_at=clock.now(), error=error)
