"""Reads of bulk jobs: whose they are, how far they came, what was refused and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.http import Http404

from helpdesk.common import clock
from helpdesk.common.wording import Both
from people.actors import Actor
from tickets.models import BulkItem, BulkJob

State = BulkItem.State
# A refusal that another try may well not meet.
PASSING = ("busy", "fault")
KEPT = timedelta(days=90)


@dataclass(frozen=True)
class Reason:
    """Why so many tickets were, or would be, refused."""

    code: str
    why: Both
    number: int


@dataclass(frozen=True)
class Counts:
    """How many tickets of a job are where. `left` had no turn yet."""

    waiting: int = 0
    fits: int = 0
    unfit: int = 0
    done: int = 0
    refused: int = 0

    @property
    def tried(self) -> int:
        return self.fits + self.unfit + self.ended

    @property
    def ended(self) -> int:
        return self.done + self.refused

    @property
    def left(self) -> int:
        return self.waiting + self.fits + self.unfit

    @property
    def would_be_refused(self) -> int:
        """Before it runs: those that the trial refused, and those that are not there at all."""
        return self.unfit + self.refused


def jobs_of(actor: Actor) -> QuerySet[BulkJob]:
    """The actor's own; for those who direct work and see all tickets, everybody's. Of 90 days."""
    jobs = BulkJob.objects.select_related("started_by", "again_of")
    if actor.user is None or not actor.may("work_ticket"):
        return jobs.none()
    if not (actor.may("direct_work") and actor.may("see_all_tickets")):
        jobs = jobs.filter(started_by=actor.user)
    return jobs.filter(created_at__gte=clock.for_display() - KEPT)


def job_for_actor_or_404(actor: Actor, pk: int) -> BulkJob:
    """The job if the actor may look at it; otherwise exactly as if there were none."""
    job = jobs_of(actor).filter(pk=pk).first()
    if job is None:
        raise Http404("bulk job")
    return job


def counts_of_job(job: BulkJob) -> Counts:
    found = job.items.values_list("state").annotate(number=Count("pk")).order_by()
    return Counts(**dict(found))


def reasons_of(job: BulkJob) -> list[Reason]:
    """The refusals, the most frequent first."""
    refused = job.items.filter(state__in=[State.UNFIT, State.REFUSED])
    rows = refused.values("code", "why").annotate(number=Count("pk")).order_by("-number", "code")
    return [Reason(row["code"], said(row["why"]), row["number"]) for row in rows[:50]]


def items_in_order(job: BulkJob, state: str = "") -> QuerySet[BulkItem]:
    """The refused first, then those that had no turn, then those that are done."""
    rank = {State.REFUSED: 0, State.UNFIT: 0, State.WAITING: 1, State.FITS: 1, State.DONE: 2}
    items = job.items.select_related("ticket")
    if state == "left":
        return items.filter(pk__in=items_left(job)).order_by("place")
    if state == "refused":
        return items.filter(state__in=[State.UNFIT, State.REFUSED]).order_by("place")
    if state == "done":
        return items.filter(state=State.DONE).order_by("place")
    ranked = Case(*(When(state=name, then=Value(n)) for name, n in rank.items()))
    return items.annotate(rank=ranked).order_by("rank", "place")


def items_left(job: BulkJob) -> QuerySet[BulkItem]:
    """Those that another order of the same kind may still do: not reached, or locked by others."""
    unreached = Q(state__in=[State.WAITING, State.FITS, State.UNFIT])
    passing = Q(state=State.REFUSED, code__in=PASSING)
    return job.items.filter(unreached | passing, ticket__isnull=False)


def said(why: Any) -> Both:
    """The words of a kept refusal, in the reader's language and in each."""
    known = why if isinstance(why, dict) else {}
    return Both({"id": str(known.get("id", "")), "en": str(known.get("en", ""))})
