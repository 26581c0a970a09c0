"""Who wants to hear of events, and what is owed to them: followed from the events themselves."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.models.event import TicketEvent

ALL_EVENTS = "*"


class WebhookEndpoint(models.Model):
    """An address that events are sent to. Its secret follows from `salt` and is kept nowhere.

    `from_event`: only later events are sent. `rests_until`: it failed several times in a row.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")
        DISABLED = "disabled", _("disabled")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="webhooks"
    )
    url = models.CharField(max_length=500)
    description = models.CharField(max_length=120, blank=True)
    events: Any = ArrayField(models.CharField(max_length=24))
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    created_at = models.DateTimeField()
    from_event = models.BigIntegerField(editable=False)

    salt = models.CharField(max_length=64, editable=False)
    old_salt = models.CharField(max_length=64, blank=True, editable=False)
    old_salt_until = models.DateTimeField(null=True, blank=True, editable=False)

    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    rests_until = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(events=[]), name="webhook_wants_some_event"),
        ]
        indexes = [models.Index(fields=["owner", "-id"], name="webhook_by_owner")]

    def __str__(self) -> str:
        return self.url

    def wants(self, kind: str) -> bool:
        return ALL_EVENTS in self.events or kind in self.events


class WebhookDelivery(models.Model):
    """One event owed to one endpoint, or a test (no event). `uuid` stays the same at every try."""

    class State(models.TextChoices):
        PENDING = "pending", _("pending")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("given up")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    event = models.ForeignKey(
        TicketEvent, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    state = models.CharField(max_length=9, choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    last_try_at = models.DateTimeField(null=True, blank=True)
    last_status = models.PositiveSmallIntegerField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    took_ms = models.PositiveIntegerField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "event"], name="one_delivery_per_event_and_webhook"
            ),
        ]
        indexes = [
            models.Index(fields=["endpoint", "-id"], name="delivery_latest"),
            models.Index(
                fields=["endpoint", "next_try_at"],
                name="delivery_pending",
                condition=models.Q(state="pending"),
            ),
            models.Index(fields=["created_at"], name="delivery_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.endpoint_id}: {self.event_id or 'test'}"

    @property
    def message_id(self) -> str:
        return f"msg_{self.uuid.hex}"


class WebhookPosition(models.Model):
    """One row: the event up to which deliveries are owed."""

    event_id = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.event_id)
