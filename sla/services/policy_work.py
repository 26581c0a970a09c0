"""Long work on policies, one job at a time in the whole installation (`helpdesk.common.alone`).

So no two jobs take the workers that others wait for.
"""

from __future__ import annotations

from collections.abc import Callable

from helpdesk.common.alone import alone
from helpdesk.common.jobs import Job, attempt
from sla.models import PolicyApplication, WhatIf
from sla.services.apply_work import apply_slice, count_moves
from sla.services.replaying import run_what_if

LOCK = 7_308_241


def work_on_policies() -> int:
    """Do the oldest jobs until none is left or one asks for a rest; how many steps were made."""
    steps = 0
    with alone(LOCK) as mine:
        while mine and (found := _next()):
            job, work = found
            steps += 1
            if not attempt(job, work):
                break
    return steps


def _next() -> tuple[Job, Callable[[Job], bool]] | None:
    """A what-if before an application: somebody waits for it in front of the page."""
    what_if = WhatIf.objects.filter(state__in=["waiting", "running"]).order_by("id").first()
    if what_if is not None:
        return what_if, run_what_if
    working = PolicyApplication.objects.filter(state__in=["counting", "running"])
    job = working.select_related("policy").order_by("id").first()
    if job is None:
        return None
    return job, count_moves if job.state == PolicyApplication.State.COUNTING else apply_slice
