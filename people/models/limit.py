from __future__ import annotations

from django.db import models


class AttemptWindow(models.Model):
    """How often something was tried by one source in one window of time."""

    key = models.CharField(max_length=64, primary_key=True)
    ends_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.key[:8]}… {self.count}"
