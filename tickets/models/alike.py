from __future__ import annotations

from django.conf import settings
from django.db import models

from tickets.models.ticket import Ticket


class NotAlike(models.Model):
    """Somebody looked at both tickets: not the same problem. `one` is the ticket with the lower id."""

    one = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+", db_index=False)
    other = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="not_alike_once"),
            models.CheckConstraint(
                condition=models.Q(one__lt=models.F("other")), name="not_alike_lower_first"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} is not {self.other_id}"
