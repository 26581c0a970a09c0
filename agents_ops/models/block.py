"""The block of an agent's account, asked for by a playbook, and the logins that were collected after it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents_ops.models.run import PlaybookRun
from helpdesk.common.random_key import random_key


class AccountBlock(models.Model):
    """One for a run. `asked` is owed to the server (an outbox: the same `key` at every try).

    `logins`: rows of at, ip, device, place as the server told them; erasable.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("being blocked")
        CONFIRMED = "confirmed", _("blocked by the server")
        BY_HAND = "by_hand", _("blocked by hand")

    run = models.OneToOneField(PlaybookRun, on_delete=models.PROTECT, related_name="block")
    key = models.CharField(max_length=32, unique=True, default=random_key, editable=False)
    agent_code = models.CharField(max_length=20)
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    blocked_at = models.DateTimeField(null=True, blank=True)
    reference = models.CharField(max_length=120, blank=True)
    words = models.TextField(blank=True)
    logins = models.JSONField(default=list)
    logins_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=20, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="asked", blocked_at__isnull=True)
                | ~models.Q(state="asked") & models.Q(blocked_at__isnull=False),
                name="account_block_is_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="account_block_owed",
                condition=models.Q(next_try_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.agent_code} {self.state}"

    @property
    def is_done(self) -> bool:
        return self.state != self.State.ASKED
