from __future__ import annotations

from django.db import models


class SweepRun(models.Model):
    """A sweep that found something due: the ledger of the engine. Idle sweeps leave no row.

    `worker` tells processes of one run apart (host name's digest and process number).
    """

    worker = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    oldest_due_at = models.DateTimeField()
    fired = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"sweep {self.pk}"

    @property
    def took(self) -> float | None:
        """Seconds; None while it runs, or when it died."""
        return (self.ended_at - self.started_at).total_seconds() if self.ended_at else None
