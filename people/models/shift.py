from __future__ import annotations

from django.conf import settings
from django.db import models


class Shift(models.Model):
    """When a person is at work; one person's shifts never overlap (people.services.shifts)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="shifts"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ("starts_at", "id")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="shift_ends_later"
            ),
            models.UniqueConstraint(fields=["user", "starts_at"], name="one_shift_at_a_time"),
        ]
        indexes = [models.Index(fields=["ends_at", "starts_at"], name="shift_by_time")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.starts_at:%Y-%m-%d %H:%M}"
