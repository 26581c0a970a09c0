"""Long work on policies, one job at a time in the whole installation (`helpdesk.common.alone`).

So no two jobs take the workers that others wait for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from helpdesk.common import clock
from helpdesk.common.alone import NotAlone, alone
from helpdesk.common.faults import words_of
from sla.models import PolicyApplication, WhatIf
from sla.models.policy_job import PolicyJob
from sla.services.apply_work import apply_slice, count_moves
from sla.services.replaying import run_what_if

logger = logging.getLogger(__name__)
LOCK = 7_308_241
MAX_ATTEMPTS = 3


def work_on_policies() -> int:
    """Do the oldest jobs until none is left or one asks for a rest; how many steps were made."""
    steps = 0
    with alone(LOCK) as mine:
        while mine and (found := _next()):
            job, work = found
            steps += 1
            if not _attempt(job, work):
                break
    return steps


def _next() -> tuple[PolicyJob, Callable[[PolicyJob], bool]] | None:
    """A what-if before an application: somebody waits for it in front of the page."""
    what_if = WhatIf.objects.filter(state__in=["waiting", "running"]).order_by("id").first()
    if what_if is not None:
        return what_if, run_what_if
    working = PolicyApplication.objects.filter(state__in=["counting", "running"])
    job = working.select_related("policy").order_by("id").first()
    if job is None:
        return None
    return job, count_moves if job.state == PolicyApplication.State.COUNTING else apply_slice


def _attempt(job: PolicyJob, work: Callable[[PolicyJob], bool]) -> bool:
    """False when the job wants to go on later. Counted first, so that a deadly one ends."""
    kind: QuerySet[Any] = type(job).objects.filter(pk=job.pk)  # type: ignore[attr-defined]
    if job.attempts >= MAX_ATTEMPTS:
        kind.update(state="failed", ended_at=clock.now(), error=job.error or "gave up")
        return True
    job.attempts += 1
    kind.update(attempts=job.attempts)
    try:
        finished = work(job)
    except NotAlone:
        logger.warning("%s is left to the next worker: the connection was lost", job)
        return False
    except Exception as error:
        logger.exception("%s failed", job)
        kind.update(error=words_of(error))
        return False
    # It came further without dying: what follows is a new try.
    kind.update(attempts=0)
    return finished
