"""Orders on up to ten thousand tickets: given, looked at, confirmed, stopped, given again.

`tickets.services.bulk_work` does the work, slice by slice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, TooMany, WrongState
from helpdesk.common.wording import LANGUAGES, said_in
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import User
from tickets.bulk_reads import items_left, job_for_actor_or_404
from tickets.models import BulkItem, BulkJob, Message, Ticket
from tickets.selectors import visible_tickets
from tickets.services.bulk import nothing_there, too_many, wanted_numbers
from tickets.services.bulk_orders import Order, check_order, order_as_json, order_of_json

JOB_MOST = 10_000
# Of one person at a time: whoever needs more waits for the first.
MOST_AT_WORK = 5
# Rows of one INSERT.
BATCH = 2_000
State = BulkJob.State


def start_bulk_job(
    *,
    actor: Actor,
    order: Order,
    numbers: Iterable[str] | None = None,
    ticket_ids: Sequence[int] | None = None,
    source: Mapping[str, Any] | None = None,
    confirmed: bool = False,
    submission_key: str = "",
) -> BulkJob:
    """Freeze the tickets and begin to try the order on each (`confirmed`: to do it at once).

    Give `numbers` as typed, or `ticket_ids` of tickets that the actor may see. The same
    `submission_key` again answers with the first job. Raises NotAllowed, InvalidInput (none_chosen,
    too_many_chosen, and what the verb's check finds), Conflict (submission_key_reused), TooMany.
    """
    person = actor.require_person("work_ticket")
    check_order(actor, order)
    items = _of_ids(ticket_ids) if ticket_ids is not None else _of_numbers(actor, numbers or ())
    digest = _digest(order, items) if submission_key else ""
    if earlier := _earlier(submission_key, digest):
        return earlier
    _require_room(person)
    now = clock.now()
    job = BulkJob(
        started_by=person,
        verb=order.verb,
        order=order_as_json(order),
        source=dict(source or {}),
        state=State.RUNNING if confirmed else State.CHECKING,
        total=len(items),
        seen_message=Message.objects.aggregate(newest=Max("pk"))["newest"] or 0,
        created_at=now,
        confirmed_at=now if confirmed else None,
        submission_key=submission_key or None,
        submission_digest=digest,
    )
    try:
        with transaction.atomic():
            job.save()
            _freeze(job, items)
    except IntegrityError:
        if earlier := _earlier(submission_key, digest):
            return earlier
        raise
    return job


def confirm_bulk_job(*, actor: Actor, job_id: int) -> BulkJob:
    """Do what was looked at; it is done in the name of whoever gave the order, so they alone confirm.

    Twice changes nothing. Raises Http404, NotAllowed, WrongState.
    """
    with transaction.atomic():
        job = _locked(actor, job_id)
        if actor.user is None or job.started_by_id != actor.user.pk:
            raise NotAllowed(_("Whoever gave the order confirms it."))
        if job.state in (State.RUNNING, State.DONE):
            return job
        if job.state != State.READY:
            raise WrongState(_("This was stopped, or is still being tried."))
        job.state, job.confirmed_at, job.attempts = State.RUNNING, clock.now(), 0
        job.save(update_fields=["state", "confirmed_at", "attempts"])
    return job


def stop_bulk_job(*, actor: Actor, job_id: int) -> BulkJob:
    """No further ticket is begun; what is done stays done. Twice changes nothing. Raises Http404."""
    with transaction.atomic():
        job = _locked(actor, job_id)
        if not job.has_ended:
            job.state, job.ended_at = State.STOPPED, clock.now()
            job.save(update_fields=["state", "ended_at"])
    return job


def again_bulk_job(*, actor: Actor, job_id: int, submission_key: str = "") -> BulkJob:
    """A new job for the tickets that this one did not reach or found locked: tried first, as any.

    Raises Http404, WrongState (it goes on, or nothing is left).
    """
    job = job_for_actor_or_404(actor, job_id)
    if not job.has_ended:
        raise WrongState(_("This is still going on. Stop it first."))
    left = list(items_left(job).order_by("place").values_list("ticket_id", flat=True))
    if not left:
        raise WrongState(_("Every ticket had its turn."), code="nothing_left")
    order = order_of_json(job.verb, job.order, seen=None)
    made = start_bulk_job(
        actor=actor,
        order=order,
        ticket_ids=left,
        source=job.source,
        submission_key=submission_key,
    )
    BulkJob.objects.filter(pk=made.pk, again_of=None).update(again_of=job)
    return made


def refused_words(sentence: Any) -> dict[str, str]:
    """A refusal's sentence as it is kept: in each language."""
    return {language: said_in(sentence, language) for language in LANGUAGES}


def _of_ids(ids: Sequence[int]) -> list[tuple[str, int | None]]:
    if not ids:
        message = _("Choose at least one ticket.")
        raise InvalidInput(message, code="none_chosen", fields={"numbers": message})
    if len(ids) > JOB_MOST:
        raise too_many(JOB_MOST)
    return [("", pk) for pk in dict.fromkeys(ids)]


def _of_numbers(actor: Actor, numbers: Iterable[str]) -> list[tuple[str, int | None]]:
    wanted = wanted_numbers(numbers, most=JOB_MOST)
    found = visible_tickets(actor).filter(number__in=wanted.values())
    known = dict(found.values_list("number", "pk"))
    return [(typed, known.get(number)) for typed, number in wanted.items()]


def _freeze(job: BulkJob, items: list[tuple[str, int | None]]) -> None:
    """What is not there for the actor is refused from the start, so that it is told with the rest."""
    absent, absent_why = nothing_there(), refused_words(nothing_there().message)
    numbers = _numbers_of([pk for typed, pk in items if pk is not None and not typed])
    rows = [
        BulkItem(
            job=job,
            ticket_id=pk,
            number=(typed or numbers.get(pk or 0, ""))[:40],
            place=place,
            **({} if pk else {"state": "refused", "code": absent.code, "why": absent_why}),
        )
        for place, (typed, pk) in enumerate(items)
    ]
    for begin in range(0, len(rows), BATCH):
        BulkItem.objects.bulk_create(rows[begin : begin + BATCH])


def _numbers_of(ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for begin in range(0, len(ids), BATCH):
        part = Ticket.objects.filter(pk__in=ids[begin : begin + BATCH])
        found |= dict(part.values_list("pk", "number"))
    return found


def _require_room(person: User) -> None:
    at_work = BulkJob.objects.filter(started_by=person, state__in=BulkJob.WORKING).count()
    if at_work >= MOST_AT_WORK:
        message = _("%(number)s of your bulk actions are at work. Wait for one, or stop it.")
        raise TooMany(message % {"number": at_work}, retry_after=30, code="too_many_bulk_jobs")


def _locked(actor: Actor, job_id: int) -> BulkJob:
    job_for_actor_or_404(actor, job_id)
    return BulkJob.objects.select_for_update(of=("self",)).get(pk=job_id)


def _digest(order: Order, items: list[tuple[str, int | None]]) -> str:
    words = json.dumps([order.verb, order_as_json(order), items], sort_keys=True, default=str)
    return hashlib.sha256(words.encode()).hexdigest()


def _earlier(submission_key: str, digest: str) -> BulkJob | None:
    if not submission_key:
        return None
    job = BulkJob.objects.filter(submission_key=submission_key).first()
    if job is not None and job.submission_digest != digest:
        raise Conflict(
            _("This key was already used for another bulk action."), code="submission_key_reused"
        )
    return job
