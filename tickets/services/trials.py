"""Tries a draft of the triage rules on the tickets of the last 30 days, before it is published."""

from __future__ import annotations

import time
from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from helpdesk.common import clock
from helpdesk.common.alone import alone, still_alone
from helpdesk.common.jobs import attempt
from people.actors import Actor
from tickets.models import Classification, Ticket, TriageRules, TriageTrial
from tickets.rule_reads import rule_set
from tickets.services.rulebook import locked_rules_draft, require_sound_rules
from tickets.triage import triage
from tickets.triage_in_force import complaint_of
from tickets.trial import FIELDS, Outcome, Said

LOCK = 7_308_251
DAYS = 30
BATCH = 200
BEAT_SECONDS = 0.7
# Well under the task's limit: what is left goes on with the next wake-up.
SLICE_SECONDS = 30.0
State = TriageTrial.State
OPEN = TriageTrial.OPEN


def start_trial(*, actor: Actor) -> TriageTrial:
    """Try the actor's draft on the last 30 days; an older trial of the actor's is called off.

    Raises InvalidInput where the draft has problems, WrongState without a draft.
    """
    person = actor.require_person("edit_rules")
    now = clock.now()
    with transaction.atomic():
        draft = locked_rules_draft(actor=actor)
        require_sound_rules(draft.body)
        TriageTrial.objects.filter(started_by=person, state__in=OPEN).update(
            state=State.CANCELLED, ended_at=now
        )
        return TriageTrial.objects.create(
            started_by=person,
            created_at=now,
            base_version=draft.base_version,
            body=deepcopy(draft.body),
            since=now - timedelta(days=DAYS),
            until=now,
        )


def cancel_trial(*, actor: Actor, pk: int) -> None:
    """The worker notices within a second."""
    actor.require("edit_rules")
    TriageTrial.objects.filter(pk=pk, started_by=actor.user, state__in=OPEN).update(
        state=State.CANCELLED, ended_at=clock.now()
    )


def work_on_trials() -> int:
    """Go on with the oldest trial until none is left or the time is up; how many slices."""
    steps, began = 0, time.monotonic()
    with alone(LOCK) as mine:
        while mine and time.monotonic() - began < SLICE_SECONDS:
            trial = TriageTrial.objects.filter(state__in=OPEN).order_by("id").first()
            if trial is None:
                break
            steps += 1
            if not attempt(trial, _go_on):
                break
    return steps


def _go_on(trial: TriageTrial) -> bool:
    """A slice of it; False when there is more to do. Each report is a place to go on from."""
    until = time.monotonic() + SLICE_SECONDS
    row = TriageTrial.objects.filter(pk=trial.pk, state__in=OPEN)
    total = _received(trial).count()
    if not row.update(state=State.RUNNING, total=total, beat_at=clock.now()):
        return True
    in_force = TriageRules.objects.get(version=trial.base_version)
    now = rule_set(in_force.body, in_force.version)
    draft = rule_set(trial.body, in_force.version)
    outcome = Outcome.of_json(trial.result.get("outcome", {}))
    beat = time.monotonic()
    last: tuple[datetime, int] | None = None
    for tickets in _batches(trial):
        people = _said_by_people(tickets)
        for ticket in tickets:
            complaint = complaint_of(ticket, ticket.received_at)
            outcome.add(
                ticket.pk, triage(complaint, now), triage(complaint, draft), people.get(ticket.pk)
            )
            last = (ticket.received_at, ticket.pk)
        if time.monotonic() - beat > BEAT_SECONDS:
            beat = time.monotonic()
            if not _report(trial, outcome, last):
                return True
            if beat > until:
                return False
    still_alone()
    row.update(
        state=State.DONE,
        result={"outcome": outcome.as_json()},
        done=outcome.tickets,
        ended_at=clock.now(),
    )
    return True


def _report(trial: TriageTrial, outcome: Outcome, last: tuple[datetime, int] | None) -> bool:
    """Lays aside what was found so far; False when nobody waits for it any more."""
    still_alone()
    place = [last[0].isoformat(), last[1]] if last else None
    kept = {"outcome": outcome.as_json(), "last": place}
    running = TriageTrial.objects.filter(pk=trial.pk, state=State.RUNNING)
    return bool(running.update(done=outcome.tickets, result=kept, attempts=0))


def _received(trial: TriageTrial) -> Any:
    return Ticket.objects.filter(received_at__gte=trial.since, received_at__lte=trial.until)


def _batches(trial: TriageTrial) -> Iterator[list[Ticket]]:
    """The latest first, by the index of receipt, from where the work was left."""
    place = trial.result.get("last")
    last = (datetime.fromisoformat(place[0]), place[1]) if place else None
    wanted = ("channel", "reporter", "tier", "amount_idr", "problem_since", "received_at",
              "subject", "description")  # fmt: skip
    while True:
        rows = _received(trial).order_by("-received_at", "-id").only(*wanted)
        if last is not None:
            rows = rows.filter(
                Q(received_at__lt=last[0]) | Q(received_at=last[0], pk__lt=last[1]),
                received_at__lte=last[0],
            )
        tickets = list(rows[:BATCH])
        if not tickets:
            return
        yield tickets
        last = (tickets[-1].received_at, tickets[-1].pk)


def _said_by_people(tickets: list[Ticket]) -> dict[int, Said]:
    """What an officer last said of each of these tickets, where one did; one query."""
    rows = Classification.objects.filter(
        ticket__in=[ticket.pk for ticket in tickets],
        rules_version=None,
        event__actor__isnull=False,
    )
    return {
        row["ticket_id"]: {name: row[name] for name in FIELDS}
        for row in rows.order_by("id").values("ticket_id", *FIELDS)
    }
