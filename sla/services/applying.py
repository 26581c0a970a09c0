"""A version applied to clocks that run already: by an explicit step, after seeing what moves.

`sla.services.apply_work` does the counting and the moving.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, WrongState
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from sla.models import PolicyApplication, SlaPolicy
from tickets.selectors import open_counts

State = PolicyApplication.State
# A count is confirmed while it is still true: neither old, nor of another load of work.
FRESH_FOR = timedelta(minutes=15)
MORE_OR_LESS = 0.1
A_FEW = 50


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


def start_application(*, actor: Actor, pk: int, seen: datetime | None = None) -> PolicyApplication:
    """Move the deadlines that were counted; `seen` is the `counted_at` that the actor looked at.

    Raises WrongState, Conflict (another one runs; or the count is stale: then it is made anew; or it was
    made anew since the actor looked).
    """
    person = actor.require_person("edit_rules")
    with transaction.atomic():
        job = _locked(pk)
        if job.state != State.READY:
            raise WrongState(_("This was started or called off already."))
        if SlaPolicy.objects.filter(version__gt=job.policy.version).exists():
            raise WrongState(_("A newer version is in force. Apply that one."))
        if seen is not None and seen != job.counted_at:
            raise Conflict(
                _("It was counted anew since you looked. Look again, then confirm."),
                code="counted_anew",
            )
        stale = is_stale(job, clock.now())
        if stale:
            job.state, job.attempts = State.COUNTING, 0
            job.save(update_fields=["state", "attempts"])
        else:
            job.state, job.started_by, job.confirmed_at = State.RUNNING, person, clock.now()
            _save_alone(job)
    if stale:
        raise Conflict(
            _(
                "The count is no longer true: it is older than %(minutes)s minutes, or many tickets "
                "came or went since. It is being made anew. Look at it, then confirm."
            )
            % {"minutes": FRESH_FOR.seconds // 60},
            code="count_stale",
        )
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


def is_stale(job: PolicyApplication, now: datetime) -> bool:
    """Whether what was counted may be far from what would move now."""
    if job.counted_at is None or now - job.counted_at > FRESH_FOR:
        return True
    now_open = sum(line.n for line in open_counts() if not line.field)
    return abs(now_open - job.total) > max(A_FEW, job.total * MORE_OR_LESS)


def _save_alone(job: PolicyApplication) -> None:
    job.done = 0
    try:
        with transaction.atomic():
            job.save(update_fields=["state", "started_by", "confirmed_at", "done"])
    except IntegrityError as error:
        raise Conflict(_("Another version is being applied. Wait for it or stop it.")) from error


def _locked(pk: int) -> PolicyApplication:
    found = PolicyApplication.objects.select_for_update(of=("self",)).select_related("policy")
    job = found.filter(pk=pk).first()
    if job is None:
        raise InvalidInput(_("There is no such application."), code="unknown_application")
    return job
