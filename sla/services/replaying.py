"""Tries a draft on the past before it is saved."""

from __future__ import annotations

import time
from copy import deepcopy
from datetime import timedelta
from typing import cast

from django.db import transaction
from django.db.models import F

from helpdesk.common import clock
from helpdesk.common.alone import still_alone
from helpdesk.common.errors import WrongState
from helpdesk.common.jobs import Job
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from sla.models import PolicyDraft, SlaPolicy, WhatIf
from sla.policy_reads import policy_in_force
from sla.services.publishing import require_sound
from sla.what_if import Figures, Judge, Judges, replay
from sla.what_if.reading import count_tickets, read_past

DAYS = 30
BEAT_SECONDS = 0.7
LOOK_EVERY = 200
State = WhatIf.State


def start_what_if(*, actor: Actor) -> WhatIf:
    """Replay the last 30 days under the policy in force and under the actor's draft.

    An older one of the actor's is called off.

    Raises InvalidInput where the draft has problems, WrongState without a draft.
    """
    person = actor.require_person("edit_rules")
    now = clock.now()
    with transaction.atomic():
        draft = PolicyDraft.objects.select_for_update().filter(author=person).first()
        if draft is None:
            raise WrongState(_("You have no draft any more."), code="no_draft")
        require_sound(draft.body)
        WhatIf.objects.filter(started_by=person, state__in=[State.WAITING, State.RUNNING]).update(
            state=State.CANCELLED, ended_at=now
        )
        return WhatIf.objects.create(
            started_by=person,
            created_at=now,
            # What publishing would replace, even if the draft was begun from an older version.
            base_version=policy_in_force(actor=actor).version,
            body=deepcopy(draft.body),
            since=now - timedelta(days=DAYS),
            until=now,
        )


def cancel_what_if(*, actor: Actor, pk: int) -> None:
    """The worker notices within a second."""
    actor.require("edit_rules")
    WhatIf.objects.filter(
        pk=pk, started_by=actor.user, state__in=[State.WAITING, State.RUNNING]
    ).update(state=State.CANCELLED, ended_at=clock.now())


def run_what_if(job: Job) -> bool:
    """The whole replay; from the beginning again if a worker died over it."""
    what_if = cast("WhatIf", job)
    row = WhatIf.objects.filter(pk=what_if.pk, state__in=[State.WAITING, State.RUNNING])
    total = count_tickets(what_if.since, what_if.until)
    now = clock.now()
    if not row.update(state=State.RUNNING, done=0, total=total, beat_at=now):
        return True
    result = _replayed(what_if, total)
    if result is not None:
        still_alone()
        row.update(
            state=State.DONE,
            result=result.as_json() | {"new_pauses": new_pauses(what_if)},
            done=F("total"),
            ended_at=clock.now(),
        )
    return True


def _replayed(what_if: WhatIf, total: int) -> Figures | None:
    """None when it was called off meanwhile."""
    # A clock in the span may have begun on a ticket long before: its runs never lie before `since`.
    first = what_if.since - timedelta(days=1)
    base = SlaPolicy.objects.get(version=what_if.base_version)
    judges = Judges(Judge(base.body, first), Judge(what_if.body, first))
    since, until = what_if.since.timestamp(), what_if.until.timestamp()
    figures, beat = Figures(), time.monotonic()
    past = read_past(what_if.since, what_if.until)
    for done, (ticket, lines, marks, recasts) in enumerate(past, 1):
        for judged in replay(ticket, lines, marks, judges, since, until, recasts):
            figures.add(judged)
        if done % LOOK_EVERY == 0 and time.monotonic() - beat > BEAT_SECONDS:
            beat = time.monotonic()
            if not _report(what_if, min(done, total)):
                return None
    return figures


def _report(what_if: WhatIf, done: int) -> bool:
    """Writes how far it is; False when nobody waits for it any more."""
    still_alone()
    return bool(WhatIf.objects.filter(pk=what_if.pk, state=State.RUNNING).update(done=done))


def new_pauses(what_if: WhatIf) -> list[str]:
    """Promises whose pauses the draft changes: people might have acted otherwise."""
    base = SlaPolicy.objects.get(version=what_if.base_version).body.get("pauses", {})
    new = what_if.body.get("pauses", {})
    return sorted(
        metric for metric in {*base, *new} if set(base.get(metric, ())) != set(new.get(metric, ()))
    )
