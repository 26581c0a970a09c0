from __future__ import annotations

from django.db import models

KEPT = 50


class AuditRound(models.Model):
    """One nightly comparison of all tickets with their history, and how far it came.

    `last_ticket` is the place from which the next slice goes on, `tickets` counts the open ones
    looked at. `found` keeps the first KEPT differences: `[{"ticket": number, "what": words}]`.
    """

    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    last_ticket = models.BigIntegerField(default=0)
    tickets = models.PositiveIntegerField(default=0)
    differences = models.PositiveIntegerField(default=0)
    found = models.JSONField(default=list)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                condition=models.Q(ended_at__isnull=True),
                name="one_audit_round_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"audit {self.pk}"
