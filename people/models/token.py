from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.common.scopes import ALL, ANY, WIDER
from people.models.client import ApiClient

PREFIX = "tnt_"


class ApiToken(models.Model):
    """A key of an integrator. Only its hash is kept: what was shown once cannot be shown again.

    `lineage` stays the same through rotations: whoever goes on with a new key goes on with the
    Idempotency-Keys and the rate of the old one.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(_("name"), max_length=80)
    hint = models.CharField(max_length=12, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes: Any = ArrayField(models.CharField(max_length=32), default=list)
    lineage = models.UUIDField(default=uuid.uuid4, editable=False)
    # Empty: a key that an administrator made; else a client fetched it for itself.
    client = models.ForeignKey(
        ApiClient, null=True, blank=True, on_delete=models.CASCADE, related_name="tokens"
    )
    # A supplier's own key: it answers this supplier's complaints and no others.
    supplier = models.CharField(
        _("supplier"), max_length=120, blank=True, default="", db_default=""
    )
    rate_per_minute = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)
    rotated_at = models.DateTimeField(null=True, blank=True, editable=False)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        constraints = [
            models.CheckConstraint(condition=~models.Q(scopes=[]), name="api_token_has_a_scope"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    def allows(self, scope: str | None) -> bool:
        """Whether it reaches so far; None is what no list of scopes can grant."""
        if ALL in self.scopes:
            return True
        return scope is not None and not {scope, WIDER.get(scope)}.isdisjoint((ANY, *self.scopes))

    def works_at(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)

    @staticmethod
    def digest_of(key: str) -> str:
        # A random 256-bit key needs no slow hash: there is nothing to guess.
        return hashlib.sha256(key.encode()).hexdigest()

    @staticmethod
    def new_key() -> str:
        return PREFIX + secrets.token_urlsafe(32)
