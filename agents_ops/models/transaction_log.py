"""The official log of an agent's transactions, as a signed PDF, and who downloaded it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from agents_ops.models.run import PlaybookRun
from tickets.models import StoredFile


class TransactionLog(StoredFile):
    """Of one agent and one span of time; `rows` transactions stand in it."""

    run = models.ForeignKey(PlaybookRun, on_delete=models.PROTECT, related_name="transaction_logs")
    agent_code = models.CharField(max_length=20)
    since = models.DateTimeField()
    until = models.DateTimeField()
    rows = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        ordering = ("-id",)

    @property
    def number(self) -> str:
        """The one that is printed on it."""
        return f"LOG-{self.made_at:%Y%m%d}-{self.key[:8].upper()}"


class TransactionLogDownload(models.Model):
    """Each time that somebody took it along."""

    log = models.ForeignKey(TransactionLog, on_delete=models.PROTECT, related_name="downloads")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.log_id} {self.at:%Y-%m-%d %H:%M}"
