"""A webhook with a log, without a receiver."""

from __future__ import annotations

from datetime import timedelta

from helpdesk.common import clock
from people.models import User
from tickets.models import TicketEvent, WebhookDelivery, WebhookEndpoint


def webhook_of(owner: User) -> WebhookEndpoint:
    return WebhookEndpoint.objects.create(
        owner=owner,
        url="https://hook.example/tuntas",
        events=["*"],
        created_at=clock.now(),
        from_event=0,
        salt="s",
    )


def webhook_with_log(owner: User) -> WebhookEndpoint:
    """It fails just now: one event arrived, one was given up, a test waits."""
    now = clock.now()
    made = WebhookEndpoint.objects.create(
        owner=owner,
        url="https://hook.example/tuntas",
        description="Sistem pesanan",
        events=["received", "closed"],
        created_at=now,
        from_event=0,
        salt="s",
        failures=6,
        failing_since=now,
        rests_until=now + timedelta(minutes=2),
        last_error="HTTP 500",
    )
    common = {"endpoint": made, "created_at": now, "next_try_at": now, "attempts": 1}
    first, second = TicketEvent.objects.filter(kind__in=["received", "classified"])[:2]
    WebhookDelivery.objects.bulk_create(
        [
            WebhookDelivery(event=first, state="delivered", last_status=200, took_ms=80, **common),
            WebhookDelivery(event=second, state="failed", last_error="TimeoutError: x", **common),
            WebhookDelivery(event=None, **common),
        ]
    )
    return made
