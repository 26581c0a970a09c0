from __future__ import annotations

import secrets
import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

PREFIX = "tnc_"
SECRET_PREFIX = "tns_"  # noqa: S105 - what every secret begins with


class ApiClient(models.Model):
    """A connected system that fetches its own tokens, each good for an hour (OAuth 2.0).

    It acts as its account. Only the hash of its secret is kept. All its tokens are of one `lineage`:
    one rate, and Idempotency-Keys that outlive the hour.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_clients"
    )
    name = models.CharField(max_length=80)
    client_id = models.CharField(max_length=40, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    scopes: Any = ArrayField(models.CharField(max_length=32))
    lineage = models.UUIDField(default=uuid.uuid4, editable=False)
    rate_per_minute = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(scopes=[]), name="api_client_has_a_scope"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.client_id})"

    @staticmethod
    def new_id() -> str:
        return PREFIX + secrets.token_hex(12)

    @staticmethod
    def new_secret() -> str:
        return SECRET_PREFIX + secrets.token_urlsafe(32)
