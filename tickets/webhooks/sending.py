"""Carries owed deliveries to their endpoints: claimed by a lease, sent outside every transaction.

A crash between sending and marking sends once more, under the same webhook-id. An endpoint that
fails several times in a row rests; then one delivery tries how it is. One that has failed for three
days, or says 410, is disabled; what is owed to it waits for its owner.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any

from django.db import transaction
from django.db.models import Q

from helpdesk.common import clock, leases
from helpdesk.common.outbound import NotAllowedThere, post
from people.actors import of_user
from tickets.event_feed import PREFIX, VERSION, event_document, told_events
from tickets.models import WebhookDelivery, WebhookEndpoint
from tickets.webhooks.signing import signed_headers

PENDING = WebhookDelivery.State.PENDING
MINUTE, HOUR = 60, 3600
# Seconds between the tries, as the Standard Webhooks scheme proposes: over three days in all.
PAUSES = (
    5,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
)
JITTER = 0.2
LONGEST_WISH = 24 * HOUR
BREAKS_AFTER = 5
LONGEST_REST = HOUR
DISABLED_AFTER = timedelta(hours=72)
GONE = 410
LEASE = timedelta(minutes=2)
AT_ONCE = 20  # of one endpoint in a turn
ENDPOINTS, THREADS = 40, 8
# Below the time limit of a Celery task.
MAX_SECONDS = 25.0
NO_ACCESS = "its owner may not see the ticket any more"


@dataclass(frozen=True)
class Letter:
    """What one try sends, made ready where the database is at hand."""

    delivery: int
    url: str
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Outcome:
    delivery: int
    status: int | None = None
    error: str = ""
    retry_after: float | None = None
    took_ms: int = 0
    tried: bool = True

    @property
    def arrived(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def send_owed() -> int:
    """Send what is due, endpoints beside each other; how many arrived."""
    lease, turns = _claim()
    stop_at, arrived = time.monotonic() + MAX_SECONDS, 0
    if not turns:
        return 0
    with ThreadPoolExecutor(THREADS, thread_name_prefix="webhooks") as pool:
        running = [pool.submit(_send_all, letters, stop_at) for letters in turns]
        for done in as_completed(running):
            for outcome in done.result():
                arrived += _settle(outcome, lease)
    return arrived


def _claim() -> tuple[datetime, list[list[Letter]]]:
    now = clock.now()
    lease = now + LEASE
    due = leases.unleased(WebhookDelivery.objects.filter(state=PENDING, next_try_at__lte=now), now)
    awake = WebhookEndpoint.objects.filter(
        Q(rests_until__isnull=True) | Q(rests_until__lte=now), state=WebhookEndpoint.State.ACTIVE
    )
    waiting = awake.filter(pk__in=due.values("endpoint")).select_related("owner")
    turns = []
    for endpoint in waiting.order_by("pk")[:ENDPOINTS]:
        # After failures one tries how it is; the others wait for what it finds.
        most = 1 if endpoint.failures >= BREAKS_AFTER else AT_ONCE
        rows = due.filter(endpoint=endpoint).order_by("next_try_at", "pk")
        found = leases.take(rows.select_related("event__ticket"), most, lease)
        if letters := _letters(endpoint, found, now):
            turns.append(letters)
    return lease, turns


def _letters(
    endpoint: WebhookEndpoint, found: list[WebhookDelivery], now: datetime
) -> list[Letter]:
    """Access is asked anew at every try: whoever lost it hears no more."""
    actor = of_user(endpoint.owner)
    events = [row.event_id for row in found if row.event_id is not None]
    seen = set(told_events(actor).filter(pk__in=events).values_list("pk", flat=True))
    letters = []
    for row in found:
        if row.event_id is not None and row.event_id not in seen:
            WebhookDelivery.objects.filter(pk=row.pk).update(
                state=WebhookDelivery.State.FAILED, last_error=NO_ACCESS, leased_until=None
            )
            continue
        document = _document(row, at_desk=actor.at_desk)
        body = json.dumps(document, separators=(",", ":"), sort_keys=True).encode()
        headers = signed_headers(endpoint, row.message_id, body, now=now)
        headers |= {"Content-Type": "application/json", "User-Agent": "Tuntas-Webhooks/1"}
        letters.append(Letter(row.pk, endpoint.url, body, headers))
    return letters


def _document(row: WebhookDelivery, *, at_desk: bool) -> dict[str, Any]:
    if row.event is not None:
        return event_document(row.event, at_desk=at_desk)
    return {
        "type": "webhook.test",
        "version": VERSION,
        "timestamp": row.created_at.isoformat(),
        "data": {"example": f"{PREFIX}closed"},
    }


def _send_all(letters: Iterable[Letter], stop_at: float) -> list[Outcome]:
    """One endpoint's, in a thread without a database; after a failure the others wait."""
    outcomes: list[Outcome] = []
    for letter in letters:
        failed = bool(outcomes) and not outcomes[-1].arrived
        if failed or time.monotonic() > stop_at:
            outcomes.append(Outcome(letter.delivery, tried=False))
            continue
        outcomes.append(_send(letter))
    return outcomes


def _send(letter: Letter) -> Outcome:
    begun = time.monotonic()
    status, error, wish = None, "", None
    try:
        answer = post(letter.url, letter.body, letter.headers)
        status, wish = answer.status, answer.retry_after
    except NotAllowedThere as refusal:
        error = f"not sent: {refusal}"
    except (OSError, HTTPException) as fault:
        error = f"{type(fault).__name__}: {fault}"
    took = int((time.monotonic() - begun) * 1000)
    return Outcome(letter.delivery, status, error[:300], wish, took)


@transaction.atomic
def _settle(outcome: Outcome, lease: datetime) -> bool:
    """Write down how it went, unless the lease ran out and somebody else has it."""
    row = leases.held(WebhookDelivery.objects.filter(state=PENDING), outcome.delivery, lease)
    if row is None:
        return False
    row.leased_until = None
    if not outcome.tried:
        row.save(update_fields=["leased_until"])
        return False
    now = clock.now()
    row.attempts += 1
    row.last_try_at, row.last_status, row.took_ms = now, outcome.status, outcome.took_ms
    row.last_error = outcome.error
    if outcome.arrived:
        row.state, row.delivered_at = WebhookDelivery.State.DELIVERED, now
    elif row.attempts > len(PAUSES):
        row.state = WebhookDelivery.State.FAILED
    else:
        row.next_try_at = now + timedelta(seconds=_pause(row.attempts, outcome.retry_after))
    row.save()
    _note(row.endpoint_id, outcome, now)
    return outcome.arrived


def _pause(attempts: int, wish: float | None) -> float:
    usual = PAUSES[attempts - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
    return max(usual, min(wish or 0.0, LONGEST_WISH))


def _note(endpoint_id: int, outcome: Outcome, now: datetime) -> None:
    endpoints = WebhookEndpoint.objects.filter(pk=endpoint_id)
    if outcome.arrived:
        endpoints.exclude(failures=0).update(
            failures=0, failing_since=None, rests_until=None, last_error=""
        )
        return
    endpoint = endpoints.select_for_update().get()
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or now
    endpoint.last_error = outcome.error or f"HTTP {outcome.status}"
    if endpoint.failures >= BREAKS_AFTER:
        rest = min(LONGEST_REST, MINUTE * 2 ** min(endpoint.failures - BREAKS_AFTER, 10))
        endpoint.rests_until = now + timedelta(seconds=rest)
    long_dead = now - endpoint.failing_since >= DISABLED_AFTER
    if endpoint.state == WebhookEndpoint.State.ACTIVE and (outcome.status == GONE or long_dead):
        endpoint.state = WebhookEndpoint.State.DISABLED
    endpoint.save(update_fields=["failures", "failing_since", "last_error", "rests_until", "state"])
